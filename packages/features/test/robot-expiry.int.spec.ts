import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RobotExpiryStore } from '../src/robot-expiry/robot-expiry.store.ts';

let test: TestDatabase;
let store: RobotExpiryStore;
const now = new Date('2026-11-25T10:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

beforeAll(async () => {
  test = await createTestDatabase();
  store = new RobotExpiryStore(test.database);
  await test.database.query(
    `insert into users (id, username) overriding system value values (1, 'admin') on conflict do nothing`,
  );
});
afterAll(() => test.close());

async function robot(name: string, expiresAt: Date | null, isDisabled = false): Promise<void> {
  await test.database.query(
    `insert into robots (name, secret_hash, duration_days, expires_at, is_disabled, creator_type, creator_id)
     values ($1, '\\x00', 30, $2, $3, 'local', 1)`,
    [name, expiresAt, isDisabled],
  );
}

const events = async (name: string): Promise<string[]> =>
  (
    await test.database.query<{ robot: string }>(
      `select payload->'data'->>'name' as robot from outbox_events where name = $1 order by id`,
      [name],
    )
  ).map((row) => row.robot);

describe('robots at the end of their lives', () => {
  it('are announced once for each expiry, and disabled once it has come', async () => {
    await robot('never', null);
    await robot('far', inDays(30));
    await robot('near', inDays(5));
    await robot('off', inDays(5), true);
    await robot('over', inDays(-1));
    expect(await store.disableExpired('robot$', now)).toBe(1);
    expect(await store.announce('robot$', now, inDays(14))).toBe(1);
    expect([await store.disableExpired('robot$', now), await store.announce('robot$', now, inDays(14))]).toEqual([
      0, 0,
    ]);
    expect([await events('robot.expired'), await events('robot.expires-soon')]).toEqual([
      ['robot$over'],
      ['robot$near'],
    ]);
    const rows = await test.database.query<{ name: string; credential_version: number }>(
      `select name, credential_version from robots where is_disabled and name <> 'off'`,
    );
    expect(rows).toEqual([{ name: 'over', credential_version: 2 }]);
    await test.database.query(`update robots set expires_at = $1 where name = 'near'`, [inDays(10)]);
    expect(await store.announce('robot$', now, inDays(14))).toBe(1);
  });

  it('are all dealt with, however many', async () => {
    await test.database.query(
      `insert into robots (name, secret_hash, duration_days, expires_at, creator_type, creator_id)
       select 'many' || n, '\\x00', 1, $1, 'local', 1 from generate_series(1, 1201) as n`,
      [inDays(-2)],
    );
    expect(await store.disableExpired('robot$', now)).toBe(1201);
  });
});
