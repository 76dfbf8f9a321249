import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Principal } from '../http/index.ts';
import { RobotReminderStore } from './robot-reminder.store.ts';

let test: TestDatabase;
const DAY = 24 * 3600 * 1000;
const now = new Date('2026-06-15T12:00:00Z');
const times = { from: new Date(now.getTime() - 14 * DAY), now, until: new Date(now.getTime() + 7 * DAY) };
const user = (id: number, isSysadmin: boolean): Principal =>
  ({ kind: 'user', id, username: `u${id}`, isSysadmin }) as Principal;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  await database.query(`insert into users (username) values ('mine'), ('other')`);
  await database.query(`insert into projects (name, owner_id) values ('web', 1), ('far', 1)`);
  await database.query(
    `insert into project_members (project_id, entity_type, entity_id, role_id)
     select p.id, 'u', u.id, case when u.username = 'mine' then 1 else 5 end from projects p, users u
     where p.name = 'web' and u.username in ('mine', 'other')`,
  );
  const robots: [string | null, string, number | null, boolean][] = [
    ['web', 'soon', 3, false],
    ['web', 'over', -2, true],
    ['web', 'off', 3, true],
    ['web', 'later', 30, false],
    ['web', 'long-over', -40, true],
    ['web', 'for-ever', null, false],
    ['far', 'elsewhere', 3, false],
    [null, 'system', 5, false],
  ];
  for (const [project, name, days, disabled] of robots) {
    await database.query(
      `insert into robots (project_id, name, secret_hash, duration_days, creator_type, creator_id, expires_at, is_disabled)
       values ((select id from projects where name = $1), $2, '\\x00', -1, 'local', 1, $3, $4)`,
      [project, name, days === null ? null : new Date(now.getTime() + days * DAY), disabled],
    );
  }
});
afterAll(() => test.close());

it('reminds of robots near their end, the soonest first, only where the user may list them', async () => {
  const store = new RobotReminderStore(test.database);
  const names = async (principal: Principal, ofSystem: boolean) =>
    (await store.list(principal, times, ofSystem)).map((row) => row.name);
  const [{ mine, other }] = (await test.database.query(
    `select (select id from users where username = 'mine') as mine, (select id from users where username = 'other') as other`,
  )) as [{ mine: number; other: number }];
  expect(await names(user(mine, false), false)).toEqual(['over', 'soon']);
  // A limited guest does not see robots.
  expect(await names(user(other, false), false)).toEqual([]);
  expect(await names(user(mine, true), true)).toEqual(['over', 'soon', 'elsewhere', 'system']);
});
