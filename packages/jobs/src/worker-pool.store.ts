import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database } from '@moorage/database';

/** This worker process as others see it: a row that lives as long as it gives signs of life. */
export class WorkerPool {
  readonly id = randomUUID();
  readonly #database: Database;
  readonly #concurrency: number;

  constructor(database: Database, concurrency: number) {
    this.#database = database;
    this.#concurrency = concurrency;
  }

  async register(): Promise<void> {
    await this.#database.query(
      `with dead as (delete from worker_pools where heartbeat_at < now() - interval '1 hour')
       insert into worker_pools (id, host, pid, concurrency) values ($1, $2, $3, $4)
       on conflict (id) do update set heartbeat_at = now()`,
      [this.id, hostname(), process.pid, this.#concurrency],
    );
  }

  /** A sign of life. A row that somebody removed comes back. */
  async beat(): Promise<void> {
    const rows = await this.#database.query('update worker_pools set heartbeat_at = now() where id = $1 returning 1', [
      this.id,
    ]);
    if (rows.length === 0) await this.register();
  }

  async leave(): Promise<void> {
    await this.#database.query('delete from worker_pools where id = $1', [this.id]);
  }
}
