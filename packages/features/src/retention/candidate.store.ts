import type { Database, Transaction } from '@moorage/database';
import { schemeTiesSql } from '../reachability/index.ts';
import { type Candidate, type CandidateLines, joinLines, lastArtifact, LINE_FLAGS } from '../retention-rule/index.ts';

/** A repository as an evaluation looks at it. */
export interface RepositoryPlace {
  readonly projectId: number;
  readonly id: number;
  /** Full name. */
  readonly name: string;
}

/** Where a reader stands: behind this artifact, newest first. */
export type ScanPosition = Pick<Candidate, 'id' | 'pushedAt'>;

/** Lines fetched at a time: few enough that others get their turn between two batches. */
export const SCAN_BATCH = 1_000;

const micros = (time: string) => `coalesce((date_part('epoch', ${time}) * 1000000)::bigint::text, '')`;

/** No text from outside ends a field or a line. */
const inLine = (text: string) => `translate(${text}, E'\\t\\n', '  ')`;

/**
 * Every artifact that is nobody's accessory, newest first, a row for each tag. What was pushed after the moment of the
 * evaluation is not there, nor what lost its last tag, or was pushed again without one, later. Accessories are what the graph of deletions says they are,
 * by subject or by tag; one that is held or has an immutable tag holds its subject, and so on upwards. The sub-queries
 * are hashed once for the whole repository (what is grouped is expected to be few, and so it is hashed whatever the
 * planner thinks of the rest), and rows are made text only once they are sorted.
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
  select concat_ws(E'\\t', f.id, f.size, ${micros('f.push_time')}, ${micros('case when f.tag is null then f.untagged_at end')},
    ${micros('f.pull_time')}, f.flags, ${micros('nullif(f.tag_push_time, f.push_time)')}, ${micros('f.tag_pull_time')},
    coalesce(f.tag, ''), f.labels, encode(f.digest, 'hex'), ${inLine('f.type')}, ${inLine('f.artifact_type')}, E'\\n') as line
  from (select m.id, m.digest, m.size, m.push_time, greatest(u.moved_at, m.touched_at, p.touched_at) as untagged_at, m.pull_time,
    (m.id in (select manifest_id from held) or m.digest in (select digest from holding group by 1))::int * ${LINE_FLAGS.held}
      + (m.digest in (select child_digest from manifest_children where repository_id = $2))::int * ${LINE_FLAGS.part}
      + (case when (select exists (select from covering)) and t.name is not null then exists (
        select from covering r where not exists (
          select from immutable_tag_selectors s where s.rule_id = r.id and s.scope = 'tag' and s.includes <> (t.name ~ s.expression)))
      else false end)::int * ${LINE_FLAGS.immutable} as flags,
    t.name as tag, t.push_time as tag_push_time, t.pull_time as tag_pull_time,
    case when $5 then array_to_string(array(select label_id from artifact_labels a where a.manifest_id = m.id), ' ') else '' end as labels,
    m.type, coalesce(m.artifact_type, m.config_media_type, '') as artifact_type
  from manifests m left join tags t on t.manifest_id = m.id and t.repository_id = $2
    left join left_by_tags u on u.digest = m.digest and t.name is null
    left join part_pushes p on p.manifest_id = m.id and t.name is null
  where m.project_id = $1 and m.repository_id = $2 and m.push_time <= $4 and (t.push_time is null or t.push_time <= $4)
    and (t.name is not null or greatest(u.moved_at, m.touched_at, p.touched_at) <= $4)
    and m.id not in (select manifest_id from ties group by 1)
    and ($6::bigint is null or (m.push_time, m.id) < (timestamptz 'epoch' + $6::bigint * interval '1 microsecond', $7::bigint))
  order by m.push_time desc, m.id desc, t.name offset 0) f`;

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
           set_config('jit', 'off', true), set_config('work_mem', '32MB', true)`,
      );
      return work(transaction);
    });
  }

  /**
   * The artifacts of a repository behind a position, batch by batch, each with all its lines; the last batch may be empty.
   * The next batch is on its way while one is looked at.
   */
  async *scan(
    transaction: Transaction,
    place: RepositoryPlace,
    options: { readonly asOf: Date; readonly needsLabels: boolean; readonly after?: ScanPosition | undefined },
  ): AsyncGenerator<CandidateLines> {
    const { asOf, needsLabels, after } = options;
    const { projectId, id, name } = place;
    const position = after ? [Math.round(after.pushedAt * 1000), after.id] : [null, null];
    await transaction.query(DECLARE, [projectId, id, name, asOf, needsLabels, ...position]);
    let coming = fetchLines(transaction);
    try {
      // The last artifact of a batch may have more tags in the next one.
      let open: Uint8Array = NOTHING;
      for (;;) {
        const fetched = await coming;
        const lines = joinLines(open, fetched.join(''));
        if (fetched.length < SCAN_BATCH) {
          yield lines;
          return;
        }
        coming = fetchLines(transaction);
        const whole = lastArtifact(lines);
        open = Uint8Array.from(lines.subarray(whole));
        yield lines.subarray(0, whole);
      }
    } finally {
      // A batch that nobody waits for any more; one that failed has broken the transaction, and with it the cursor.
      const isWhole = await coming.then(
        () => true,
        () => false,
      );
      if (isWhole) await transaction.query('close retention_scan');
    }
  }
}

const NOTHING = new Uint8Array();

/** Its failure is seen by who waits for it. */
function fetchLines(transaction: Transaction): Promise<string[]> {
  const lines = transaction
    .query<{ line: string }>(`fetch ${SCAN_BATCH} from retention_scan`)
    .then((rows) => rows.map(({ line }) => line));
  lines.catch(() => undefined);
  return lines;
}
