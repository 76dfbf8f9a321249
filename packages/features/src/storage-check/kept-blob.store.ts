import { KEEP_REASONS } from '@moorage/contracts';
import { type Database, type ListColumns, type ListRows, listRows, type Statement, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';

export type KeepReason = (typeof KEEP_REASONS)[number];

export interface KeptBlob {
  readonly digest: string;
  readonly size: number;
  readonly reason: KeepReason;
  readonly repository: string | null;
  readonly artifactDigest: string | null;
  readonly trashItemId: number | null;
  readonly keptUntil: Date | null;
}

export interface KeptTotals {
  readonly reasons: readonly { readonly reason: KeepReason; readonly count: number; readonly bytes: number }[];
  readonly manifestBytes: number;
  readonly uploads: number;
  readonly uploadBytes: number;
}

interface StoredKeptBlob {
  digest: string;
  size: number;
  reason: KeepReason;
  repository_name: string | null;
  artifact_digest: string | null;
  trash_item_id: number | null;
  kept_until: Date | null;
}

const COLUMNS: ListColumns = {
  reason: { sql: sql`k.reason`, kind: 'text' },
  repository_name: { sql: sql`k.repository_name`, kind: 'text' },
  digest: { sql: sql`k.digest`, kind: 'text' },
  size: { sql: sql`k.size`, kind: 'number' },
};

const CHARGED_COLUMNS: ListColumns = {
  digest: { sql: sql`c.digest`, kind: 'text' },
  size: { sql: sql`c.size`, kind: 'number' },
};
const SELECTED = sql`k.digest, k.size, k.reason, k.repository_name, k.artifact_digest, k.trash_item_id, k.kept_until`;

/** Whether all blobs must be looked into to choose a page. */
function isAboutReasons({ conditions, sort }: ListRequest): boolean {
  return conditions.some(({ key }) => key !== 'size') || sort.some(({ key }) => !Object.hasOwn(CHARGED_COLUMNS, key));
}

/**
 * Every blob of a project, once, with the strongest reason it is kept for: an artifact, the trash, a lease. What a project
 * links several times is shown with one of these repositories, one whose artifact needs it when there is one. Of all its
 * blobs, or only of these.
 */
function keptBlobs(projectId: number, collectableAfter: number, digests: readonly string[] | null): Statement {
  const chosen = sql`array(select digest_bytes(given) from unnest(${digests ?? []}::text[]) given)`;
  const linkedOnes = digests === null ? sql`true` : sql`rb.digest = any(${chosen})`;
  const trashedOnes = digests === null ? sql`true` : sql`t.digest = any(${chosen})`;
  return sql`(
    with linked as (
      select distinct on (rb.digest) rb.digest, rb.size, r.name as repository_name, need.manifest_digest
      from repositories r join repository_blobs rb on rb.repository_id = r.id
      left join lateral (
        select m.digest as manifest_digest from manifest_blobs mb join manifests m on m.id = mb.manifest_id
        where mb.repository_id = rb.repository_id and mb.digest = rb.digest and mb.role <> 'foreign' limit 1
      ) need on true
      where r.project_id = ${projectId} and ${linkedOnes}
      order by rb.digest, need.manifest_digest nulls last, r.name
    ), trashed as (
      select distinct on (t.digest) t.digest, t.size, t.item_id, i.expires_at
      from trash_blobs t join trash_items i on i.id = t.item_id
      where t.project_id = ${projectId} and ${trashedOnes} order by t.digest, i.expires_at desc
    )
    select digest_text(b.digest) as digest, b.size,
      case when l.manifest_digest is not null then 'manifest' when t.item_id is not null then 'trash'
        when b.last_touched_at > now() - make_interval(secs => ${collectableAfter}) then 'lease' else 'unneeded' end as reason,
      l.repository_name, digest_text(l.manifest_digest) as artifact_digest,
      case when l.manifest_digest is null then t.item_id end as trash_item_id,
      case when l.manifest_digest is not null then null when t.item_id is not null then t.expires_at
        when b.last_touched_at > now() - make_interval(secs => ${collectableAfter})
          then b.last_touched_at + make_interval(secs => ${collectableAfter}) end as kept_until
    from linked l full join trashed t on t.digest = l.digest join blobs b on b.digest = coalesce(l.digest, t.digest)
  )`;
}

/** Why the bytes of a project are kept, in SQL. */
export class KeptBlobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(projectId: number, collectableAfter: number, request: ListRequest): Promise<ListRows<KeptBlob>> {
    return isAboutReasons(request)
      ? this.#listByReason(projectId, collectableAfter, request)
      : this.#listByCharge(projectId, collectableAfter, request);
  }

  /** Every blob has its row in the account of the project: a page is chosen there, and only its blobs are looked into. */
  async #listByCharge(projectId: number, collectableAfter: number, request: ListRequest): Promise<ListRows<KeptBlob>> {
    const { rows, total } = await listRows<{ digest: string }>(
      this.#database,
      {
        columns: CHARGED_COLUMNS,
        select: sql`digest_text(c.digest) as digest`,
        from: sql`project_blobs c`,
        where: [sql`c.project_id = ${projectId}`, sql`exists (select from blobs b where b.digest = c.digest)`],
        tiebreak: sql`c.digest`,
      },
      request,
    );
    const digests = rows.map(({ digest }) => digest);
    const found = await this.#database.run<StoredKeptBlob>(
      sql`select ${SELECTED} from ${keptBlobs(projectId, collectableAfter, digests)} k`,
    );
    const known = new Map(found.map((row) => [row.digest, keptBlobOf(row)]));
    return { rows: digests.flatMap((digest) => known.get(digest) ?? []), total };
  }

  async #listByReason(projectId: number, collectableAfter: number, request: ListRequest): Promise<ListRows<KeptBlob>> {
    const { rows, total } = await listRows<StoredKeptBlob>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: sql`${keptBlobs(projectId, collectableAfter, null)} k`,
        where: [],
        tiebreak: sql`k.digest`,
      },
      request,
    );
    return { rows: rows.map(keptBlobOf), total };
  }

  /** By reason, the strongest first. */
  async totals(projectId: number, collectableAfter: number): Promise<KeptTotals> {
    const reasons = await this.#database.run<{ reason: KeepReason; count: number; bytes: number }>(
      sql`select k.reason, count(*) as count, sum(k.size)::bigint as bytes from ${keptBlobs(projectId, collectableAfter, null)} k
        group by k.reason order by array_position(${KEEP_REASONS}::text[], k.reason)`,
    );
    const [other] = await this.#database.query<{ manifest_bytes: number; uploads: number; upload_bytes: number }>(
      `select (select coalesce(sum(payload_size), 0) from manifests where project_id = $1)::bigint as manifest_bytes,
         (select count(*) from uploads where project_id = $1) as uploads,
         (select coalesce(sum(offset_bytes + incoming_bytes), 0) from uploads where project_id = $1)::bigint as upload_bytes`,
      [projectId],
    );
    return {
      reasons,
      manifestBytes: other?.manifest_bytes ?? 0,
      uploads: other?.uploads ?? 0,
      uploadBytes: other?.upload_bytes ?? 0,
    };
  }
}

function keptBlobOf(row: StoredKeptBlob): KeptBlob {
  return {
    digest: row.digest,
    size: row.size,
    reason: row.reason,
    repository: row.repository_name,
    artifactDigest: row.artifact_digest,
    trashItemId: row.trash_item_id,
    keptUntil: row.kept_until,
  };
}
