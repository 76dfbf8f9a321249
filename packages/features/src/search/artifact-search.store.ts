import { AppError } from '@moorage/contracts';
import {
  allOf,
  conditionSql,
  type Database,
  type ListColumns,
  type ListCondition,
  type ListRows,
  listRows,
  type Statement,
  sql,
} from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { projectFilter } from '../access/index.ts';
import { digestFromHex } from '../content/index.ts';
import type { ListRequest, Principal } from '../http/index.ts';
import { sideBySide } from './artifact-side-by-side.store.ts';
import { digestRange } from './digest-prefix.rules.ts';

export interface FoundArtifactRow {
  readonly id: number;
  readonly project_id: number;
  readonly project_name: string;
  readonly is_public: boolean;
  readonly repository_name: string;
  readonly digest: Digest;
  readonly type: string;
  readonly size: number;
  readonly push_time: Date;
  readonly pushed_by: string;
  readonly tags: readonly string[];
  readonly labels: readonly string[];
  /** As they were pushed. */
  readonly annotations: unknown;
}

/** So many artifacts are found by an index of their own and then sorted; more are dense enough to be met in order. */
const FEW = 5_000;
/** So many projects or repositories are read side by side; with more, all of them are read in the order of pushes. */
const FEW_PLACES = 2_000;
const COUNT_LIMIT = 1_000;
const MAX_NAMES = 10;

/** Keys that an index of their own answers, in the order of how well. */
const INDEXED = ['digest', 'annotation', 'tag', 'label'];
const PLACES = ['project', 'repository'];
const PLAIN: ListColumns = {
  project: { sql: sql`p.name`, kind: 'text' },
  repository: { sql: sql`r.name`, kind: 'text' },
  type: { sql: sql`m.type`, kind: 'text' },
  push_time: { sql: sql`m.push_time`, kind: 'time' },
};
const TAG: ListColumns = { tag: { sql: sql`t.name`, kind: 'text' } };
const LABEL: ListColumns = { label: { sql: sql`l.name`, kind: 'text' } };

/** Artifacts of all projects in SQL. */
export class ArtifactSearchStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * One page of the artifacts that meet the conditions in projects where the principal may list them. At most four
   * statements: the artifacts and repositories that an index finds, the page, and the total, which stops at 1000.
   */
  async list(principal: Principal, request: ListRequest): Promise<ListRows<FoundArtifactRow>> {
    const readable = projectFilter(principal, 'artifact:list');
    const where = [sql`m.is_listed and p.deleted_at is null and r.trash_item_id is null`, readable];
    const found = (await this.#artifacts(request, where)) ?? (await this.#places(readable, request, where));
    const { rows, ...list } = await listRows<Omit<FoundArtifactRow, 'digest'> & { digest: string }>(
      this.#database,
      {
        columns: PLAIN,
        select: sql`m.id, p.id as project_id, p.name as project_name, p.is_public, r.name as repository_name,
          encode(m.digest, 'hex') as digest, m.type, m.size, m.push_time, m.pushed_by, m.annotations,
          array(select t.name from tags t where t.manifest_id = m.id order by t.push_time desc, t.id desc limit ${MAX_NAMES}) as tags,
          array(select l.name from artifact_labels al join labels l on l.id = al.label_id where al.manifest_id = m.id
            order by l.name limit ${MAX_NAMES}) as labels`,
        from: found.from(request.page * request.pageSize),
        where: found.where,
        tiebreak: sql`m.id`,
        countAll: sql`select count(*) as total from ${found.counted} counted`,
        keyset: true,
      },
      // All conditions stand in `where`: these keys are no columns.
      { ...request, conditions: [] },
    );
    return { ...list, rows: rows.map((row) => ({ ...row, digest: digestFromHex(row.digest) })) };
  }

  /** The artifacts an index finds, when they are few; null when there is no such condition or there are many. */
  async #artifacts(request: ListRequest, where: readonly Statement[]): Promise<Found | null> {
    const condition = INDEXED.flatMap((key) => request.conditions.filter((one) => one.key === key))[0];
    if (!condition) return null;
    const found = await this.#database.run<{ ids: number[] }>(
      sql`select array(${idsMeeting(condition)} limit ${FEW + 1})::text[] as ids`,
    );
    const ids = found[0]?.ids.map(Number) ?? [];
    if (ids.length > FEW) return null;
    return amongAll([sql`m.id = any(${ids}::bigint[])`, ...where, ...conditionsOf(request)]);
  }

  /**
   * The readable projects that meet the conditions, or their repositories when these are asked for: when they are few,
   * their newest are read side by side.
   */
  async #places(readable: Statement, request: ListRequest, where: readonly Statement[]): Promise<Found> {
    const chosen = request.conditions.filter(({ key }) => PLACES.includes(key));
    const everywhere = amongAll([...where, ...conditionsOf(request)]);
    // Who sees everything and names no place needs no look at the projects: they are too many to read side by side.
    if (chosen.length === 0 && readable.text === EVERYTHING.text) return everywhere;
    const met = allOf([sql`p.deleted_at is null`, readable, ...chosen.map((one) => conditionSql(PLAIN, one))]);
    const isOfRepositories = chosen.some(({ key }) => key === 'repository');
    const found = await this.#database.run<{ id: number }>(
      isOfRepositories
        ? sql`select r.id from repositories r join projects p on p.id = r.project_id
            where r.first_pushed_at is not null and ${met} limit ${FEW_PLACES + 1}`
        : sql`select p.id from projects p where ${met} limit ${FEW_PLACES + 1}`,
    );
    if (found.length > FEW_PLACES) return everywhere;
    const places = {
      ids: found.map((row) => row.id),
      column: isOfRepositories ? sql`x.repository_id` : sql`x.project_id`,
    };
    const inner = request.conditions.filter(({ key }) => !PLACES.includes(key)).map((one) => conditionOf(one, sql`x`));
    const { first, counted } = sideBySide(places, inner, request);
    return { from: (rows) => sql`${first(rows)} ${PICKED}`, where, counted: counted(COUNT_LIMIT) };
  }
}

