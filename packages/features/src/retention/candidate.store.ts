import type { Database, Transaction } from '@moorage/database';
import { schemeTiesSql } from '../reachability/index.ts';
import type { Candidate, CandidateTag } from '../retention-rule/index.ts';

/** A repository as an evaluation looks at it. */
export interface RepositoryPlace {
  readonly projectId: number;
  readonly id: number;
  /** Full name. */
  readonly name: string;
}

/** Where a reader stands: behind this artifact, newest first. */
export type ScanPosition = Pick<Candidate, 'id' | 'pushedAt'>;

interface StoredRow {
  id: number;
  digest: string;
  type: string;
  artifact_type: string;
  size: number;
  /** Microseconds since 1970, exactly. */
  pushed_us: number;
  untagged_at: number | null;
  pulled_at: number | null;
  is_held: boolean;
  is_part: boolean;
  labels: number[] | null;
  tag: string | null;
  tag_pushed_at: number;
  tag_pulled_at: number | null;
  is_immutable: boolean;
}

/** Rows fetched at a time: few enough that they die young. */
export const SCAN_BATCH = 500;

/**
 * Every artifact that is nobody's accessory, newest first, a row for each tag. What was pushed after the moment of the
 * evaluation is not there, nor what lost its last tag, or was pushed again without one, later. Accessories are what the graph of deletions says they are,
 * by subject or by tag; one that is held or has an immutable tag holds its subject, and so on upwards. The sub-queries
 * are hashed once for the whole repository.
 */
const DECLARE = `declare retention_scan no scroll cursor for
  with recursive covering as materialized (
    select r.id from immutable_tag_rules r where r.project_id = $1 and not r.is_disabled and not exists (
      select from immutable_tag_selectors s where s.rule_id = r.id and s.scope = 'repository'
        and s.includes <> (substr($3, strpos($3, '/') + 1) ~ s.expression))
  ), held as materialized (
    select manifest_id from artifact_holds where project_id = $1 and (held_until is null or held_until > now())
  ), ties as materialized (
    select a.id as manifest_id, a.digest, s.digest as subject
      from manifests a join manifests s on s.repository_id = $2 and s.digest = a.accessory_of where a.repository_id = $2
    union select a.id, a.digest, s.digest
      from manifests a join manifests s on s.repository_id = $2 and s.digest = a.subject_digest where a.repository_id = $2
    union ${schemeTiesSql('$2')}
  ), fixed as materialized (
    select t.manifest_id from tags t where t.repository_id = $2 and (select exists (select from covering))
      and t.manifest_id in (select manifest_id from ties) and exists (
        select from covering r where not exists (
          select from immutable_tag_selectors s where s.rule_id = r.id and s.scope = 'tag' and s.includes <> (t.name ~ s.expression)))
  ), holding (digest) as (
    select subject from ties where manifest_id in (select manifest_id from held union all select manifest_id from fixed)
    union select ties.subject from holding join ties on ties.digest = holding.digest
  ), left_by_tags as materialized (
    select old_digest as digest, max(moved_at) as moved_at from tag_moves
    where repository_id = $2 and project_id = $1 and old_digest is not null group by 1
  ), part_pushes as materialized (
    select c.manifest_id, max(part.touched_at) as touched_at
    from manifest_children c join manifests part on part.repository_id = c.repository_id and part.digest = c.child_digest
    where c.repository_id = $2 group by 1
  )
  select m.id, digest_text(m.digest) as digest, m.type, coalesce(m.artifact_type, m.config_media_type, '') as artifact_type,
    m.size, (extract(epoch from m.push_time) * 1000000)::bigint as pushed_us,
    (extract(epoch from greatest(u.moved_at, m.touched_at, p.touched_at)) * 1000)::float8 as untagged_at,
    (extract(epoch from m.pull_time) * 1000)::float8 as pulled_at,
    m.id in (select manifest_id from held) or holding.digest is not null as is_held,
    m.digest in (select child_digest from manifest_children where repository_id = $2) as is_part,
    case when $5 then array(select label_id from artifact_labels a where a.manifest_id = m.id) end as labels,
    t.name as tag, (extract(epoch from t.push_time) * 1000)::float8 as tag_pushed_at,
    (extract(epoch from t.pull_time) * 1000)::float8 as tag_pulled_at,
    case when (select exists (select from covering)) and t.name is not null then exists (
      select from covering r where not exists (
        select from immutable_tag_selectors s where s.rule_id = r.id and s.scope = 'tag' and s.includes <> (t.name ~ s.expression)))
    else false end as is_immutable
  from manifests m left join tags t on t.manifest_id = m.id and t.repository_id = $2
    left join left_by_tags u on u.digest = m.digest and t.name is null
    left join part_pushes p on p.manifest_id = m.id and t.name is null
    left join holding on holding.digest = m.digest
  where m.project_id = $1 and m.repository_id = $2 and m.push_time <= $4 and (t.push_time is null or t.push_time <= $4)
    and (t.name is not null or greatest(u.moved_at, m.touched_at, p.touched_at) <= $4)
    and not exists (select from ties where ties.manifest_id = m.id)
    and ($6::bigint is null or (m.push_time, m.id) < (timestamptz 'epoch' + $6::bigint * interval '1 microsecond', $7::bigint))
  order by m.push_time desc, m.id desc, t.name`;

