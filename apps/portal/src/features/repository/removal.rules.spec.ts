import { expect, test } from 'vitest';
import { removalOf, shareDone, surprises, takesLong } from './removal.rules.ts';

const tags = [
  { name: 'v1', digest: 'sha256:a' },
  { name: 'v1.0', digest: 'sha256:a' },
  { name: 'v2', digest: 'sha256:b' },
];

test('tags are named when they are taken off, their artifacts once each when those are deleted', () => {
  expect(removalOf('untag', { tags, matching: undefined })).toEqual({ mode: 'untag', tags: ['v1', 'v1.0', 'v2'] });
  expect(removalOf('delete', { tags, matching: undefined })).toEqual({
    mode: 'delete',
    digests: ['sha256:a', 'sha256:b'],
  });
});

test('all that match are told by their filter, not by what the page shows', () => {
  expect(removalOf('delete', { tags, matching: { q: 'name=~rc' } })).toEqual({
    mode: 'delete',
    matching: { kind: 'tags', q: 'name=~rc' },
  });
  expect(removalOf('untag', { tags: [], matching: { q: undefined } }).matching).toEqual({ kind: 'tags', q: '' });
});

test('only what stayed unannounced is a surprise', () => {
  const row = (name: string) => ({ kind: 'tag', name, digest: 'sha256:a' });
  expect(surprises([row('v1'), row('v2')], [row('v1')])).toEqual([row('v2')]);
});

test('some hundred go at once, thousands in the background, and what stayed counts as looked at', () => {
  expect(takesLong(200)).toBe(false);
  expect(takesLong(2_500)).toBe(true);
  expect(shareDone({ total: 200, removed: 90, kept: 10 })).toBe(50);
  expect(shareDone({ total: 0, removed: 0, kept: 0 })).toBe(100);
});
