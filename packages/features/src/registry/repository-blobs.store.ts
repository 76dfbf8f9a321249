import type {
  ChangeContext,
  Digest,
  FoundBlob,
  Refused,
  RepositoryBlobs,
  RepositoryName,
  RepositoryScope,
} from '@moorage/distribution';
import { StoreUnavailable } from '@moorage/distribution';
import type { Sql } from '@moorage/database';
import { eventPayload } from '../outbox/index.ts';
import { type BlobLeases, leaseTimes } from './blob-lease.store.ts';
import type { ContentLimitsProvider } from './content-limits.ts';
import { digestBytes, ensureRepository, PROJECT_GONE, type ContentDatabase, REPOSITORY } from '../content/index.ts';
import {
  charge,
  discharge,
  type Exactness,
  overQuota,
  QUOTA,
  quotaAnswer,
  type QuotaAnswer,
  type QuotaGate,
  type QuotaStatement,
  quotaVerdict,
} from '../usage/index.ts';
import { auditOf } from './registry-caller.ts';

const FIND = `
  select rb.size, extract(epoch from now() - b.last_touched_at)::float8 as age, b.damaged_at is not null as damaged
  from repositories r
  join repository_blobs rb on rb.repository_id = r.id and rb.digest = $3
  join blobs b on b.digest = rb.digest
  where r.project_id = $1 and r.name = $2`;

/**
 * Links a blob ($3, $5 bytes) and ends the upload $6 of caller $7. The row of `blobs` is locked against garbage
 * collection by a shared lock while its lease is younger than $8 seconds; otherwise it is made or touched. Bytes that
 * were found damaged are whole again by this upload.
 */
const link = (exactness: Exactness) => `
  with ${REPOSITORY}, ${QUOTA},
  verdict as materialized (select ${quotaVerdict(exactness, '$5::bigint')} as verdict),
  young as materialized (
    select size from blobs where digest = $3 and last_touched_at > now() - make_interval(secs => $8) and damaged_at is null
    for key share
  ), touched as (
    insert into blobs (digest, size) select $3, $5 from verdict where verdict = 'ok' and not exists (select from young)
    on conflict (digest) do update set last_touched_at = now(), damaged_at = null
    returning size
  ), linked as (
    insert into repository_blobs (repository_id, digest, project_id, size)
    select repository.id, $3, $1, blob.size
    from repository, verdict, (select size from young union all select size from touched) blob where verdict = 'ok'
    on conflict (repository_id, digest) do nothing
    returning size
  ), ${charge(exactness, 'linked')}, ended as (
    delete from uploads using verdict
    where uploads.id = $6 and project_id = $1 and uploads.repository = $2 and caller_id = $7 and verdict = 'ok'
  )
  select exists (select from repository) as found, verdict, ${quotaAnswer(exactness)} from verdict`;
const LINK: QuotaStatement = { far: link('far'), exact: link('exact') };

/**
 * Links a blob ($3) that repository $6 of project $5 has, unless its bytes are damaged: then the client uploads it anew.
 * The row of `blobs` is locked first, for as long as a collection may be taking a link that the target seems to have.
 */
const mount = (exactness: Exactness) => `
  with ${REPOSITORY}, ${QUOTA},
  source_repository as materialized (
    select id from repositories where project_id = $5 and name = $6 for key share
  ), blob as materialized (
    select from blobs where digest = $3 and damaged_at is null for key share
  ), source as materialized (
    select digest, size from repository_blobs
    where repository_id = (select id from source_repository) and digest = $3 and exists (select from blob)
    for key share
  ),
  verdict as materialized (
    select size, ${quotaVerdict(exactness, 'source.size')} as verdict from source
  ), touched as (
    update blobs set last_touched_at = now() from verdict
    where digest = $3 and verdict = 'ok' and last_touched_at < now() - make_interval(secs => $7)
  ), linked as (
    insert into repository_blobs (repository_id, digest, project_id, size)
    select repository.id, $3, $1, size from repository, verdict where verdict = 'ok'
    on conflict (repository_id, digest) do update set size = excluded.size where false
    returning size
  ), ${charge(exactness, 'linked')}
  select exists (select from repository) or not exists (select from source) as found,
    coalesce((select verdict from verdict), 'ok') as verdict,
    (select size from verdict) as size, ${quotaAnswer(exactness)}`;
const MOUNT: QuotaStatement = { far: mount('far'), exact: mount('exact') };

interface ProbedBlob {
  readonly size: number;
  /** Seconds of its lease. */
  readonly age: number;
  readonly damaged: boolean;
}

function found(blob: ProbedBlob | null): FoundBlob | null {
  return blob && { size: blob.size, ...(blob.damaged ? { damaged: true as const } : {}) };
}

/** How often the row of a repository is made for one piece of content. */
const MAX_ATTEMPTS = 5;

interface LinkAnswer extends QuotaAnswer {
  readonly found: boolean;
}

/** Which blobs a repository has, in PostgreSQL. */
export class SqlRepositoryBlobs implements RepositoryBlobs {
  readonly #database: ContentDatabase;
  readonly #leases: BlobLeases;
  readonly #gate: QuotaGate;
  readonly #limits: ContentLimitsProvider;

  constructor(database: ContentDatabase, leases: BlobLeases, gate: QuotaGate, limits: ContentLimitsProvider) {
    this.#database = database;
    this.#leases = leases;
    this.#gate = gate;
    this.#limits = limits;
  }

