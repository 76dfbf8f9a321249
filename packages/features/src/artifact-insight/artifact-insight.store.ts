import { type Database, sql } from '@moorage/database';
import { type Digest, MAX_INDEX_DEPTH } from '@moorage/distribution';
import { projectFilter } from '../access/index.ts';
import { digestBytes, digestFromHex } from '../content/index.ts';
import type { Principal } from '../http/index.ts';

export interface PullDay {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  readonly pulls: number;
}

/** A blob or manifest that an artifact is made of. */
export interface StoredPiece {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly isLayer: boolean;
  /** Whether another artifact of the project needs it. */
  readonly shared: boolean;
}

export interface Sharer {
  readonly layer: Digest;
  readonly repositoryName: string;
  readonly digest: Digest;
  readonly tag: string | null;
}

/** Repositories that are looked at for one layer: a common base layer is in thousands. */
const MAX_LOOKED_AT = 500;

/** Statistics of one artifact in SQL. */
export class ArtifactInsightStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Pulls of the last days, today included. */
  listPullDays(repositoryId: number, digest: Digest, days: number): Promise<PullDay[]> {
    return this.#database.run<{ day: string; pulls: number }>(
      sql`select to_char(day, 'YYYY-MM-DD') as day, pulls from artifact_pull_days
        where repository_id = ${repositoryId} and digest = ${digestBytes(digest)}
          and day > (now() at time zone 'UTC')::date - ${days}::int
        order by day`,
    );
  }

  /** Everything an artifact and its parts are made of, each digest once, at most `limit`. Its accessories do not count. */
  async listPieces(projectId: number, artifactId: number, limit: number): Promise<StoredPiece[]> {
    const rows = await this.#database.run<{
      digest: string;
      media_type: string;
      size: number;
      is_layer: boolean;
      shared: boolean;
    }>(
      sql`with recursive part (id, repository_id, digest, level) as (
          select id, repository_id, digest, 0 from manifests where project_id = ${projectId} and id = ${artifactId}
          union
          select m.id, m.repository_id, m.digest, part.level + 1 from part
          join manifest_children c on c.manifest_id = part.id
          join manifests m on m.repository_id = part.repository_id and m.digest = c.child_digest
          where part.level < ${MAX_INDEX_DEPTH}
        ), parts as materialized (select distinct id, repository_id, digest from part), ids as materialized (
          select array_agg(id) as all_ids from parts
        ), piece as materialized (
          select distinct on (mb.digest) mb.digest, mb.media_type, mb.size, mb.role = 'layer' as is_layer,
            exists (select from repository_blobs rb
              join manifest_blobs user_of on user_of.repository_id = rb.repository_id and user_of.digest = rb.digest
                and user_of.role <> 'foreign'
              where rb.digest = mb.digest and rb.project_id = ${projectId} and user_of.manifest_id <> all (ids.all_ids)) as shared,
            parts.id as part_id, mb.position
          from ids, parts join manifest_blobs mb on mb.manifest_id = parts.id and mb.role <> 'foreign'
          order by mb.digest, parts.id, mb.position
        )
        select encode(digest, 'hex') as digest, media_type, size, is_layer, shared from (
          select digest, media_type, size, is_layer, shared, part_id, position from piece
          union all
          select m.digest, m.media_type, m.payload_size, false,
            exists (select from project_blobs pb where pb.project_id = ${projectId} and pb.digest = m.digest and pb.links > 1),
            m.id, -1
          from parts join manifests m on m.id = parts.id
        ) pieces order by part_id, position limit ${limit}`,
    );
    return rows.map((row) => ({
      digest: digestFromHex(row.digest),
      mediaType: row.media_type,
      size: row.size,
      isLayer: row.is_layer,
      shared: row.shared,
    }));
  }

  /** Some other artifacts that need the layers, of projects the principal may list artifacts of, at most `limit` a layer. */
  async listSharers(
    principal: Principal,
    artifactId: number,
    layers: readonly Digest[],
    limit: number,
  ): Promise<Sharer[]> {
    const hexes = layers.map((digest) => digestBytes(digest).toString('hex'));
    const rows = await this.#database.run<{ layer: string; name: string; digest: string; tag: string | null }>(
      sql`select wanted.hex as layer, found.name, encode(found.digest, 'hex') as digest, found.tag
        from unnest(${hexes}::text[]) as wanted (hex) cross join lateral (
          select r.name, m.digest, (select t.name from tags t where t.manifest_id = m.id order by t.name limit 1) as tag
          from (
            select rb.repository_id, rb.project_id from repository_blobs rb where rb.digest = decode(wanted.hex, 'hex')
            limit ${MAX_LOOKED_AT}
          ) link
          join projects p on p.id = link.project_id and p.deleted_at is null
          join repositories r on r.id = link.repository_id and r.first_pushed_at is not null
          join manifest_blobs mb on mb.repository_id = r.id and mb.digest = decode(wanted.hex, 'hex')
          join manifests m on m.id = mb.manifest_id
          where ${projectFilter(principal, 'artifact:list')} and m.id <> ${artifactId}
            and not exists (select from manifest_children c where c.manifest_id = ${artifactId} and c.repository_id = r.id
              and c.child_digest = m.digest)
          limit ${limit}
        ) found`,
    );
    return rows.map((row) => ({
      layer: digestFromHex(row.layer),
      repositoryName: row.name,
      digest: digestFromHex(row.digest),
      tag: row.tag,
    }));
  }
}
