import type {
  Accessory,
  AnswerOf,
  getArtifact,
  getLabel,
  listReferrers,
  listRepositoryTags,
  listTags,
  Platform,
} from '@moorage/contracts';
import type { Digest } from '@moorage/distribution';
import { iconOf } from '../icon/index.ts';

/** Tags, parts and accessories shown with one artifact; the full lists are lists of their own. */
export const MAX_NESTED = 250;

export interface ArtifactRow {
  readonly id: number;
  readonly projectId: number;
  readonly repositoryId: number;
  /** Full name, project first. */
  readonly repositoryName: string;
  readonly digest: Digest;
  /** Of the config, or of the manifest when it has none. */
  readonly mediaType: string;
  readonly manifestMediaType: string;
  readonly artifactType: string;
  readonly kind: 'image' | 'index';
  /** IMAGE, CHART, … (ART-3). */
  readonly type: string;
  readonly size: number;
  readonly extraAttrs: Record<string, unknown>;
  /** As they were pushed: not to be trusted to be a map of texts. */
  readonly annotations: unknown;
  readonly pushedBy: string;
  readonly pushTime: Date;
  readonly pullTime: Date | null;
}

export interface TagRow {
  readonly id: number;
  readonly repositoryId: number;
  readonly artifactId: number;
  readonly name: string;
  readonly pushTime: Date;
  readonly pullTime: Date | null;
  readonly pushedBy: string;
  /** Undefined where nobody asked. */
  readonly isImmutable?: boolean;
}

export interface AccessoryRow {
  readonly id: number;
  readonly subjectId: number;
  readonly subjectDigest: Digest;
  readonly repositoryName: string;
  readonly digest: Digest;
  readonly type: string;
  readonly artifactType: string;
  readonly size: number;
  readonly annotations: unknown;
  readonly pushTime: Date;
}

export interface ReferrerRow {
  readonly id: number;
  readonly digest: Digest;
  readonly media_type: string;
  readonly artifact_type: string;
  readonly size: number;
  readonly annotations: unknown;
  readonly accessory_type: string;
  readonly push_time: Date;
  readonly pushed_by: string;
}

/** A part of an index; `childId` is 0 when it is not in this registry. */
export interface ChildRow {
  readonly parentId: number;
  readonly childId: number;
  readonly digest: Digest;
  readonly platform: unknown;
  readonly annotations: unknown;
  readonly urls: unknown;
}

/** What is shown with an artifact; undefined parts were not asked for. */
export interface ArtifactParts {
  readonly children: readonly ChildRow[];
  readonly tags?: readonly TagRow[];
  readonly labels?: readonly AnswerOf<typeof getLabel>[];
  readonly accessories?: readonly AccessoryRow[];
  readonly inherited?: readonly AccessoryRow[];
}

/** What Harbor answers for "never". */
const NEVER = new Date('0001-01-01T00:00:00.000Z');

/** An artifact on the wire (ART-1). Lists without rows are null, as Harbor has them. */
export function artifactView(row: ArtifactRow, parts: ArtifactParts): AnswerOf<typeof getArtifact> {
  return {
    id: row.id,
    type: row.type,
    media_type: row.mediaType,
    manifest_media_type: row.manifestMediaType,
    artifact_type: row.artifactType,
    project_id: row.projectId,
    repository_id: row.repositoryId,
    repository_name: row.repositoryName,
    digest: row.digest,
    size: row.size,
    icon: iconOf(row.type),
    push_time: row.pushTime,
    pull_time: row.pullTime ?? NEVER,
    extra_attrs: row.extraAttrs,
    annotations: textMap(row.annotations),
    references: orNull(parts.children.map(childView)),
    tags: orNull((parts.tags ?? []).map(tagView)),
    addition_links: additionLinks(row),
    labels: parts.labels ? [...parts.labels] : null,
    accessories: orNull((parts.accessories ?? []).map(accessoryView)),
    ...(parts.inherited ? { inherited_accessories: parts.inherited.map(accessoryView) } : {}),
    pushed_by: row.pushedBy,
  };
}

export function tagView(row: TagRow): AnswerOf<typeof listTags>[number] {
  return {
    id: row.id,
    repository_id: row.repositoryId,
    artifact_id: row.artifactId,
    name: row.name,
    push_time: row.pushTime,
    pull_time: row.pullTime ?? NEVER,
    immutable: row.isImmutable ?? false,
    pushed_by: row.pushedBy,
  };
}

