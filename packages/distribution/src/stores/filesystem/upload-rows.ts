import type { DigestAlgorithm } from '../../digest.ts';
import type { ChangeContext, UploadSession } from '../../ports/index.ts';
import { CLAIM_HOLDER, CLAIM_MS, isHolderGone } from './claim-keeper.ts';
import type { MetadataDatabase } from './metadata-database.ts';

/** A session as it is stored. */
export interface UploadRow {
  readonly id: string;
  readonly received: number;
  readonly algorithm: DigestAlgorithm | null;
  readonly claim_holder: string | null;
  readonly claim_expires_at: number | null;
}

/** The statements on upload sessions. */
export class UploadRows {
  readonly #database;
  readonly #start;
  readonly #find;
  readonly #claim;
  readonly #release;
  readonly #end;
  readonly #listIdle;
  readonly #findIdle;
  readonly #expire;

  constructor(database: MetadataDatabase) {
    this.#database = database;
    // To anyone but its owner, and under any other repository, a session does not exist (S63).
    const own = 'id = ? and namespace_id = ? and repository = ? and caller_id = ?';
    this.#start = database.prepare(`
      insert into uploads (id, namespace_id, repository, caller_id, algorithm, received, touched_at)
      values (?, ?, ?, ?, ?, 0, ?)`);
    this.#find = database.prepare<UploadRow>(`select * from uploads where ${own}`);
    this.#end = database.prepare(`delete from uploads where ${own}`);
    this.#claim = database.prepare('update uploads set claim = ?, claim_holder = ?, claim_expires_at = ? where id = ?');
    this.#release = database.prepare(`
      update uploads set received = ?, touched_at = ?, claim = null, claim_holder = null, claim_expires_at = null
      where id = ? and claim = ?`);
    this.#listIdle = database.prepare<UploadRow>(
      'select * from uploads where touched_at < ? order by touched_at limit ?',
    );
    this.#findIdle = database.prepare<UploadRow>('select * from uploads where id = ? and touched_at < ?');
    this.#expire = database.prepare('delete from uploads where id = ?');
  }

  start(context: ChangeContext, session: UploadSession): void {
    this.#start.run(...key(context, session.id), session.algorithm ?? null, this.#now());
  }

  find(context: ChangeContext, id: string): UploadRow | undefined {
    return this.#find.get(...key(context, id));
  }

  claim(id: string, mark: string): void {
    this.#claim.run(mark, CLAIM_HOLDER, this.#now() + CLAIM_MS, id);
  }

  /** False when the claim with this mark no longer exists. */
  release(id: string, mark: string, received: number): boolean {
    return this.#release.run(received, this.#now(), id, mark) === 1;
  }

  end(context: ChangeContext, id: string): boolean {
    return this.#end.run(...key(context, id)) === 1;
  }

  listIdle(before: Date, limit: number): UploadRow[] {
    return this.#listIdle.all(before.getTime(), limit).filter((row) => !this.isClaimed(row));
  }

  expire(id: string, before: Date): boolean {
    const row = this.#findIdle.get(id, before.getTime());
    return row !== undefined && !this.isClaimed(row) && this.#expire.run(id) === 1;
  }

  isClaimed(row: UploadRow): boolean {
    if (row.claim_holder === null || (row.claim_expires_at ?? 0) <= this.#now()) return false;
    return !isHolderGone(row.claim_holder);
  }

  #now(): number {
    return this.#database.now().getTime();
  }
}

function key({ repository, caller }: ChangeContext, id: string): [string, number, string, string] {
  return [id, repository.namespaceId, repository.name, caller.id];
}
