import type { Settings } from '@moorage/contracts';
import type { Database, Sql, Transaction } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { settingsOf } from './settings.rules.ts';

const CHANGE_LOCK = 4_120_261_123;

/** What is written, and the event that tells of it. */
export interface SettingsChange {
  readonly values: Partial<Settings>;
  readonly event: DomainEvent;
}

/** Changed settings in SQL; what has no row has its default. */
export class SettingsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  load(): Promise<Settings> {
    return load(this.#database);
  }

  /** Changes settings with the event that tells of it. `decide` sees the present ones under a lock; null leaves them. */
  async change(
    username: string,
    decide: (current: Settings) => SettingsChange | null,
    also?: (transaction: Transaction, before: Settings) => Promise<void>,
  ): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('select pg_advisory_xact_lock($1)', [CHANGE_LOCK]);
      const before = await load(transaction);
      await also?.(transaction, before);
      const change = decide(before);
      if (change === null) return;
      const entries = Object.entries(change.values);
      await transaction.query(
        `insert into settings (key, value, updated_by)
         select key, value, $3 from unnest($1::text[], $2::jsonb[]) as given (key, value)
         on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`,
        [entries.map(([key]) => key), entries.map(([, value]) => JSON.stringify(value)), username],
      );
      await appendEvents(transaction, [change.event]);
    });
  }
}

async function load(database: Sql): Promise<Settings> {
  return settingsOf(await database.query<{ key: string; value: unknown }>('select key, value from settings'));
}