export function accessoryView(row: AccessoryRow): Accessory {
  const annotations = textMap(row.annotations);
  return {
    id: row.id,
    artifact_id: row.id,
    subject_artifact_id: row.subjectId,
    subject_artifact_digest: row.subjectDigest,
    subject_artifact_repo: row.repositoryName,
    size: row.size,
    digest: row.digest,
    type: row.type,
    icon: iconOf(row.type),
    creation_time: row.pushTime.toISOString(),
    artifact_type: row.artifactType,
    ...(annotations ? { annotations } : {}),
  };
}

export function referrerView(row: ReferrerRow): AnswerOf<typeof listReferrers>[number] {
  return { ...row, annotations: textMap(row.annotations) ?? {} };
}

/** A row of the tag-first list. Attestations beside the images of an index are no platforms. */
export function repositoryTagView(
  row: TagRow & {
    digest: Digest;
    type: string;
    mediaType: string;
    size: number;
    platforms: readonly unknown[];
    isSigned: boolean;
  },
  labels: readonly AnswerOf<typeof getLabel>[] | null,
): AnswerOf<typeof listRepositoryTags>[number] {
  return {
    id: row.id,
    name: row.name,
    artifact_id: row.artifactId,
    digest: row.digest,
    type: row.type,
    media_type: row.mediaType,
    size: row.size,
    platforms: row.platforms.flatMap((platform) => {
      const read = platformOf(platform);
      return read && read.os !== 'unknown' ? [read] : [];
    }),
    push_time: row.pushTime,
    pushed_by: row.pushedBy,
    pull_time: row.pullTime ?? NEVER,
    immutable: row.isImmutable ?? false,
    signed: row.isSigned,
    ...(labels ? { labels: [...labels] } : {}),
  };
}

function childView(row: ChildRow) {
  const platform = platformOf(row.platform);
  const annotations = textMap(row.annotations);
  const urls = textList(row.urls);
  return {
    parent_id: row.parentId,
    child_id: row.childId,
    child_digest: row.digest,
    ...(platform ? { platform } : {}),
    ...(annotations ? { annotations } : {}),
    ...(urls ? { urls } : {}),
  };
}

/** What can be shown of the inside of an artifact, by its type (ART-6). */
const ADDITIONS_OF: Readonly<Record<string, readonly string[]>> = {
  IMAGE: ['build_history'],
  WASM: ['build_history'],
  CHART: ['values.yaml', 'readme.md', 'dependencies'],
  CNAI: ['readme.md', 'license', 'files'],
};

/** The additions an artifact can have; whether it has them shows when they are read. */
export function additionsOf(row: Pick<ArtifactRow, 'kind' | 'type'>): readonly string[] {
  if (row.kind === 'index' || !Object.hasOwn(ADDITIONS_OF, row.type)) return [];
  return ADDITIONS_OF[row.type] ?? [];
}

/** Where the additions of an artifact are; the repository name is encoded twice, as in every path (API-4). */
function additionLinks(row: ArtifactRow): Record<string, { href: string; absolute: boolean }> {
  const slash = row.repositoryName.indexOf('/');
  const project = row.repositoryName.slice(0, slash);
  const name = encodeURIComponent(encodeURIComponent(row.repositoryName.slice(slash + 1)));
  const base = `/api/v2.0/projects/${project}/repositories/${name}/artifacts/${row.digest}/additions`;
  return Object.fromEntries(
    additionsOf(row).map((addition) => [addition, { href: `${base}/${addition}`, absolute: false }]),
  );
}

/** A platform out of pushed JSON: the members that are what they should be; null for no platform. */
export function platformOf(value: unknown): Platform | null {
  if (!isObject(value)) return null;
  const text = (key: string) => (typeof value[key] === 'string' && value[key] !== '' ? { [key]: value[key] } : {});
  const features = textList(value['os.features']);
  const platform: Platform = {
    ...text('architecture'),
    ...text('os'),
    ...text('os.version'),
    ...(features ? { 'os.features': features } : {}),
    ...text('variant'),
  };
  return Object.keys(platform).length === 0 ? null : platform;
}

/** The texts of pushed JSON that should be a map of texts; null when it is none. */
export function textMap(value: unknown): Record<string, string> | null {
  if (!isObject(value)) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The texts of pushed JSON that should be a list of texts; null when it is none. */
export function textList(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orNull<T>(items: T[]): T[] | null {
  return items.length === 0 ? null : items;
}
