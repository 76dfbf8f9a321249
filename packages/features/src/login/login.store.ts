import type { Database } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

/** Tells of sign-ins, which change nothing else. */
export class LoginStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async record(event: DomainEvent): Promise<void> {
    await appendEvents(this.#database, [event]);
  }
}
