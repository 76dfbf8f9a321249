import type { LiveEvent } from '@moorage/contracts';
import { expect, test } from 'vitest';
import { artifactRowsOf, tagRowsOf } from './push-event.rules.ts';

const pushed = (data: LiveEvent['data'], name = 'artifact.pushed'): LiveEvent => ({
  id: '1',
  name,
  occurred_at: '2026-01-01T00:00:00Z',
  topics: [],
  data,
});
const byDigest = pushed({ created: true, tags: [] });
const thenByTag = pushed({ created: false, tags: [{ name: 'v1', previousDigest: null }] });

test('a push by digest and then by tag is one new tag and one new artifact', () => {
  expect([byDigest, thenByTag].map(tagRowsOf)).toEqual([0, 1]);
  expect([byDigest, thenByTag].map((event) => artifactRowsOf(event, undefined))).toEqual([1, 0]);
  expect([byDigest, thenByTag].map((event) => artifactRowsOf(event, 'tagged'))).toEqual([0, 1]);
});

test('a push with several tags brings as many tags and one artifact', () => {
  const event = pushed({ created: true, tags: [{ name: 'v1' }, { name: 'latest' }] });
  expect(tagRowsOf(event)).toBe(2);
  expect(artifactRowsOf(event, undefined)).toBe(1);
});

test('other events bring no rows', () => {
  expect(tagRowsOf(pushed({ tags: [{ name: 'v1' }] }, 'tag.deleted'))).toBe(0);
  expect(artifactRowsOf(pushed({ created: true }, 'artifact.deleted'), undefined)).toBe(0);
});
