import { randomBytes } from 'node:crypto';
import { Database } from '@moorage/database';
import pg from 'pg';

export interface TestDatabase {
  readonly database: Database;
  /** For processes and second connections. */
  readonly url: string;
  /** Disconnects and drops the database. */
  close(): Promise<void>;
}

const TEMPLATE = 'moorage_test_template';
const TEMPLATE_LOCK = 20_261_121;

/** A migrated database of its own for one test file, copied from a template that is migrated once a run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.MOORAGE_TEST_DATABASE_URL;
  if (!serverUrl)
    throw new Error('MOORAGE_TEST_DATABASE_URL is not set: run this file in the vitest project "integration"');
  const name = `moorage_test_${randomBytes(6).toString('hex')}`;
  await withServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await ensureTemplate(client, serverUrl);
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
  const url = urlOf(serverUrl, name);
  const database = await openDatabase(url);
  return {
    database,
    url,
    close: async () => {
      await database.close();
      await withServer(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function ensureTemplate(client: pg.Client, serverUrl: string): Promise<void> {
  const { rows } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [TEMPLATE]);
  if (rows.length > 0) return;
  await client.query(`drop database if exists ${TEMPLATE} with (force)`);
  await client.query(`create database ${TEMPLATE}`);
  const database = await openDatabase(urlOf(serverUrl, TEMPLATE));
  await database.migrate();
  await database.close();
  await client.query(`alter database ${TEMPLATE} is_template true`);
}

function openDatabase(url: string): Promise<Database> {
  return Database.open({
    url,
    poolSize: 20,
    applicationName: 'moorage-test',
    onConnectionError: () => undefined,
    // On a machine under load what seeds much, and what fifty do at once, takes many times as long.
    timeoutsMs: { statement: 200_000, connection: 200_000 },
  });
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function withServer(serverUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
