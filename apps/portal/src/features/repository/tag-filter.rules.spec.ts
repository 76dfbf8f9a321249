import { expect, test } from 'vitest';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { isTagFilter, tagConditions, wideConditions } from './tag-filter.rules.ts';

const NOW = new Date('2026-11-21T17:30:45Z');
const q = (search: object) => listQueryText(tagConditions(search as never, NOW));

test('a plain address asks for everything', () => {
  expect(q({})).toBeUndefined();
  expect(isTagFilter({})).toBe(false);
});

test('every filter of the address is a condition of the list', () => {
  expect(q({ q: 'v1', type: 'IMAGE', platform: 'linux/arm64', by: 'ci', label: '7', kept: 'true' })).toBe(
    'name=~v1,type=IMAGE,platform=linux/arm64,pushed_by=ci,labels=7,immutable=true',
  );
});

test('spans of time begin at midnight, so that the address of a list lasts a day', () => {
  expect(q({ pulled: 'week' })).toBe('pull_time=[2026-11-14T00:00:00Z~]');
  expect(q({ pulled: 'not30' })).toBe('pull_time=[~2026-10-22T00:00:00Z]');
  expect(q({ pulled: 'never' })).toBe('pull_time=[~0001-01-02T00:00:00Z]');
});

test('facets count what the search alone leaves', () => {
  expect(listQueryText(wideConditions({ q: 'v1', type: 'CHART', by: 'ci' } as never, NOW))).toBe('name=~v1');
});
