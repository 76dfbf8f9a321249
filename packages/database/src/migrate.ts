import pg from 'pg';
import { MIGRATIONS } from './migrations/index.ts';

/** Any number; all processes of one database use the same. */
const MIGRATION_LOCK = 4_120_261_121;

/**
 * Runs the migrations that are missing, each in a transaction of its own, while other processes wait. The migration
 * runner is loaded only when there is something to do.
 */
export async function runMigrations(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'moorage-migrate' });
  // The statement under way fails when the connection breaks.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (await isCurrent(client)) return;
    const { DataSource } = await import('typeorm');
    const source = new DataSource({
      type: 'postgres',
      url,
      migrations: [...MIGRATIONS],
      migrationsTableName: 'migrations',
    });
    await source.initialize();
    try {
      await source.runMigrations({ transaction: 'each' });
    } finally {
      await source.destroy();
    }
  } finally {
    await client.end();
  }
}

async function isCurrent(client: pg.Client): Promise<boolean> {
  const exists = await client.query<{ name: string | null }>("select to_regclass('migrations') as name");
  if (exists.rows[0]?.name === null) return false;
  const done = await client.query<{ name: string }>('select name from migrations');
  const names = new Set(done.rows.map(({ name }) => name));
  return MIGRATIONS.every((migration) => names.has(new migration().name));
}
