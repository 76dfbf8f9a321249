import type { Database } from '@moorage/database';

/** A tag of an artifact that goes. */
export interface GoingTag {
  readonly manifest_id: number;
  readonly name: string;
}

export interface GoingFacts {
  readonly bytesFreed: number;
  readonly pulled: readonly { readonly name: string; readonly digest: string; readonly pull_time: Date }[];
  readonly pulledTotal: number;
}

/*
 * Blobs that only these manifests name in the whole project, and manifests no other repository of it has. What another
 * repository links is looked up by digest; what is in the trash is needed as long as it is there.
 */
const BYTES_FREED = `
  with doomed as materialized (
    select m.id, m.digest, m.payload_size from unnest($2::bigint[]) as given (id) join manifests m using (id)
  ), named as materialized (
    select distinct mb.digest from doomed join manifest_blobs mb on mb.manifest_id = doomed.id and mb.role <> 'foreign'
  ), freed as (
    select pb.size from named join project_blobs pb on pb.project_id = $1 and pb.digest = named.digest
    where pb.trashed = 0 and not exists (
      select from repository_blobs rb join manifest_blobs mb on mb.repository_id = rb.repository_id and mb.digest = rb.digest
      where rb.digest = named.digest and rb.project_id = $1 and mb.role <> 'foreign'
        and not exists (select from doomed where doomed.id = mb.manifest_id))
    union all
    select doomed.payload_size from doomed join project_blobs pb on pb.project_id = $1 and pb.digest = doomed.digest
    where pb.links = 1
  )
  select coalesce(sum(size), 0)::bigint as bytes from freed`;

const PULLED = `
  select coalesce((select min(t.name) from tags t where t.manifest_id = m.id), '') as name, digest_text(m.digest) as digest,
    m.pull_time, count(*) over () as total
  from unnest($2::bigint[]) as given (id) join manifests m using (id)
  where m.project_id = $1 and m.pull_time > now() - interval '30 days' order by m.pull_time desc, m.id desc limit 20`;

/** What is shown of a removal beside the decision itself. */
export class RemovalPreviewStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Bytes that these manifests alone need, and which of them were pulled within 30 days. */
  async factsOf(projectId: number, manifestIds: readonly number[]): Promise<GoingFacts> {
    if (manifestIds.length === 0) return { bytesFreed: 0, pulled: [], pulledTotal: 0 };
    const [freed] = await this.#database.query<{ bytes: number }>(BYTES_FREED, [projectId, manifestIds]);
    const pulled = await this.#database.query<{ name: string; digest: string; pull_time: Date; total: number }>(
      PULLED,
      [projectId, manifestIds],
    );
    return { bytesFreed: freed?.bytes ?? 0, pulled, pulledTotal: pulled[0]?.total ?? 0 };
  }

  /** Sizes of some manifests and their tags, at most `limit` tags. */
  async shownOf(
    projectId: number,
    manifestIds: readonly number[],
    limit: number,
  ): Promise<{ sizes: ReadonlyMap<number, number>; tags: GoingTag[] }> {
    const sizes = await this.#database.query<{ id: number; size: number }>(
      'select id, size from manifests where project_id = $1 and id = any($2::bigint[])',
      [projectId, manifestIds],
    );
    const tags = await this.#database.query<GoingTag>(
      `select manifest_id, name from tags where project_id = $1 and manifest_id = any($2::bigint[])
       order by manifest_id, name limit $3`,
      [projectId, manifestIds, limit],
    );
    return { sizes: new Map(sizes.map((row) => [row.id, row.size])), tags };
  }

  /** For how many days the project keeps what is deleted now, and until when that is. */
  async keeping(projectId: number): Promise<{ days: number; until: Date | null }> {
    const [row] = await this.#database.query<{ days: number; until: Date | null }>(
      `select days, case when days > 0 then now() + make_interval(days => days) end as until from trash_days_of($1) as days`,
      [projectId],
    );
    return row ?? { days: 0, until: null };
  }
}
