import { expect, test } from 'vitest';
import { buildStepsOf, dependenciesOf, filesOf } from './addition-content.rules.ts';

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

test('steps of a build come in order, with what made no layer marked', () => {
  const text = JSON.stringify([
    { created: '2026-01-01T00:00:00Z', created_by: 'COPY . /app' },
    { created_by: 'ENV A=b', empty_layer: true, comment: 'buildkit' },
  ]);
  expect(buildStepsOf(text)).toEqual([
    { command: 'COPY . /app', comment: '', created: '2026-01-01T00:00:00Z', empty: false },
    { command: 'ENV A=b', comment: 'buildkit', created: '', empty: true },
  ]);
});
