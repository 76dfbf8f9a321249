import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChecklistStore } from './checklist.store.ts';

describe('the checklist', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.query(`insert into users (username) values ('mine'), ('other')`);
  });
  afterAll(() => test.close());

  it('ticks each step when it is taken in a project of the user', async () => {
    const store = new ChecklistStore(test.database);
    const steps = [
      `with p as (insert into projects (name, owner_id) values ('web', 1) returning id)
       insert into project_members (project_id, entity_type, entity_id, role_id) select id, 'u', 1, 1 from p`,
      `insert into repositories (project_id, name, first_pushed_at) values (1, 'web/app', now())`,
      `insert into pull_records (repository_id, digest, pulls, last_pulled_at) values (1, '\\x12', 1, now())`,
      `insert into project_members (project_id, entity_type, entity_id, role_id) values (1, 'u', 2, 3)`,
      `insert into robots (project_id, name, secret_hash, duration_days, creator_type, creator_id) values (1, 'ci', '\\x00', -1, 'local', 1)`,
    ];
    const ticked = async (userId: number) => Object.values(await store.read(userId)).filter(Boolean).length;
    expect(await ticked(1)).toBe(0);
    for (const [index, step] of steps.entries()) {
      await test.database.query(step);
      expect(await ticked(1)).toBe(index + 1);
    }
    await test.database.query('delete from project_members where entity_id = 2');
    expect(await ticked(2)).toBe(0);
    await test.database.query('update projects set deleted_at = now()');
    expect(await ticked(1)).toBe(0);
  });
});
