import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import { type Digest, parseDigest } from '@moorage/distribution';
import { digestBytes, digestFromHex } from '../content/index.ts';
import type { ListRequest } from '../http/index.ts';

export interface TagMoveRow {
  readonly id: number;
  readonly tag: string;
  readonly oldDigest: Digest | null;
  readonly newDigest: Digest | null;
  readonly operation: string;
  readonly movedBy: string;
  readonly movedFrom: string | null;
  readonly movedAt: Date;
  readonly exists: boolean;
  readonly inTrash: boolean;
}

interface StoredMove {
  id: number;
  tag: string;
  old_digest: string | null;
  new_digest: string | null;
  operation: string;
  moved_by: string;
  moved_from: string | null;
  moved_at: Date;
  is_present: boolean;
  is_in_trash: boolean;
}

const COLUMNS: ListColumns = {
  id: { sql: sql`h.id`, kind: 'number' },
  tag: { sql: sql`h.tag`, kind: 'text' },
  operation: { sql: sql`h.operation`, kind: 'text' },
  by: { sql: sql`h.moved_by`, kind: 'text' },
  time: { sql: sql`h.moved_at`, kind: 'time' },
  old_digest: { sql: sql`digest_text(h.old_digest)`, kind: 'text' },
  new_digest: { sql: sql`digest_text(h.new_digest)`, kind: 'text' },
};
// Not `exists`: for a long history the planner would gather every manifest there is, and ask that.
const IS_PRESENT = sql`coalesce((select true from manifests m
  where m.repository_id = h.repository_id and m.digest = h.new_digest), false)`;
const IN_TRASH = sql`coalesce((select true from trash_manifests tm join trash_items item on item.id = tm.item_id
  where tm.project_id = h.project_id and tm.digest = h.new_digest and item.repository_id = h.repository_id
    and item.state = 'kept' limit 1), false)`;
/** A tag in use for years moves a hundred thousand times; nobody pages to the first. */
const COUNT_LIMIT = 10_000;

/** Moves of tags in SQL; written by triggers on `tags`. */
export class TagHistoryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of a repository's moves, or of one tag's. The total stops at {@link COUNT_LIMIT}. */
  async list(
    projectId: number,
    repositoryId: number,
    tag: string | null,
    request: ListRequest,
  ): Promise<ListRows<TagMoveRow>> {
    const { rows, ...list } = await listRows<StoredMove>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`h.id, h.tag, encode(h.old_digest, 'hex') as old_digest, encode(h.new_digest, 'hex') as new_digest,
          h.operation, h.moved_by, h.moved_from, h.moved_at,
          ${IS_PRESENT} as is_present,
          ${IN_TRASH} as is_in_trash`,
        from: sql`tag_moves h`,
        where: [
          sql`h.project_id = ${projectId}`,
          sql`h.repository_id = ${repositoryId}`,
          ...(tag === null ? [] : [sql`h.tag = ${tag}`]),
        ],
        tiebreak: sql`h.id`,
        countLimit: COUNT_LIMIT,
        keyset: true,
      },
      request,
    );
    return { ...list, rows: rows.map(rowOf) };
  }

  /** When the tag last came to point at the digest, and whether the trash has it; null when it never did. */
  async findLast(
    projectId: number,
    repositoryId: number,
    tag: string,
    digest: string,
  ): Promise<{ readonly since: Date; readonly inTrash: boolean } | null> {
    const parsed = parseDigest(digest);
    if (parsed === null) return null;
    const [row] = await this.#database.run<{ moved_at: Date; is_in_trash: boolean }>(
      sql`select h.moved_at, ${IN_TRASH} as is_in_trash from tag_moves h where h.project_id = ${projectId}
        and h.repository_id = ${repositoryId} and h.tag = ${tag} and h.new_digest = ${digestBytes(parsed)}
        order by h.id desc limit 1`,
    );
    return row ? { since: row.moved_at, inTrash: row.is_in_trash } : null;
  }
}

function rowOf(row: StoredMove): TagMoveRow {
  return {
    id: row.id,
    tag: row.tag,
    oldDigest: row.old_digest === null ? null : digestFromHex(row.old_digest),
    newDigest: row.new_digest === null ? null : digestFromHex(row.new_digest),
    operation: row.operation,
    movedBy: row.moved_by,
    movedFrom: row.moved_from,
    movedAt: row.moved_at,
    exists: row.is_present,
    inTrash: row.is_in_trash,
  };
}
