import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import type { ListRequest } from '../http/index.ts';
import { digestBytes, digestFromHex } from '../content/index.ts';
import { artifactTypeOf, digestCondition } from './artifact-filter.store.ts';
import { type AccessoryRow, type ArtifactRow, type ChildRow, MAX_NESTED, type ReferrerRow } from './artifact.rules.ts';

interface StoredAccessory {
  id: number;
  subject_id: number;
  subject_digest: string;
  repository_name: string;
  digest: string;
  accessory_type: string;
  artifact_type: string;
  size: number;
  annotations: unknown;
  push_time: Date;
}

const A = sql`a`;
/** Columns of the accessory `a`. */
const ACCESSORY = sql`a.id, encode(a.digest, 'hex') as digest, a.accessory_type, ${artifactTypeOf(A)} as artifact_type, a.size,
  a.annotations, a.push_time`;
/** The same with those of its subject `s` and their repository `r`. */
const ACCESSORY_OF = sql`${ACCESSORY}, s.id as subject_id, encode(s.digest, 'hex') as subject_digest, r.name as repository_name`;
const ACCESSORY_COLUMNS: ListColumns = {
  id: { sql: sql`a.id`, kind: 'number' },
  type: { sql: sql`a.accessory_type`, kind: 'text' },
  digest: { sql: sql`digest_text(a.digest)`, kind: 'text', condition: digestCondition(sql`a.digest`) },
  size: { sql: sql`a.size`, kind: 'number' },
  creation_time: { sql: sql`a.push_time`, kind: 'time' },
};
const REFERRER_COLUMNS: ListColumns = {
  artifact_type: { sql: artifactTypeOf(A), kind: 'text' },
  digest: { sql: sql`digest_text(a.digest)`, kind: 'text', condition: digestCondition(sql`a.digest`) },
  size: { sql: sql`a.size`, kind: 'number' },
  push_time: { sql: sql`a.push_time`, kind: 'time' },
};

