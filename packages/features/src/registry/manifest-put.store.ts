import {
  type BlobStore,
  type ChangeContext,
  type Digest,
  MAX_INDEX_DEPTH,
  type NewManifest,
  type PutManifestOutcome,
} from '@moorage/distribution';
import type { Sql, Transaction } from '@moorage/database';
import { eventPayload } from '../outbox/index.ts';
import {
  attributesOf,
  hasReadableConfig,
  MAX_CONFIG_BYTES,
  storable,
  storableText,
} from './artifact-attributes.rules.ts';
import type { ContentLimitsProvider } from './content-limits.ts';
import { digestBytes, digestFromHex, ensureRepository, type ContentDatabase, REPOSITORY } from '../content/index.ts';
import { accessoryOf, artifactTypeOf, type NamedBlob, namedBlobs } from './manifest.rules.ts';
import {
  charge,
  overQuota,
  QUOTA,
  QUOTA_ANSWER,
  type QuotaAnswer,
  type QuotaGate,
  quotaVerdict,
} from '../usage/index.ts';
import { auditOf, callerOf } from './registry-caller.ts';
import { nameOf } from '../http/index.ts';

/**
 * Stores a manifest with everything that belongs to it. Links and children it relies on are locked FOR KEY SHARE, which
 * reads them as they are now and keeps them until the commit; whoever removes one locks it FOR UPDATE first and then
 * looks for manifests that need it.
 *
 * A manifest that is there already is locked by an update that changes nothing, so the statement works the same for the
 * first push, for a repeated one and for a new tag; `created` tells them apart. `ancestors` are indexes that were pushed
 * before this manifest (lax mode): they grow with it.
 */
const PUT = `
  with recursive ${REPOSITORY}, ${QUOTA},
  named as materialized (
    select * from unnest($12::bytea[], $13::bigint[], $14::text[], $15::text[])
      with ordinality as named (digest, declared_size, media_type, role, position)
  ), listed as materialized (
    select * from unnest($16::bytea[], $17::bigint[], $18::text[], $19::jsonb[], $20::jsonb[], $21::jsonb[])
      with ordinality as listed (digest, declared_size, media_type, platform, annotations, urls, position)
  ), links as materialized (
    select rb.digest, rb.size from repository_blobs rb
    where rb.repository_id = (select id from repository) and rb.digest = any($12::bytea[] || $16::bytea[])
    order by rb.digest for key share
  ), children as materialized (
    select m.digest, m.size, m.depth from manifests m
    where m.repository_id = (select id from repository) and m.digest = any($16::bytea[])
    order by m.digest for key share
  ), missing as materialized (
    select digest, 1 as list, position from named
    where role <> 'foreign' and digest not in (select digest from links)
    union all
    select digest, 2, position from listed
    where digest not in (select digest from children union all select digest from links)
  ), ancestors (id, digest, level) as (
    select m.id, m.digest, 1 from manifest_children c join manifests m on m.id = c.manifest_id
    where c.repository_id = (select id from repository) and c.child_digest = $3
    union
    select m.id, m.digest, ancestors.level + 1 from ancestors
    join manifest_children c on c.repository_id = (select id from repository) and c.child_digest = ancestors.digest
    join manifests m on m.id = c.manifest_id
    where ancestors.level <= ${MAX_INDEX_DEPTH}
  ), facts as materialized (
    select
      octet_length($6::bytea)
        + (select coalesce(sum(size), 0) from links where digest in (select digest from named where role <> 'foreign'))
        + (select coalesce(sum(size), 0) from children) as size,
      case when $7 = 'index' then 1 + (select coalesce(max(depth), 0) from children) else 0 end as depth,
      (select coalesce(max(level), 0) from ancestors) as above
  ), verdict as materialized (
    select case
        when not $11 and exists (select from missing) then 'missing'
        when depth + above > ${MAX_INDEX_DEPTH} then 'too-deep'
        else ${quotaVerdict('octet_length($6::bytea)')} end as verdict
    from facts
  ), stored as (
    insert into manifests (repository_id, project_id, digest, media_type, payload, kind, artifact_type,
      config_media_type, config_digest, subject_digest, accessory_of, accessory_type, type, size, depth,
      annotations, extra_attrs, pushed_by)
    select repository.id, $1, $3, $8, $6, $7, $9, $10, $22, $23, $24, $25, $26, facts.size, facts.depth, $27, $28, $29
    from repository, facts, verdict where verdict = 'ok'
    on conflict (repository_id, digest) do update
      set accessory_of = coalesce(manifests.accessory_of, excluded.accessory_of),
        accessory_type = coalesce(manifests.accessory_type, excluded.accessory_type)
    returning id, repository_id, xmax = 0 as created, size, payload_size
  ), named_rows as (
    insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role)
    select stored.id, repository_id, named.digest, coalesce(links.size, declared_size), media_type, position, role
    from stored, named left join links using (digest) where created
    union all
    select stored.id, repository_id, listed.digest, links.size, media_type, position, 'entry'
    from stored, listed join links using (digest) where created and digest not in (select digest from children)
  ), listed_rows as (
    insert into manifest_children (manifest_id, repository_id, position, child_digest, platform, annotations, urls)
    select stored.id, repository_id, position, digest, platform, annotations, urls from stored, listed
    where created and (digest in (select digest from children) or digest not in (select digest from links))
  ), grown as (
    update manifests set size = manifests.size + stored.size, depth = greatest(manifests.depth, facts.depth + level)
    from stored, facts, (select id, max(level) as level from ancestors group by id) above
    where manifests.id = above.id and created
  ), moved as (
    insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
    select repository_id, $1, name, id, $3, $29
    from stored, (select name from unnest($30::text[]) as name order by name) names
    on conflict (repository_id, name) do update
      set manifest_id = excluded.manifest_id, digest = excluded.digest, previous_digest = tags.digest,
        pushed_by = excluded.pushed_by, push_time = now()
      where tags.digest <> excluded.digest
    returning name, previous_digest, xmax = 0 as created
  ), changed as materialized (
    select stored.*, (select count(*) from moved where moved.created) as new_tags from stored
    where created or exists (select from moved)
  ), ${charge('(select payload_size as size from stored where created) pushed')}, event as (
    insert into outbox_events (name, project_id, payload)
    select 'artifact.pushed', $1, jsonb_set($31::jsonb, '{data}', $31::jsonb -> 'data' || jsonb_build_object(
        'repositoryId', repository_id, 'artifactId', id, 'size', size, 'created', created,
        'tags', coalesce((select jsonb_agg(jsonb_build_object(
          'name', name, 'previousDigest', digest_text(previous_digest)) order by name) from moved), '[]')))
    from changed
  ), counted as (
    update repositories set artifact_count = artifact_count + created::int, tag_count = tag_count + new_tags,
      first_pushed_at = coalesce(first_pushed_at, now()), last_pushed_at = now(), updated_at = now()
    from changed where repositories.id = repository_id
  )
  select exists (select from repository) as found, verdict, ${QUOTA_ANSWER},
    (select array_agg(encode(digest, 'hex') order by list, position) from missing where verdict = 'missing') as missing
  from verdict`;

