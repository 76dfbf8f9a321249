import {
  type BlobStore,
  type ChangeContext,
  type Digest,
  type ContentDescriptor,
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
import type { ContentLimits, ContentLimitsProvider } from './content-limits.ts';
import { digestBytes, digestFromHex, ensureRepository, PROJECT_GONE, type ContentDatabase } from '../content/index.ts';
import { accessoryOf, artifactTypeOf, type NamedBlob, namedBlobs } from './manifest.rules.ts';
import {
  type Exactness,
  overQuota,
  type QuotaAnswer,
  type QuotaGate,
  type QuotaStatement,
  quotaWarning,
} from '../usage/index.ts';
import { auditOf, callerOf, howOf } from './registry-caller.ts';
import { PUT_IMAGE, PUT_INDEX } from './manifest-put-statement.store.ts';
import type { RepositoryCounters } from './repository-counters.store.ts';
import { nameOf } from '../http/index.ts';

interface PutAnswer extends Omit<QuotaAnswer, 'verdict'> {
  readonly verdict: QuotaAnswer['verdict'] | 'missing' | 'too-deep' | 'listed';
  readonly repository_id: number | null;
  readonly changed: boolean;
  readonly missing: readonly string[] | null;
}

/** The one change of the engine with many parts: storing a manifest. */
export class ManifestPut {
  readonly #database: ContentDatabase;
  readonly #blobs: Pick<BlobStore, 'open'>;
  readonly #gate: QuotaGate;
  readonly #counters: RepositoryCounters;
  readonly #limits: ContentLimitsProvider;

  constructor(
    database: ContentDatabase,
    blobs: Pick<BlobStore, 'open'>,
    gate: QuotaGate,
    counters: RepositoryCounters,
    limits: ContentLimitsProvider,
  ) {
    this.#database = database;
    this.#blobs = blobs;
    this.#gate = gate;
    this.#counters = counters;
    this.#limits = limits;
  }

  async put(context: ChangeContext, manifest: NewManifest): Promise<PutManifestOutcome> {
    const values = manifestValues(context, manifest, await this.#attributes(context, manifest));
    const isImage = manifest.content.kind === 'image';
    let answer = await this.#store(context, manifest, isImage ? PUT_IMAGE : PUT_INDEX, values);
    if (answer !== 'changed' && answer.repository_id === null && answer.verdict === 'ok') {
      if (!(await ensureRepository(this.#database, context.repository))) return PROJECT_GONE;
      answer = await this.#store(context, manifest, isImage ? PUT_IMAGE : PUT_INDEX, values);
    }
    if (answer !== 'changed' && answer.verdict === 'listed') {
      answer = await this.#store(context, manifest, PUT_INDEX, values);
    }
    if (answer === 'changed') return { status: 'changed' };
    if (answer.changed && answer.repository_id !== null) await this.#counters.settle(answer.repository_id);
    return outcomeOf(answer, manifest, await this.#limits());
  }

  #store(
    context: ChangeContext,
    manifest: NewManifest,
    statement: QuotaStatement,
    values: ManifestValues,
  ): Promise<PutAnswer | 'changed'> {
    const { repository } = context;
    const digest = digestBytes(manifest.digest);
    const put = async (sql: Sql, exactness: Exactness): Promise<PutAnswer> => {
      const { quotaEnforced } = await this.#limits();
      const common = [repository.namespaceId, repository.name, digest, quotaEnforced, ...values.common];
      const all = statement === PUT_INDEX ? [...common, ...values.children] : common;
      const [answer] = await sql.query<PutAnswer>(statement[exactness], all);
      return answer as PutAnswer;
    };
    if (manifest.onlyIf === undefined) return this.#gate.run(repository.namespaceId, put);
    return this.#gate.runExactly(repository.namespaceId, async (transaction) =>
      (await holds(transaction, context, manifest)) ? put(transaction, 'exact') : 'changed',
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

interface ManifestValues {
  /** $5 to $24. */
  readonly common: readonly unknown[];
  /** $25 to $30. */
  readonly children: readonly unknown[];
}

function manifestValues(
  context: ChangeContext,
  manifest: NewManifest,
  attributes: Record<string, unknown>,
): ManifestValues {
  const { content } = manifest;
  const { config, subject } = content;
  const accessory = accessoryOf(content, manifest.tags);
  const type = artifactTypeOf(content);
  const common = [
    manifest.payload,
    content.kind,
    manifest.mediaType,
    content.artifactType === undefined ? null : storableText(content.artifactType),
    config ? storableText(config.mediaType) : null,
    manifest.allowMissing,
    ...blobColumns(namedBlobs(content)),
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
  return { common, children: childColumns(content.children) };
}

function childColumns(children: readonly ContentDescriptor[]): readonly unknown[][] {
  return [
    children.map((child) => digestBytes(child.digest)),
    children.map((child) => child.size),
    children.map((child) => storableText(child.mediaType)),
    children.map((child) => json(child.platform)),
    children.map((child) => json(child.annotations)),
    children.map((child) => json(child.urls)),
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
      how: howOf(context),
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

function outcomeOf(answer: PutAnswer, manifest: NewManifest, limits: ContentLimits): PutManifestOutcome {
  switch (answer.verdict) {
    case 'missing':
      return { status: 'missing', digests: [...new Set(answer.missing ?? [])].map(digestFromHex) };
    case 'too-deep':
      return { status: 'too-deep' };
    case 'ok':
      return { status: 'stored', ...warningsOf(answer, limits) };
    default:
      return overQuota(answer, manifest.payload.length);
  }
}

function warningsOf({ used, added, hard, soft }: PutAnswer, limits: ContentLimits): { readonly warnings?: string[] } {
  if (used === null) return {};
  const warning = quotaWarning({ used: used + (added ?? 0), hard, soft }, limits.quotaWarningPercent);
  return warning === undefined ? {} : { warnings: [warning] };
}
