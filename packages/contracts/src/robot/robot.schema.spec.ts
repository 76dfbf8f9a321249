import { describe, expect, it } from 'vitest';
import { errorCodeOfIssues } from '../wire/names.ts';
import { robotCreation, robotSecretChange, robotUpdate } from './robot.schema.ts';

const access = [{ resource: 'repository', action: 'push' }];
const valid = {
  name: 'ci',
  level: 'project',
  duration: 30,
  permissions: [{ kind: 'project', namespace: 'library', access }],
};

function refusal(change: object): string | null {
  const result = robotCreation.safeParse({ ...valid, ...change });
  return result.success ? null : errorCodeOfIssues(result.error.issues);
}

it('takes a robot as Harbor clients send it', () => {
  expect(refusal({})).toBeNull();
  expect(refusal({ description: '', secret: '', disable: false, duration: -1 })).toBeNull();
  expect(
    refusal({ permissions: [{ kind: 'system', namespace: '/', access: [{ ...access[0], effect: 'allow' }] }] }),
  ).toBeNull();
});

describe('refuses', () => {
  it.each([
    ['a name with the project separator', { name: 'library+ci' }, 'BAD_REQUEST'],
    ['a life of no days', { duration: 0 }, 'BAD_REQUEST'],
    ['a weak secret', { secret: 'abc' }, 'BAD_REQUEST'],
    ['a life below -1', { duration: -2 }, 'UNPROCESSABLE_ENTITY'],
    ['a life above 31 bits', { duration: 2 ** 31 }, 'UNPROCESSABLE_ENTITY'],
    ['no permissions', { permissions: [] }, 'UNPROCESSABLE_ENTITY'],
    ['an unknown level', { level: 'admin' }, 'UNPROCESSABLE_ENTITY'],
    [
      'an effect other than allow',
      { permissions: [{ kind: 'project', namespace: 'a', access: [{ ...access[0], effect: 'deny' }] }] },
      'UNPROCESSABLE_ENTITY',
    ],
    ['fields the server sets', { creator_ref: 1 }, 'UNPROCESSABLE_ENTITY'],
  ])('%s', (_what, change, code) => {
    expect(refusal(change)).toBe(code);
  });
});

it('takes the whole robot back in an update', () => {
  const shown = {
    ...valid,
    id: 1,
    name: 'robot$library+ci',
    description: '',
    editable: true,
    disable: false,
    expires_at: -1,
    creator_type: 'local',
    creator_ref: 1,
    creation_time: '2026-01-01T00:00:00.000Z',
    update_time: '2026-01-01T00:00:00.000Z',
  };
  expect(robotUpdate.safeParse(shown).success).toBe(true);
  expect(robotUpdate.safeParse({ ...shown, project_id: 2 }).success).toBe(false);
});

it('rotates to a given or a random secret, with an overlap of at most 30 days', () => {
  expect(robotSecretChange.safeParse({}).success).toBe(true);
  expect(robotSecretChange.safeParse({ secret: '', overlap_hours: 24 }).success).toBe(true);
  expect(robotSecretChange.safeParse({ secret: 'Abcdefg1' }).success).toBe(true);
  expect(robotSecretChange.safeParse({ overlap_hours: 721 }).success).toBe(false);
  expect(robotSecretChange.safeParse({ overlap_hours: -1 }).success).toBe(false);
});
