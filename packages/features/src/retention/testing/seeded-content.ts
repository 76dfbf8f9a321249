import { createHash } from 'node:crypto';
import type { Database } from '@moorage/database';
import { seedRepository } from '@moorage/testing';

/** An artifact as a test writes it; times are days before now. */
export interface SeedArtifact {
  /** Tells artifacts of a repository apart and makes their digest. */
  readonly key: string;
  readonly age: number;
  readonly tags?: readonly { readonly name: string; readonly age: number }[];
  readonly pulledAge?: number | null;
  readonly type?: string;
  readonly artifactType?: string;
  readonly size?: number;
  readonly isHeld?: boolean;
  readonly labelId?: number;
  /** Keys of its parts, when it is an index; seeded before. */
  readonly parts?: readonly string[];
  /** Key of its subject; seeded before. */
  readonly subject?: string;
  /** Key of what it belongs to by a tag: `sha256-<hex>` and the suffix. */
  readonly schemeTag?: { readonly subject: string; readonly suffix: string };
}

/** The digest an artifact of a test has. */
export function digestOf(repository: string, key: string): string {
  return `sha256:${createHash('sha256').update(`${repository} ${key}`).digest('hex')}`;
}

/** Puts a repository with content straight into the tables; its id. */
export async function seedContent(
  database: Database,
  projectId: number,
  repository: string,
  artifacts: readonly SeedArtifact[],
): Promise<number> {
  const repositoryId = await seedRepository(database, projectId, repository);
  for (const artifact of artifacts)
    await seedArtifact(database, projectId, { id: repositoryId, name: repository }, artifact);
  return repositoryId;
}

async function seedArtifact(
  database: Database,
  projectId: number,
  repository: { readonly id: number; readonly name: string },
  artifact: SeedArtifact,
): Promise<void> {
  const { key, age, pulledAge = null, parts = [], subject, schemeTag } = artifact;
  const subjectDigest = subject === undefined ? null : digestOf(repository.name, subject);
  const [made] = await database.query<{ id: number }>(
    `with made as (
       insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time,
         touched_at, pull_time, subject_digest, accessory_of, accessory_type, artifact_type)
       values ($1, $2, digest_bytes($3), 'application/vnd.oci.image.manifest.v1+json', convert_to($4, 'UTF8'), $5, $6, $7, 'seed',
         now() - $8 * interval '1 day', now() - $8 * interval '1 day', now() - $9::float8 * interval '1 day', digest_bytes($10), digest_bytes($10), $11,
         $12)
       returning id, digest, payload_size
     ), charged as (
       insert into project_blobs (project_id, digest, size, links) select $2, digest, payload_size, 1 from made
       on conflict (project_id, digest) do update set links = project_blobs.links + 1
     )
     select id from made`,
    [
      repository.id,
      projectId,
      digestOf(repository.name, key),
      `{"key":"${key}"}`,
      parts.length > 0 ? 'index' : 'image',
      artifact.type ?? 'IMAGE',
      artifact.size ?? 100,
      age,
      pulledAge,
      subjectDigest,
      subject === undefined ? null : 'signature.cosign',
      artifact.artifactType ?? 'application/vnd.test',
    ],
  );
  const id = made?.id ?? 0;
  const tags = [...(artifact.tags ?? [])];
  if (schemeTag) {
    tags.push({ name: digestOf(repository.name, schemeTag.subject).replace(':', '-') + schemeTag.suffix, age });
  }
  for (const tag of tags) {
    await database.query(
      `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time)
       values ($1, $2, $3, $4, digest_bytes($5), 'seed', now() - $6 * interval '1 day')`,
      [repository.id, projectId, tag.name, id, digestOf(repository.name, key), tag.age],
    );
  }
  for (const [index, part] of parts.entries()) {
    await database.query(
      `insert into manifest_children (manifest_id, repository_id, position, child_digest) values ($1, $2, $3, digest_bytes($4))`,
      [id, repository.id, index, digestOf(repository.name, part)],
    );
  }
  if (artifact.isHeld) {
    await database.query(
      `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by) values ($1, $2, 'legal-hold', 'test', 'seed')`,
      [projectId, id],
    );
  }
  if (artifact.labelId !== undefined) {
    await database.query('insert into artifact_labels (manifest_id, label_id, project_id) values ($1, $2, $3)', [
      id,
      artifact.labelId,
      projectId,
    ]);
  }
}
