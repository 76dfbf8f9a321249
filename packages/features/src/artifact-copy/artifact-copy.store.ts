import type { Database } from '@moorage/database';
import { type Digest, MAX_INDEX_DEPTH } from '@moorage/distribution';
import { digestFromHex } from '../content/index.ts';
import { MAX_TAGS_OF_NODE, schemeRangeOf, schemeTagsSql } from '../reachability/index.ts';
import type { CopiedManifest } from './artifact-copy.rules.ts';

/** A manifest to copy, with what it needs and is known by. */
export interface CopySet extends CopiedManifest {
  readonly id: number;
  readonly tags: readonly string[];
  /** Config and layers, or blobs an index names; foreign layers stay where they are. */
  readonly blobs: readonly Digest[];
}

/** What belongs to an artifact, in SQL. */
export class ArtifactCopyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Digest of another artifact of the repository whose copy takes this one along; null when it belongs to none. */
  async subjectOf(projectId: number, artifactId: number): Promise<Digest | null> {
    const tags = await this.#database.query<{ name: string }>(
      `select name from tags where project_id = $1 and manifest_id = $2 and name ~ '^sha[0-9]+-' limit $3`,
      [projectId, artifactId, MAX_TAGS_OF_NODE],
    );
    const ranges = tags.map((tag) => schemeRangeOf(tag.name)).filter((range) => range !== null);
    const [subject] = await this.#database.query<{ digest: string }>(
      `select encode(s.digest, 'hex') as digest from manifests a
         join lateral (
           select id, digest from manifests where repository_id = a.repository_id
               and digest in (a.accessory_of, a.subject_digest)
           union all
           select id, digest from unnest($3::text[], $4::text[]) as named (first, last) join manifests m
             on m.repository_id = a.repository_id and m.digest between decode(named.first, 'hex') and decode(named.last, 'hex')
         ) s on s.id <> a.id
         -- As in listSet: what lists its subject does not go along with it.
         where a.project_id = $1 and a.id = $2
           and not exists (select from manifest_children c where c.manifest_id = a.id and c.child_digest = s.digest)
       limit 1`,
      [projectId, artifactId, ranges.map((range) => range.first), ranges.map((range) => range.last)],
    );
    return subject ? digestFromHex(subject.digest) : null;
  }

  /** The artifact with everything that goes along, at most `limit` manifests, each with at most `tagLimit` of its tags. */
  async listSet(projectId: number, artifactId: number, limit: number, tagLimit: number): Promise<CopySet[]> {
    const rows = await this.#database.query<{
      id: number;
      digest: string;
      depth: number;
      tags: string[];
      blobs: string[];
    }>(
      `with recursive along (id, repository_id, digest, level) as (
         select id, repository_id, digest, 0 from manifests where project_id = $1 and id = $2
         union
         select m.id, m.repository_id, m.digest, along.level + 1
         from along cross join lateral (
           select part.id, part.repository_id, part.digest from manifest_children c
             join manifests part on part.repository_id = along.repository_id and part.digest = c.child_digest
             where c.manifest_id = along.id
           union all
           select a.id, a.repository_id, a.digest from (
             select id from manifests where repository_id = along.repository_id and accessory_of = along.digest
             union all
             select id from manifests where repository_id = along.repository_id and subject_digest = along.digest
             union all
             select manifest_id from tags
               where repository_id = along.repository_id and name = any(${schemeTagsSql('along.digest')})
           ) accessory join manifests a on a.id = accessory.id
             -- What lists its subject can only come after it, and the artifact comes last.
             where not exists (select from manifest_children c where c.manifest_id = a.id and c.child_digest = along.digest)
         ) m
         where along.level < ${2 * MAX_INDEX_DEPTH}
       )
       select m.id, encode(m.digest, 'hex') as digest, m.depth,
         array(select t.name from tags t where t.manifest_id = m.id order by t.push_time desc, t.id desc limit $4) as tags,
         array(select encode(mb.digest, 'hex') from manifest_blobs mb where mb.manifest_id = m.id and mb.role <> 'foreign'
           order by mb.position) as blobs
       from manifests m where m.id in (select id from along) limit $3`,
      [projectId, artifactId, limit, tagLimit],
    );
    return rows.map((row) => ({
      id: row.id,
      digest: digestFromHex(row.digest),
      depth: row.depth,
      isRoot: row.id === artifactId,
      tags: row.tags,
      blobs: row.blobs.map(digestFromHex),
    }));
  }
}
