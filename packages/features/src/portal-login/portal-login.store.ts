import type { Database } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

/** Tells of portal sessions that begin, end, or come to nothing. */
export class PortalLoginStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async record(event: DomainEvent): Promise<void> {
    await appendEvents(this.#database, [event]);
  }
}