/** Where a page is read, under which conditions, and the rows its total counts. */
interface Found {
  /** With at most so many rows of each part that is read. */
  readonly from: (rows: number) => Statement;
  readonly where: readonly Statement[];
  readonly counted: Statement;
}

/** Met in the order of pushes. */
function amongAll(where: readonly Statement[]): Found {
  return { from: () => FROM, where, counted: sql`(select from ${FROM} where ${allOf(where)} limit ${COUNT_LIMIT})` };
}

const PICKED = sql`picked join manifests m on m.id = picked.id
  join repositories r on r.id = m.repository_id join projects p on p.id = m.project_id`;
const EVERYTHING = sql`true`;
const FROM = sql`manifests m join repositories r on r.id = m.repository_id join projects p on p.id = m.project_id`;

function conditionsOf(request: ListRequest): Statement[] {
  return request.conditions.map((condition) => conditionOf(condition));
}

/** Ids of the listed artifacts that meet a condition an index answers. */
function idsMeeting(condition: ListCondition): Statement {
  switch (condition.key) {
    case 'tag':
      return sql`select distinct t.manifest_id from tags t where ${conditionSql(TAG, condition)}`;
    case 'label':
      return sql`select distinct al.manifest_id from labels l join artifact_labels al on al.label_id = l.id
        where ${conditionSql(LABEL, condition)}`;
    case 'annotation':
      return sql`select m.id from manifests m where m.is_listed and m.annotations is not null
        and ${annotationCondition(condition, sql`m.annotations`)}`;
    default:
      return sql`select m.id from manifests m where m.is_listed and ${conditionOf(condition)}`;
  }
}

function conditionOf(condition: ListCondition, m: Statement = sql`m`): Statement {
  switch (condition.key) {
    case 'digest':
      return digestCondition(condition, m);
    case 'annotation':
      // Not in the words of the index: those that are not few are met on the way, not gathered once more.
      return annotationCondition(condition, sql`coalesce(${m}.annotations, '{}')`);
    case 'tag':
      return sql`exists (select from tags t where t.manifest_id = ${m}.id and ${conditionSql(TAG, condition)})`;
    case 'label':
      return sql`exists (select from artifact_labels al join labels l on l.id = al.label_id
        where al.manifest_id = ${m}.id and ${conditionSql(LABEL, condition)})`;
    case 'type':
      return conditionSql({ type: { sql: sql`${m}.type`, kind: 'text' } }, condition);
    case 'push_time':
      return conditionSql({ push_time: { sql: sql`${m}.push_time`, kind: 'time' } }, condition);
    default:
      return conditionSql(PLAIN, condition);
  }
}

function digestCondition(condition: ListCondition, m: Statement): Statement {
  if (condition.op !== 'equals' && condition.op !== 'contains') {
    throw new AppError('BAD_REQUEST', 'q: digest: give one digest, or with =~ its beginning.');
  }
  const range = digestRange(condition.value, condition.op === 'contains');
  if (!range) {
    throw new AppError('BAD_REQUEST', 'q: digest: give sha256:… in full, or with =~ at least its first four digits.');
  }
  return range.to === null
    ? sql`${m}.digest = ${range.from}`
    : sql`${m}.digest >= ${range.from} and ${m}.digest < ${range.to}`;
}

/** `key=value` or `key`. */
function annotationCondition(condition: ListCondition, annotations: Statement): Statement {
  if (condition.op !== 'equals' || condition.value === '') {
    throw new AppError('BAD_REQUEST', 'q: annotation: write annotation=key=value, or annotation=key for any value.');
  }
  const equals = condition.value.indexOf('=');
  if (equals < 0) return sql`${annotations} ? ${condition.value}`;
  const pair = { [condition.value.slice(0, equals)]: condition.value.slice(equals + 1) };
  return sql`${annotations} @> ${JSON.stringify(pair)}::jsonb`;
}
