import type { Database } from '@moorage/database';
import { digestBytes } from '../src/content/index.ts';
import { RepositoryModel } from '../src/reachability/testing/repository-model.ts';
import type { Digest } from '@moorage/distribution';

/** A repository as the bytes of its manifests tell of it. Digests are the hex of their columns. */
export interface RepositoryTruth {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly model: RepositoryModel;
  /** The blobs each manifest needs. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** The blobs it has. */
  readonly links: ReadonlySet<string>;
}

/** What is stored, worked out without any column or table that says what needs what. */
export interface Truth {
  readonly repositories: readonly RepositoryTruth[];
  /** Blobs that something in the trash needs. */
  readonly trashed: ReadonlySet<string>;
  /** Bytes of each project, every digest once. */
  readonly usage: ReadonlyMap<number, number>;
}

interface Descriptor {
  readonly digest: Digest;
  readonly size: number;
  readonly mediaType: string;
}

interface Body {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly subject?: Descriptor;
}

interface ManifestRow {
  readonly repository_id: number;
  readonly digest: string;
  readonly payload: Buffer;
  readonly belongs_to: string | null;
  readonly is_held: boolean;
}

interface TrashRow {
  readonly item_id: number;
  readonly project_id: number;
  readonly digest: string;
  readonly payload: Buffer;
}

const MANIFESTS = `select m.repository_id, encode(m.digest, 'hex') as digest, m.payload, encode(m.accessory_of, 'hex') as belongs_to,
    exists (select from artifact_holds h where h.manifest_id = m.id and (h.held_until is null or h.held_until > now())) as is_held
  from manifests m where m.project_id = any($1::int[])`;
const TRASH = `select t.item_id, t.project_id, encode(t.digest, 'hex') as digest, t.payload from trash_manifests t where t.project_id = any($1::int[])`;

/** Reads what some projects have; `isImmutable` is told the short name of a repository and a tag. */
export async function readTruth(
  database: Database,
  projects: readonly number[],
  isImmutable: (repository: string, tag: string) => boolean = () => false,
): Promise<Truth> {
  const values = [projects];
  const places = await database.query<{ id: number; project_id: number; name: string }>(
    'select id, project_id, name from repositories where project_id = any($1::int[]) order by id',
    values,
  );
  const manifests = await database.query<ManifestRow>(MANIFESTS, values);
  const tags = await database.query<{ repository_id: number; name: string; digest: string }>(
    `select t.repository_id, t.name, encode(m.digest, 'hex') as digest from tags t join manifests m on m.id = t.manifest_id
     where t.project_id = any($1::int[])`,
    values,
  );
  const links = await database.query<{ repository_id: number; digest: string; size: number }>(
    `select repository_id, encode(digest, 'hex') as digest, size from repository_blobs where project_id = any($1::int[])`,
    values,
  );
  const trash = await database.query<TrashRow>(TRASH, values);
  const repositories = places.map(({ id, project_id: projectId, name }) => {
    const own = <T extends { readonly repository_id: number }>(rows: readonly T[]) =>
      rows.filter((row) => row.repository_id === id);
    const short = name.slice(name.indexOf('/') + 1);
    const { model, needs } = modelOf(own(manifests));
    for (const tag of own(tags)) {
      model.tags.set(tag.name, tag.digest);
      if (isImmutable(short, tag.name)) model.immutable.add(tag.name);
    }
    return { id, projectId, name, model, needs, links: new Set(own(links).map((link) => link.digest)) };
  });
  const trashed = contentOfTrash(trash);
  const usage = new Map(
    projects.map((projectId) => {
      const ids = new Set(repositories.filter((place) => place.projectId === projectId).map(({ id }) => id));
      const sizes = new Map<string, number>();
      for (const row of manifests) if (ids.has(row.repository_id)) sizes.set(row.digest, row.payload.length);
      for (const row of links) if (ids.has(row.repository_id)) sizes.set(row.digest, row.size);
      for (const row of trash) if (row.project_id === projectId) sizes.set(row.digest, row.payload.length);
      for (const blob of trashed) if (blob.projectId === projectId) sizes.set(blob.digest, blob.size);
      return [projectId, [...sizes.values()].reduce((sum, size) => sum + size, 0)];
    }),
  );
  return { repositories, trashed: new Set(trashed.map(({ digest }) => digest)), usage };
}

function modelOf(rows: readonly ManifestRow[]): Pick<RepositoryTruth, 'model' | 'needs'> {
  const model = new RepositoryModel();
  const here = new Set(rows.map(({ digest }) => digest));
  const needs = new Map<string, ReadonlySet<string>>();
  for (const { digest, payload, belongs_to: belongsTo, is_held: isHeld } of rows) {
    const body = JSON.parse(payload.toString()) as Body;
    const listed = (body.manifests ?? []).map((entry) => hexOf(entry.digest));
    const subject = body.subject ? hexOf(body.subject.digest) : null;
    const parts = [...new Set(listed.filter((entry) => here.has(entry)))];
    model.manifests.set(digest, { digest, parts, subject, belongsTo, isHeld });
    needs.set(digest, new Set(blobsOf(body, (entry) => here.has(entry)).map((blob) => hexOf(blob.digest))));
  }
  return { model, needs };
}

/** Config, layers but those that are elsewhere, and entries of an index that are no manifests (P7). */
function blobsOf(body: Body, isManifest: (hex: string) => boolean): Descriptor[] {
  const own = [body.config, ...(body.layers ?? [])].filter((blob) => blob !== undefined);
  const entries = (body.manifests ?? []).filter(({ digest }) => !isManifest(hexOf(digest)));
  return [...own.filter(({ mediaType }) => !/foreign|nondistributable/.test(mediaType)), ...entries];
}

function contentOfTrash(rows: readonly TrashRow[]): { projectId: number; digest: string; size: number }[] {
  return rows.flatMap(({ item_id: itemId, project_id: projectId, payload }) => {
    const beside = new Set(rows.filter((row) => row.item_id === itemId).map(({ digest }) => digest));
    const blobs = blobsOf(JSON.parse(payload.toString()) as Body, (entry) => beside.has(entry));
    return blobs.map(({ digest, size }) => ({ projectId, digest: hexOf(digest), size }));
  });
}

function hexOf(digest: Digest): string {
  return digestBytes(digest).toString('hex');
}
