import { listRepositoryTags, type ListSpec } from '@moorage/contracts';
import { allOf, conditionSql, type Database, type Statement, sql } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { tagColumns } from '../artifact/index.ts';
import { digestBytes } from '../content/index.ts';
import { parseConditions } from '../http/index.ts';

/** Which artifacts of a repository; digests as on the wire. */
export interface LabelSelection {
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly matching?: { readonly q: string } | undefined;
}

export interface RepositoryPlace {
  readonly projectId: number;
  readonly id: number;
}

/** A change of one label on some artifacts, and what is told of each: its resource and digest are put in here. */
export interface LabelChange {
  readonly labelId: number;
  readonly event: string;
  readonly payload: string;
  readonly repository: string;
}

const TAG_LIST = listRepositoryTags.list as ListSpec;

/** The event of each row of `changed`, from the one of the whole change. */
const TELL = `
  insert into outbox_events (name, project_id, payload)
  select $4, $1, jsonb_set(jsonb_set($5::jsonb, '{data}', $5::jsonb -> 'data'
      || jsonb_build_object('digest', digest_text(m.digest), 'artifactId', m.id)),
    '{audit,resource}', to_jsonb($6 || '@' || digest_text(m.digest)))
  from changed join manifests m on m.id = changed.manifest_id returning 1`;

const ATTACH = `
  with target as (
    select m.id from manifests m, labels l where m.project_id = $1 and m.id = any($2::bigint[]) and l.id = $3
      and (l.project_id is null or l.project_id = $1) for key share
  ), changed as (
    insert into artifact_labels (manifest_id, label_id, project_id) select id, $3, $1 from target
    on conflict do nothing returning manifest_id
  ), told as (${TELL})
  select count(*) as count from changed`;

const DETACH = `
  with changed as (
    delete from artifact_labels where project_id = $1 and manifest_id = any($2::bigint[]) and label_id = $3
    returning manifest_id
  ), told as (${TELL})
  select count(*) as count from changed`;

/** Labels on many artifacts at once. */
export class BulkLabelStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findRepository(projectId: number, name: string): Promise<number | null> {
    const [row] = await this.#database.query<{ id: number }>(
      'select id from repositories where project_id = $1 and name = $2 and first_pushed_at is not null',
      [projectId, name],
    );
    return row?.id ?? null;
  }

  /** Which of these labels the project may not use. */
  async unusable(projectId: number, labelIds: readonly number[]): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      `select given.id from unnest($2::int[]) as given (id)
       where not exists (select from labels l where l.id = given.id and (l.project_id is null or l.project_id = $1))`,
      [projectId, labelIds],
    );
    return rows.map((row) => row.id);
  }

  /** Ids of the selected artifacts, at most `limit`. Throws as a list does for a bad filter. */
  async artifacts(place: RepositoryPlace, selection: LabelSelection, limit: number): Promise<number[]> {
    const digests = selection.digests.map((digest) => digestBytes(digest as Digest).toString('hex'));
    const rows = await this.#database.run<{ id: number }>(
      sql`select m.id from manifests m where m.project_id = ${place.projectId} and m.repository_id = ${place.id}
        and (m.id in (select t.manifest_id from tags t where ${selectedTags(place, selection)})
          or m.digest in (select decode(hex, 'hex') from unnest(${digests}::text[]) hex))
        order by m.id limit ${limit}`,
    );
    return rows.map((row) => row.id);
  }

  /** Tags of these artifacts that the selection does not name. */
  async otherTags(place: RepositoryPlace, selection: LabelSelection, ids: readonly number[]): Promise<number> {
    const [row] = await this.#database.run<{ count: number }>(
      sql`select count(*) as count from tags t where t.repository_id = ${place.id}
        and t.manifest_id = any(${ids}::bigint[]) and not coalesce(${selectedTags(place, selection)}, false)`,
    );
    return row?.count ?? 0;
  }

  /** How many of these artifacts have the label. */
  async having(projectId: number, ids: readonly number[], labelId: number): Promise<number> {
    const [row] = await this.#database.query<{ count: number }>(
      `select count(*) as count from artifact_labels
       where project_id = $1 and manifest_id = any($2::bigint[]) and label_id = $3`,
      [projectId, ids, labelId],
    );
    return row?.count ?? 0;
  }

  attach(projectId: number, ids: readonly number[], change: LabelChange): Promise<number> {
    return this.#change(ATTACH, projectId, ids, change);
  }

  detach(projectId: number, ids: readonly number[], change: LabelChange): Promise<number> {
    return this.#change(DETACH, projectId, ids, change);
  }

  async #change(statement: string, projectId: number, ids: readonly number[], change: LabelChange): Promise<number> {
    const [row] = await this.#database.query<{ count: number }>(statement, [
      projectId,
      ids,
      change.labelId,
      change.event,
      change.payload,
      change.repository,
    ]);
    return row?.count ?? 0;
  }
}

function selectedTags(place: RepositoryPlace, { tags, matching }: LabelSelection): Statement {
  const filter =
    matching === undefined
      ? sql`false`
      : allOf(parseConditions(TAG_LIST, matching.q).map((condition) => conditionSql(tagColumns(place.id), condition)));
  return sql`(t.repository_id = ${place.id} and (t.name = any(${tags}::text[]) or ${filter}))`;
}
