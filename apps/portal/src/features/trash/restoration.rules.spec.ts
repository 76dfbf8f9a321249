import { expect, test } from 'vitest';
import { NO_WISHES, restorationOf } from './restoration.rules.ts';

test('without wishes it comes back as it was', () => {
  expect(restorationOf(NO_WISHES)).toEqual({ merge: false, skip_taken_tags: false, tags: [] });
});

test('taken tags get another name or are left out; an empty name is no wish yet', () => {
  const tags = new Map([
    ['v1', 'v1-old'],
    ['latest', null],
    ['v2', ''],
  ]);
  expect(restorationOf({ ...NO_WISHES, tags }).tags).toEqual([
    { name: 'v1', as: 'v1-old' },
    { name: 'latest', as: null },
  ]);
});

test('another repository is named only when it has a name', () => {
  expect(restorationOf({ ...NO_WISHES, repository: '' })).not.toHaveProperty('repository');
  expect(restorationOf({ ...NO_WISHES, repository: 'app-2' })).toMatchObject({ repository: 'app-2' });
});
