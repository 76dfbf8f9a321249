import { expect, test } from 'vitest';
import { draftOf, isComplete, repositorySelectors, selectorsOf, tagSelectors } from './selector.rules.ts';

test('selectors come back from the API as they were sent', () => {
  const selectors = [
    { excludes: false, pattern: 'v*' },
    { excludes: true, pattern: '*-rc*' },
  ];
  expect(selectorsOf(tagSelectors(selectors))).toEqual(selectors);
  expect(selectorsOf(repositorySelectors(selectors))).toEqual(selectors);
  expect(repositorySelectors(selectors).map((entry) => entry.decoration)).toEqual(['repoMatches', 'repoExcludes']);
});

test('a rule without selectors begins with everything, each row with a key of its own', () => {
  expect(draftOf([])).toEqual([{ key: 0, excludes: false, pattern: '**' }]);
  expect(
    draftOf(selectorsOf(tagSelectors([1, 2].map((n) => ({ excludes: false, pattern: `v${n}` }))))).map(
      (row) => row.key,
    ),
  ).toEqual([0, 1]);
});

test('a blank pattern says nothing', () => {
  expect(isComplete([{ excludes: false, pattern: ' ' }])).toBe(false);
  expect(isComplete([])).toBe(false);
  expect(isComplete([{ excludes: false, pattern: ' v* ' }])).toBe(true);
  expect(tagSelectors([{ excludes: false, pattern: ' v* ' }])[0]?.pattern).toBe('v*');
});
