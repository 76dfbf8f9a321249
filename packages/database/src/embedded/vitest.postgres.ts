import { startTestPostgres } from './test-postgres.ts';

/**
 * One PostgreSQL for a whole run of vitest. Tests and the processes they start find it in MOORAGE_TEST_DATABASE_URL, as
 * a role that may create databases; a server named there beforehand is used instead.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env.MOORAGE_TEST_DATABASE_URL) return async () => {};
  // Plans must not hang on whether the server has looked at the tables by itself yet.
  const server = await startTestPostgres({ autovacuum: 'off' });
  process.env.MOORAGE_TEST_DATABASE_URL = server.url;
  return async () => {
    delete process.env.MOORAGE_TEST_DATABASE_URL;
    await server.stop();
  };
}
