import { expect, test } from 'vitest';
import { dependenciesOf, filesOf } from './addition-content.rules.ts';

test('dependencies come by name, version and repository; what is none is left out', () => {
  const text = JSON.stringify([{ name: 'redis', version: '1.2.3', repository: 'https://charts.example' }, 7, null, {}]);
  expect(dependenciesOf(text)).toEqual([
    { name: 'redis', version: '1.2.3', repository: 'https://charts.example' },
    { name: '', version: '', repository: '' },
  ]);
  expect(dependenciesOf('no json')).toEqual([]);
});

test('files are flattened with their depth, folders first before what they hold', () => {
  const text = JSON.stringify([
    { name: 'weights', type: 'directory', children: [{ name: 'a.bin', type: 'file', size: 12 }] },
    { name: 'README.md', type: 'file', size: 3 },
  ]);
  expect(filesOf(text)).toEqual([
    { path: 'weights', name: 'weights', depth: 0, folder: true, size: undefined },
    { path: 'weights/a.bin', name: 'a.bin', depth: 1, folder: false, size: 12 },
    { path: 'README.md', name: 'README.md', depth: 0, folder: false, size: 3 },
  ]);
});

test('a tree of absurd depth ends', () => {
  let node: object = { name: 'end' };
  for (let depth = 0; depth < 500; depth++) node = { name: 'x', children: [node] };
  expect(filesOf(JSON.stringify([node])).length).toBeLessThan(50);
});
