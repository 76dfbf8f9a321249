import type { Database } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { digestBytes, digestFromHex } from '../content/index.ts';

export interface ScrubState {
  readonly position: Digest | null;
  readonly passStartedAt: Date | null;
  readonly passBlobs: number;
  readonly passBytes: number;
  readonly passCorrupt: number;
  readonly lastPassEndedAt: Date | null;
  readonly lastPassBlobs: number;
  readonly lastPassBytes: number;
  readonly lastPassCorrupt: number;
  readonly damagedBlobs: number;
}

/** How far the check of all stored blobs is: one row, so that it survives whoever does it. */
export class ScrubStateStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(): Promise<ScrubState> {
    const [row] = await this.#database.query<{
      position: string | null;
      pass_started_at: Date | null;
      pass_blobs: number;
      pass_bytes: number;
      pass_corrupt: number;
      last_pass_ended_at: Date | null;
      last_pass_blobs: number;
      last_pass_bytes: number;
      last_pass_corrupt: number;
      damaged: number;
    }>(
      `select encode(position, 'hex') as position, pass_started_at, pass_blobs, pass_bytes, pass_corrupt, last_pass_ended_at,
         last_pass_blobs, last_pass_bytes, last_pass_corrupt,
         (select count(*) from blobs where damaged_at is not null) as damaged
       from storage_scrub`,
    );
    if (!row) throw new Error('the table storage_scrub has lost its row');
    return {
      position: row.position === null ? null : digestFromHex(row.position),
      passStartedAt: row.pass_started_at,
      passBlobs: row.pass_blobs,
      passBytes: row.pass_bytes,
      passCorrupt: row.pass_corrupt,
      lastPassEndedAt: row.last_pass_ended_at,
      lastPassBlobs: row.last_pass_blobs,
      lastPassBytes: row.last_pass_bytes,
      lastPassCorrupt: row.last_pass_corrupt,
      damagedBlobs: row.damaged,
    };
  }

  /** Everything up to this digest is checked; begins a pass when none is under way. */
  async advance(position: Digest, done: { blobs: number; bytes: number; corrupt: number }): Promise<void> {
    await this.#database.query(
      `update storage_scrub set position = $1, pass_started_at = coalesce(pass_started_at, now()),
         pass_blobs = pass_blobs + $2, pass_bytes = pass_bytes + $3, pass_corrupt = pass_corrupt + $4`,
      [digestBytes(position), done.blobs, done.bytes, done.corrupt],
    );
  }

  /** The pass is complete. */
  async endPass(): Promise<void> {
    await this.#database.query(
      `update storage_scrub set position = null, pass_started_at = null, last_pass_ended_at = now(),
         last_pass_blobs = pass_blobs, last_pass_bytes = pass_bytes, last_pass_corrupt = pass_corrupt,
         pass_blobs = 0, pass_bytes = 0, pass_corrupt = 0`,
    );
  }
}
