import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from './database.ts';

let database: Database;
beforeAll(async () => {
  database = await Database.open({
    url: process.env.MOORAGE_TEST_DATABASE_URL ?? '',
    poolSize: 2,
    applicationName: 'moorage-test',
    onConnectionError: () => {},
  });
});
afterAll(() => database?.close());

describe('a connection that breaks', () => {
  it('fails the transaction that holds it, and nothing else', async () => {
    const broken = database.transaction(async (transaction) => {
      const [own] = await transaction.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1, 10000)', [own?.pid]);
      await transaction.query('select 1');
    });
    await expect(broken).rejects.toThrow();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});
