import type { Database } from '@moorage/database';
import { type KeyRing, SealError } from './key-ring.ts';

const CHECK = Buffer.from('moorage');
const CHECK_ID = 'instance';

/** The key check value: tells a wrong instance key at start, before anything is written under it. */
export class KeyCheckStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Records the key at the first start; later throws when it is another one than the database was set up with. */
  async checkKey(keys: KeyRing): Promise<void> {
    const place = { table: 'instance_keys', column: 'sealed_check', uid: CHECK_ID };
    await this.#database.query(
      'insert into instance_keys (id, sealed_check) values ($1, $2) on conflict (id) do nothing',
      [CHECK_ID, keys.seal(CHECK, place)],
    );
    const rows = await this.#database.query<{ sealed_check: Buffer }>(
      'select sealed_check from instance_keys where id = $1',
      [CHECK_ID],
    );
    try {
      keys.open(rows[0]?.sealed_check ?? Buffer.alloc(0), place);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new Error(
        'The instance key is not the one this database was set up with. Restore the file secret-key of the data directory, or set MOORAGE_SECRET_KEY to the former key.',
        { cause: error },
      );
    }
  }
}