/** Reads what retention decides about. */
export class CandidateStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The database's time, rounded up to whole milliseconds: what was pushed before is pushed before it. */
  async now(): Promise<Date> {
    const [row] = await this.#database.query<{ now: Date }>(
      `select date_trunc('milliseconds', now()) + interval '1 millisecond' as now`,
    );
    return row?.now ?? new Date(Number.NaN);
  }

  /** The next repositories of a project by name, after this one. */
  async listRepositories(projectId: number, after: string, limit: number): Promise<RepositoryPlace[]> {
    const rows = await this.#database.query<{ id: number; name: string }>(
      'select id, name from repositories where project_id = $1 and name > $2 and trash_item_id is null order by name limit $3',
      [projectId, after, limit],
    );
    return rows.map(({ id, name }) => ({ projectId, id, name }));
  }

  async findRepository(projectId: number, name: string): Promise<RepositoryPlace | null> {
    const [row] = await this.#database.query<{ id: number }>(
      'select id from repositories where project_id = $1 and name = $2 and trash_item_id is null',
      [projectId, name],
    );
    return row ? { projectId, id: row.id, name } : null;
  }

  /** Runs `work` on one unchanging view of the database. */
  snapshot<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query('set transaction isolation level repeatable read, read only');
      // The whole result is read: the plan must not aim at its first rows, nor go row by row where statistics are missing.
      await transaction.query(
        `select set_config('cursor_tuple_fraction', '1', true), set_config('enable_nestloop', 'off', true),
           set_config('jit', 'off', true)`,
      );
      return work(transaction);
    });
  }

  /** The artifacts of a repository behind a position, batch by batch; the last batch may be empty. */
  async *scan(
    transaction: Transaction,
    place: RepositoryPlace,
    options: { readonly asOf: Date; readonly needsLabels: boolean; readonly after?: ScanPosition | undefined },
  ): AsyncGenerator<readonly Candidate[]> {
    const { asOf, needsLabels, after } = options;
    const { projectId, id, name } = place;
    const position = after ? [Math.round(after.pushedAt * 1000), after.id] : [null, null];
    await transaction.query(DECLARE, [projectId, id, name, asOf, needsLabels, ...position]);
    let isBroken = false;
    try {
      // The last artifact of a batch may have more tags in the next one.
      let open: StoredRow[] = [];
      for (;;) {
        const rows = await transaction.query<StoredRow>(`fetch ${SCAN_BATCH} from retention_scan`);
        const groups = grouped([...open, ...rows]);
        if (rows.length < SCAN_BATCH) {
          yield groups.map(candidateOf);
          return;
        }
        open = groups.pop() ?? [];
        yield groups.map(candidateOf);
      }
    } catch (error) {
      isBroken = true;
      throw error;
    } finally {
      if (!isBroken) await transaction.query('close retention_scan');
    }
  }
}

const NO_LABELS: readonly number[] = [];

function grouped(rows: readonly StoredRow[]): StoredRow[][] {
  const groups: StoredRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.id === row.id) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

function candidateOf(rows: readonly StoredRow[]): Candidate {
  const row = rows[0] as StoredRow;
  const pushedAt = row.pushed_us / 1000;
  return {
    id: row.id,
    digest: row.digest,
    type: row.type,
    artifactType: row.artifact_type,
    size: row.size,
    pushedAt,
    untaggedAt: Math.max(pushedAt, row.untagged_at ?? 0),
    pulledAt: row.pulled_at,
    labels: row.labels ?? NO_LABELS,
    isHeld: row.is_held,
    isPart: row.is_part,
    tags: row.tag === null ? [] : rows.map(tagOf),
  };
}

function tagOf(row: StoredRow): CandidateTag {
  return {
    name: row.tag ?? '',
    pushedAt: row.tag_pushed_at,
    pulledAt: row.tag_pulled_at,
    isImmutable: row.is_immutable,
  };
}
