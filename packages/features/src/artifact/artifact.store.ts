import { allOf, conditionSql, type Database, type ListRows, listRows, type Statement, sql } from '@moorage/database';
import { parseDigest } from '@moorage/distribution';
import type { ListRequest } from '../http/index.ts';
import { digestBytes, digestFromHex } from '../content/index.ts';
import {
  artifactColumns,
  type ArtifactScope,
  artifactTypeOf,
  LISTED,
  mediaTypeOf,
  splitConditions,
} from './artifact-filter.store.ts';
import type { ArtifactRow } from './artifact.rules.ts';

interface StoredArtifact {
  id: number;
  project_id: number;
  repository_id: number;
  repository_name: string;
  digest: string;
  media_type: string;
  manifest_media_type: string;
  artifact_type: string;
  kind: 'image' | 'index';
  type: string;
  size: number;
  extra_attrs: Record<string, unknown>;
  annotations: unknown;
  pushed_by: string;
  push_time: Date;
  pull_time: Date | null;
}

/** Counting more would take longer than anyone waits; the total of a larger list is this number. */
const COUNT_LIMIT = 1_000_000;
const M = sql`m`;
const COLUMNS = artifactColumns(M);
const NEWER_COLUMNS = artifactColumns(sql`n`);
const SELECTED = sql`m.id, m.project_id, m.repository_id, r.name as repository_name, encode(m.digest, 'hex') as digest,
  ${mediaTypeOf(M)} as media_type, m.media_type as manifest_media_type, ${artifactTypeOf(M)} as artifact_type, m.kind,
  m.type, m.size, m.extra_attrs, m.annotations, m.pushed_by, m.push_time, m.pull_time`;
const FROM = sql`manifests m join repositories r on r.id = m.repository_id`;

/** Artifacts in SQL, as the API shows them; written by the registry room. */
export class ArtifactStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Id of a repository that shows, by its full name. */
  async findRepository(projectId: number, name: string): Promise<number | null> {
    const rows = await this.#database.query<{ id: number }>(
      'select id from repositories where project_id = $1 and name = $2 and first_pushed_at is not null',
      [projectId, name],
    );
    return rows[0]?.id ?? null;
  }

  /**
   * Ids of one page of a repository's or a project's artifacts. `latestOf`: only the newest artifact of its repository among
   * those that meet these conditions. The total stops at {@link COUNT_LIMIT}.
   */
  async list(
    scope: ArtifactScope,
    latestOf: ListRequest['conditions'] | null,
    request: ListRequest,
  ): Promise<ListRows<number>> {
    const { rest, includeParts } = splitConditions(request.conditions);
    const where = [
      sql`m.project_id = ${scope.projectId}`,
      ...('repositoryId' in scope ? [sql`m.repository_id = ${scope.repositoryId}`] : []),
      ...(latestOf ? [sql`not exists (${newerThan(latestOf)})`] : []),
      ...(includeParts ? [] : [LISTED]),
      ...('repositoryId' in scope ? [] : [notMoving(scope.projectId)]),
    ];
    const { rows, ...list } = await listRows<{ id: number }>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`m.id`,
        from: rest.some((condition) => condition.key === 'repository_name') ? FROM : sql`manifests m`,
        where,
        tiebreak: sql`m.id`,
        countLimit: COUNT_LIMIT,
        keyset: true,
        isDeep: true,
        countAll: includeParts || latestOf ? undefined : countListed(scope),
      },
      { ...request, conditions: rest },
    );
    return { ...list, rows: rows.map((row) => row.id) };
  }

  /** One artifact by tag or digest. */
  async find(projectId: number, repositoryName: string, reference: string): Promise<ArtifactRow | null> {
    const digest = parseDigest(reference);
    const rows = await this.#database.run<StoredArtifact>(
      digest === null
        ? sql`select ${SELECTED} from repositories r join tags t on t.repository_id = r.id and t.name = ${reference}
            join manifests m on m.id = t.manifest_id where r.project_id = ${projectId} and r.name = ${repositoryName}`
        : sql`select ${SELECTED} from ${FROM} where r.project_id = ${projectId} and r.name = ${repositoryName}
            and m.digest = ${digestBytes(digest)}`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** Artifacts by id, in the given order; ids that are gone or of another project are left out. */
  async load(projectId: number, ids: readonly number[]): Promise<ArtifactRow[]> {
    const rows = await this.#database.run<StoredArtifact>(
      sql`select ${SELECTED} from ${FROM} where m.project_id = ${projectId} and m.id = any(${ids}::bigint[])`,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row ? [rowOf(row)] : [];
    });
  }
}

/** Without repositories on their way to the trash. */
function notMoving(projectId: number): Statement {
  return sql`not m.repository_id = any(array(
    select id from repositories where project_id = ${projectId} and trash_item_id is not null))`;
}

/** How many artifacts a list without conditions shows: counted as they come and go, and exact in every snapshot. */
function countListed(scope: ArtifactScope): Statement {
  const counted = allOf([
    sql`r.project_id = ${scope.projectId} and r.trash_item_id is null`,
    ...('repositoryId' in scope ? [sql`r.id = ${scope.repositoryId}`] : []),
  ]);
  return sql`select (coalesce(sum(r.listed_count), 0) + coalesce((
      select sum(l.listed) from listed_changes l join repositories r on r.id = l.repository_id where ${counted}
    ), 0))::bigint as total from repositories r where ${counted}`;
}

function newerThan(conditions: ListRequest['conditions']): Statement {
  const alike = conditions.map((condition) => conditionSql(NEWER_COLUMNS, condition));
  return sql`select from manifests n where n.repository_id = m.repository_id
    and (n.push_time, n.id) > (m.push_time, m.id) and ${allOf(alike)}`;
}

function rowOf(row: StoredArtifact): ArtifactRow {
  return {
    id: row.id,
    projectId: row.project_id,
    repositoryId: row.repository_id,
    repositoryName: row.repository_name,
    digest: digestFromHex(row.digest),
    mediaType: row.media_type,
    manifestMediaType: row.manifest_media_type,
    artifactType: row.artifact_type,
    kind: row.kind,
    type: row.type,
    size: row.size,
    extraAttrs: row.extra_attrs,
    annotations: row.annotations,
    pushedBy: row.pushed_by,
    pushTime: row.push_time,
    pullTime: row.pull_time,
  };
}