interface PutAnswer extends Omit<QuotaAnswer, 'verdict'> {
  readonly verdict: QuotaAnswer['verdict'] | 'missing' | 'too-deep';
  readonly found: boolean;
  readonly missing: readonly string[] | null;
}

/** The one change of the engine with many parts: storing a manifest. */
export class ManifestPut {
  readonly #database: ContentDatabase;
  readonly #blobs: Pick<BlobStore, 'open'>;
  readonly #gate: QuotaGate;
  readonly #limits: ContentLimitsProvider;

  constructor(
    database: ContentDatabase,
    blobs: Pick<BlobStore, 'open'>,
    gate: QuotaGate,
    limits: ContentLimitsProvider,
  ) {
    this.#database = database;
    this.#blobs = blobs;
    this.#gate = gate;
    this.#limits = limits;
  }

  async put(context: ChangeContext, manifest: NewManifest): Promise<PutManifestOutcome> {
    const values = manifestValues(context, manifest, await this.#attributes(context, manifest));
    let answer = await this.#store(context, manifest, values);
    if (answer !== 'changed' && !answer.found && answer.verdict === 'ok') {
      await ensureRepository(this.#database, context.repository);
      answer = await this.#store(context, manifest, values);
    }
    return answer === 'changed' ? { status: 'changed' } : outcomeOf(answer, manifest);
  }

  #store(context: ChangeContext, manifest: NewManifest, values: readonly unknown[]): Promise<PutAnswer | 'changed'> {
    const { repository } = context;
    const digest = digestBytes(manifest.digest);
    const put = async (sql: Sql, exact: boolean): Promise<PutAnswer> => {
      const { quotaEnforced } = await this.#limits();
      const common = [repository.namespaceId, repository.name, digest, quotaEnforced, exact];
      const [answer] = await sql.query<PutAnswer>(PUT, [...common, ...values]);
      return answer as PutAnswer;
    };
    if (manifest.onlyIf === undefined) return this.#gate.run(repository.namespaceId, put);
    return this.#gate.runExactly(repository.namespaceId, async (transaction) =>
      (await holds(transaction, context, manifest)) ? put(transaction, true) : 'changed',
    );
  }

  /**
   * What the config blob tells. It is read only when the repository has it, so that a push cannot probe for content of
   * others by its timing (S67).
   */
  async #attributes({ repository }: ChangeContext, { content }: NewManifest): Promise<Record<string, unknown>> {
    if (content.config === undefined || !hasReadableConfig(content)) return {};
    const [link] = await this.#database.query(
      `select rb.size from repositories r join repository_blobs rb on rb.repository_id = r.id
       where r.project_id = $1 and r.name = $2 and rb.digest = $3 and rb.size <= $4`,
      [repository.namespaceId, repository.name, digestBytes(content.config.digest), MAX_CONFIG_BYTES],
    );
    const config = link ? await readBlob(this.#blobs, content.config.digest) : null;
    return config ? attributesOf(content, config) : {};
  }
}