/** What artifacts of a repository say about each other: accessories, referrers, parts of an index. */
export class AccessoryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The accessories of one artifact. What is the same in all rows is not looked up for each. */
  async list(artifact: ArtifactRow, request: ListRequest): Promise<ListRows<AccessoryRow>> {
    const { rows, total } = await listRows<Omit<StoredAccessory, 'subject_id' | 'subject_digest' | 'repository_name'>>(
      this.#database,
      {
        columns: ACCESSORY_COLUMNS,
        select: ACCESSORY,
        from: sql`manifests a`,
        where: [
          sql`a.project_id = ${artifact.projectId}`,
          sql`a.repository_id = ${artifact.repositoryId}`,
          sql`a.accessory_of = ${digestBytes(artifact.digest)}`,
        ],
        tiebreak: sql`a.id`,
      },
      request,
    );
    return {
      rows: rows.map((row) => ({
        ...accessoryOf(row),
        subjectId: artifact.id,
        subjectDigest: artifact.digest,
        repositoryName: artifact.repositoryName,
      })),
      total,
    };
  }

  /** Manifests that name the artifact as their subject. */
  async listReferrers(artifact: ArtifactRow, request: ListRequest): Promise<ListRows<ReferrerRow>> {
    const { rows, total } = await listRows<Omit<ReferrerRow, 'digest'> & { digest: string }>(
      this.#database,
      {
        columns: REFERRER_COLUMNS,
        select: sql`a.id, encode(a.digest, 'hex') as digest, a.media_type, ${artifactTypeOf(A)} as artifact_type, a.size,
          a.annotations, a.accessory_type, a.push_time, a.pushed_by`,
        from: sql`manifests a`,
        where: [
          sql`a.project_id = ${artifact.projectId}`,
          sql`a.repository_id = ${artifact.repositoryId}`,
          sql`a.subject_digest = ${digestBytes(artifact.digest)}`,
        ],
        tiebreak: sql`a.id`,
      },
      request,
    );
    return { rows: rows.map((row) => ({ ...row, digest: digestFromHex(row.digest) })), total };
  }

  /** The accessories of some artifacts, newest first, at most {@link MAX_NESTED} each. */
  async listOfArtifacts(projectId: number, manifestIds: readonly number[]): Promise<AccessoryRow[]> {
    const rows = await this.#database.run<StoredAccessory>(
      sql`select ${ACCESSORY_OF} from manifests s join repositories r on r.id = s.repository_id
        cross join lateral (
          select * from manifests x where x.repository_id = s.repository_id and x.accessory_of = s.digest
          order by x.push_time desc, x.id desc limit ${MAX_NESTED}
        ) a
        where s.project_id = ${projectId} and s.id = any(${manifestIds}::bigint[])`,
    );
    return rows.map((row) => ({ ...accessoryOf(row), ...subjectOf(row) }));
  }

  /** The accessories of the indexes that some artifacts are part of, by the id of the part; at most {@link MAX_NESTED} each. */
  async listInherited(
    projectId: number,
    manifestIds: readonly number[],
  ): Promise<(AccessoryRow & { childId: number })[]> {
    const rows = await this.#database.run<StoredAccessory & { child_id: number }>(
      sql`select m.id as child_id, ${ACCESSORY_OF} from manifests m
        join repositories r on r.id = m.repository_id
        cross join lateral (
          select parent.manifest_id as parent_id, x.id from (
            select distinct c.manifest_id from manifest_children c
            where c.repository_id = m.repository_id and c.child_digest = m.digest limit ${MAX_NESTED}
          ) parent
          join manifests p on p.id = parent.manifest_id
          cross join lateral (
            select y.id from manifests y where y.repository_id = p.repository_id and y.accessory_of = p.digest
            order by y.push_time desc, y.id desc limit ${MAX_NESTED}
          ) x
          limit ${MAX_NESTED}
        ) found
        join manifests s on s.id = found.parent_id
        join manifests a on a.id = found.id
        where m.project_id = ${projectId} and m.id = any(${manifestIds}::bigint[])`,
    );
    return rows.map((row) => ({ ...accessoryOf(row), ...subjectOf(row), childId: row.child_id }));
  }

  /** The parts of some indexes in order, at most {@link MAX_NESTED} each. */
  async listChildren(projectId: number, manifestIds: readonly number[]): Promise<ChildRow[]> {
    const rows = await this.#database.query<{
      manifest_id: number;
      child_id: number | null;
      digest: string;
      platform: unknown;
      annotations: unknown;
      urls: unknown;
    }>(
      `select c.manifest_id, child.id as child_id, encode(c.child_digest, 'hex') as digest, c.platform, c.annotations, c.urls
       from manifests m join manifest_children c on c.manifest_id = m.id and c.position <= ${MAX_NESTED}
       left join manifests child on child.repository_id = c.repository_id and child.digest = c.child_digest
       where m.project_id = $1 and m.id = any($2::bigint[]) order by c.manifest_id, c.position`,
      [projectId, manifestIds],
    );
    return rows.map((row) => ({
      parentId: row.manifest_id,
      childId: row.child_id ?? 0,
      digest: digestFromHex(row.digest) as Digest,
      platform: row.platform,
      annotations: row.annotations,
      urls: row.urls,
    }));
  }
}

type Subject = 'subjectId' | 'subjectDigest' | 'repositoryName';

function subjectOf(row: StoredAccessory): Pick<AccessoryRow, Subject> {
  return {
    subjectId: row.subject_id,
    subjectDigest: digestFromHex(row.subject_digest),
    repositoryName: row.repository_name,
  };
}

function accessoryOf(
  row: Omit<StoredAccessory, 'subject_id' | 'subject_digest' | 'repository_name'>,
): Omit<AccessoryRow, Subject> {
  return {
    id: row.id,
    digest: digestFromHex(row.digest),
    type: row.accessory_type,
    artifactType: row.artifact_type,
    size: row.size,
    annotations: row.annotations,
    pushTime: row.push_time,
  };
}
