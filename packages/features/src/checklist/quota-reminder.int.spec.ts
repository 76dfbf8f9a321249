import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Principal } from '../http/index.ts';
import { QuotaReminderStore } from './quota-reminder.store.ts';

let test: TestDatabase;
const user = (id: number, isSysadmin = false): Principal =>
  ({ kind: 'user', id, username: `u${id}`, isSysadmin }) as Principal;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  await database.query(`insert into users (username) values ('member'), ('other')`);
  // Limit and usage in bytes, soft limit, limit and number of artifacts.
  const projects: [string, number, number, number | null, number, number][] = [
    ['roomy', 100, 79, null, -1, 5],
    ['near', 100, 60, null, -1, 0],
    ['full', 100, 100, null, -1, 0],
    ['many', -1, 10, null, 10, 9],
    ['soft', -1, 50, 40, -1, 0],
    ['endless', -1, 1000, null, -1, 9],
    ['foreign', 100, 99, null, -1, 0],
  ];
  for (const [name, hard, used, soft, hardArtifacts, artifacts] of projects) {
    await database.query(
      `with p as (insert into projects (name, owner_id) values ($1, 1) returning id)
       insert into quotas (project_id, hard_bytes, used_bytes, soft_bytes, hard_artifacts, used_artifacts)
       select id, $2, $3, $4, $5, $6 from p
       on conflict (project_id) do update set hard_bytes = $2, used_bytes = $3, soft_bytes = $4, hard_artifacts = $5, used_artifacts = $6`,
      [name, hard, used, soft, hardArtifacts, artifacts],
    );
  }
  await database.query(
    `insert into project_members (project_id, entity_type, entity_id, role_id)
     select id, 'u', (select id from users where username = 'member'), 3 from projects where name <> 'foreign'`,
  );
  // Not folded yet, and counted all the same.
  await database.query(`insert into quota_ledger (project_id, bytes) select id, 25 from projects where name = 'near'`);
});
afterAll(() => test.close());

it('reminds of projects near a limit, the fullest first, only where the user may see the quota', async () => {
  const store = new QuotaReminderStore(test.database);
  const [{ member, other }] = (await test.database.query(
    `select (select id from users where username = 'member') as member, (select id from users where username = 'other') as other`,
  )) as [{ member: number; other: number }];
  const names = async (principal: Principal) => (await store.list(principal, 80)).map((row) => row.project_name);
  expect(await names(user(member))).toEqual(['full', 'many', 'near', 'soft']);
  expect(await names(user(other))).toEqual([]);
  expect(await names(user(other, true))).toEqual(['full', 'foreign', 'many', 'near', 'soft']);
  expect((await store.list(user(member), 80))[0]).toEqual({
    project_name: 'full',
    hard: { storage: 100, count: -1 },
    used: { storage: 100, count: 0 },
    full: true,
  });
});