/** Excludes every other push to the repository, then tells whether the condition of the push holds. */
async function holds(sql: Transaction, { repository }: ChangeContext, manifest: NewManifest): Promise<boolean> {
  const { onlyIf, tags } = manifest;
  await sql.query('select from repositories where project_id = $1 and name = $2 for update', [
    repository.namespaceId,
    repository.name,
  ]);
  const text =
    tags.length > 0
      ? `select encode(t.digest, 'hex') as digest from repositories r join tags t on t.repository_id = r.id
         where r.project_id = $1 and r.name = $2 and t.name = any($3::text[])`
      : `select encode(m.digest, 'hex') as digest from repositories r join manifests m on m.repository_id = r.id
         where r.project_id = $1 and r.name = $2 and m.digest = $3`;
  const rows = await sql.query<{ digest: string }>(text, [
    repository.namespaceId,
    repository.name,
    tags.length > 0 ? tags : digestBytes(manifest.digest),
  ]);
  const present = rows.map((row) => digestFromHex(row.digest));
  if (onlyIf === undefined || onlyIf === 'absent') return present.length === 0;
  if (tags.length === 0) return true;
  return present.length === new Set(tags).size && present.every((digest) => onlyIf.includes(digest));
}

async function readBlob(blobs: Pick<BlobStore, 'open'>, digest: Digest): Promise<Buffer | null> {
  const handle = await blobs.open(digest);
  if (!handle) return null;
  try {
    if (handle.size > MAX_CONFIG_BYTES) return null;
    const bytes = Buffer.alloc(handle.size);
    let position = 0;
    while (position < bytes.length) {
      const count = await handle.read(bytes.subarray(position), position);
      if (count === 0) return null;
      position += count;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Parameters $6 to $31 of {@link PUT}. */
function manifestValues(
  context: ChangeContext,
  manifest: NewManifest,
  attributes: Record<string, unknown>,
): readonly unknown[] {
  const { content } = manifest;
  const { config, subject, children } = content;
  const accessory = accessoryOf(content, manifest.tags);
  const type = artifactTypeOf(content);
  const blobs = namedBlobs(content);
  return [
    manifest.payload,
    content.kind,
    manifest.mediaType,
    content.artifactType === undefined ? null : storableText(content.artifactType),
    config ? storableText(config.mediaType) : null,
    manifest.allowMissing,
    ...blobColumns(blobs),
    children.map((child) => digestBytes(child.digest)),
    children.map((child) => child.size),
    children.map((child) => storableText(child.mediaType)),
    children.map((child) => json(child.platform)),
    children.map((child) => json(child.annotations)),
    children.map((child) => json(child.urls)),
    config ? digestBytes(config.digest) : null,
    subject ? digestBytes(subject.digest) : null,
    accessory ? digestBytes(accessory.subject) : null,
    accessory?.type ?? null,
    type,
    json(content.annotations),
    JSON.stringify(attributes),
    nameOf(callerOf(context).principal),
    [...new Set(manifest.tags)],
    pushedEvent(context, manifest, type),
  ];
}

function blobColumns(blobs: readonly NamedBlob[]): readonly unknown[][] {
  return [
    blobs.map((blob) => digestBytes(blob.descriptor.digest)),
    blobs.map((blob) => blob.descriptor.size),
    blobs.map((blob) => storableText(blob.descriptor.mediaType)),
    blobs.map((blob) => blob.role),
  ];
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(storable(value));
}

/** The statement adds what only it knows: ids, size, and which tags moved from where. */
function pushedEvent(context: ChangeContext, manifest: NewManifest, type: string): string {
  const { name } = context.repository;
  const { content, digest, tags } = manifest;
  const [tag] = tags;
  return eventPayload({
    data: {
      repository: name,
      digest,
      mediaType: manifest.mediaType,
      artifactType: content.artifactType === undefined ? null : storableText(content.artifactType),
      type,
      subjectDigest: content.subject?.digest ?? null,
      pushedBy: nameOf(callerOf(context).principal),
    },
    audit: auditOf(context, {
      resourceType: 'artifact',
      resource: tag === undefined ? `${name}@${digest}` : `${name}:${tag}`,
      operation: 'create',
      status: 201,
      after: { digest, tags },
    }),
  });
}

function outcomeOf(answer: PutAnswer, manifest: NewManifest): PutManifestOutcome {
  switch (answer.verdict) {
    case 'missing':
      return { status: 'missing', digests: [...new Set(answer.missing ?? [])].map(digestFromHex) };
    case 'too-deep':
      return { status: 'too-deep' };
    case 'ok':
      return { status: 'stored' };
    default:
      return overQuota(answer, manifest.payload.length);
  }
}
