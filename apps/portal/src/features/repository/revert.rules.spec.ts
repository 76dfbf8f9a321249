import { expect, test } from 'vitest';
import { revertsOf } from './revert.rules.ts';

const move = {
  id: 1,
  tag: 'v1',
  operation: 'push',
  by: 'ci',
  time: '2026-11-21T00:00:00Z',
  exists: true,
  in_trash: false,
};

test('a tag that moved can go back to either side', () => {
  expect(revertsOf({ ...move, old_digest: 'sha256:a', new_digest: 'sha256:b' })).toEqual([
    { id: 'undo', digest: 'sha256:a', gone: null },
    { id: 'again', digest: 'sha256:b', gone: null },
  ]);
});

test('a new tag has no older side, a removed one no newer', () => {
  expect(revertsOf({ ...move, new_digest: 'sha256:b' }).map((way) => way.id)).toEqual(['again']);
  expect(revertsOf({ ...move, old_digest: 'sha256:a', exists: false }).map((way) => way.id)).toEqual(['undo']);
});

test('what was deleted says whether the trash has it', () => {
  expect(revertsOf({ ...move, new_digest: 'sha256:b', exists: false })[0]?.gone).toBe('gone');
  expect(revertsOf({ ...move, new_digest: 'sha256:b', exists: false, in_trash: true })[0]?.gone).toBe('inTrash');
});