  async findBlob(repository: RepositoryScope, digest: Digest): Promise<FoundBlob | null> {
    const bytes = digestBytes(digest);
    const times = leaseTimes((await this.#limits()).graceSeconds);
    const blob = await this.#probe(repository, bytes);
    if (blob && blob.age > times.limit) {
      await this.#leases.renew(bytes);
      return found(await this.#probe(repository, bytes));
    }
    if (blob && blob.age > times.renewal) this.#leases.renewSoon(bytes);
    return found(blob);
  }

  async linkBlob(
    context: ChangeContext,
    blob: { readonly digest: Digest; readonly size: number; readonly uploadId?: string },
  ) {
    const { repository, caller } = context;
    const digest = digestBytes(blob.digest);
    const answer = await this.#change(repository, (sql, exactness) =>
      this.#ask<LinkAnswer>(sql, LINK[exactness], repository, digest, [blob.size, blob.uploadId ?? null, caller.id]),
    );
    if ('status' in answer) return answer;
    return answer.verdict === 'ok' ? ({ status: 'linked' } as const) : overQuota(answer, blob.size);
  }

  async mountBlob(context: ChangeContext, digest: Digest, from: RepositoryScope) {
    const { repository } = context;
    const bytes = digestBytes(digest);
    const answer = await this.#change(repository, (sql, exactness) =>
      this.#ask<LinkAnswer & { readonly size: number | null }>(sql, MOUNT[exactness], repository, bytes, [
        from.namespaceId,
        from.name,
      ]),
    );
    if ('status' in answer) return answer;
    if (answer.size === null) return { status: 'missing' } as const;
    return answer.verdict === 'ok' ? ({ status: 'linked' } as const) : overQuota(answer, answer.size);
  }

  async findBlobSource(repository: RepositoryScope, digest: Digest): Promise<RepositoryScope | null> {
    const [source] = await this.#database.query<{ name: RepositoryName }>(
      `select r.name from repository_blobs rb join repositories r on r.id = rb.repository_id
       where rb.digest = $2 and rb.project_id = $1 limit 1`,
      [repository.namespaceId, digestBytes(digest)],
    );
    return source ? { name: source.name, namespaceId: repository.namespaceId } : null;
  }

  unlinkBlob(context: ChangeContext, digest: Digest): Promise<'unlinked' | 'missing' | 'referenced'> {
    const { repository } = context;
    const bytes = digestBytes(digest);
    return this.#database.transaction(async (transaction) => {
      // Manifests that are being stored hold their links FOR KEY SHARE; whether one needs this link is asked after them.
      const [link] = await transaction.query<{ repository_id: number }>(
        `with ${REPOSITORY} select repository_id from repository_blobs
         where repository_id = (select id from repository) and digest = $3 for update`,
        [repository.namespaceId, repository.name, bytes],
      );
      if (!link) return 'missing';
      const gone = await transaction.query(
        `with gone as (
           delete from repository_blobs rb where repository_id = $1 and digest = $2
             and not exists (select from manifest_blobs where repository_id = $1 and digest = $2 and role <> 'foreign')
           returning digest
         ), event as (
           insert into outbox_events (name, project_id, payload) select 'blob.deleted', $3, $4 from gone
         )
         select from gone`,
        [link.repository_id, bytes, repository.namespaceId, unlinkedEvent(context, digest)],
      );
      if (gone.length === 0) return 'referenced';
      await discharge(transaction, repository.namespaceId, [bytes]);
      return 'unlinked';
    });
  }

  async #probe(repository: RepositoryScope, digest: Buffer): Promise<ProbedBlob | null> {
    const [blob] = await this.#database.query<ProbedBlob>(FIND, [repository.namespaceId, repository.name, digest]);
    return blob ?? null;
  }

  /**
   * The first content of a repository makes its row. When the row is gone again before the content is there, because
   * somebody deletes the repository, it is made again; nothing is ever answered for that is not linked.
   */
  async #change<T extends LinkAnswer>(
    repository: RepositoryScope,
    work: (sql: Sql, exactness: Exactness) => Promise<T>,
  ): Promise<T | Refused> {
    for (let attempts = 1; ; attempts++) {
      const answer = await this.#gate.run(repository.namespaceId, work);
      if (answer.found || answer.verdict === 'over') return answer;
      if (attempts === MAX_ATTEMPTS) throw new StoreUnavailable(new Error('the repository is deleted again and again'));
      if (!(await ensureRepository(this.#database, repository))) return PROJECT_GONE;
    }
  }

  async #ask<T extends LinkAnswer>(
    sql: Sql,
    text: string,
    repository: RepositoryScope,
    digest: Buffer,
    values: readonly unknown[],
  ): Promise<T> {
    const { quotaEnforced, graceSeconds } = await this.#limits();
    const common = [repository.namespaceId, repository.name, digest, quotaEnforced];
    const [answer] = await sql.query<T>(text, [...common, ...values, leaseTimes(graceSeconds).renewal]);
    return answer as T;
  }
}

function unlinkedEvent(context: ChangeContext, digest: Digest): string {
  const { name } = context.repository;
  return eventPayload({
    data: { repository: name, digest },
    audit: auditOf(context, { resourceType: 'blob', resource: `${name}@${digest}`, operation: 'delete', status: 202 }),
  });
}
