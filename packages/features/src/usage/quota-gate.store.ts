import type { Sql, Transaction, TransactionalSql } from '@moorage/database';
import { type Allowance, overQuotaMessage, tooManyMessage } from './quota.rules.ts';

/**
 * How usage is kept and limited.
 *
 * Usage of a project = each distinct digest it links (blobs) or holds (manifests), counted once: `project_blobs` counts
 * the links of a digest, and its first and last link write a row of `quota_ledger`. Usage is `quotas.used_bytes` plus
 * the ledger; {@link foldLedger} moves the one into the other. No push updates a row that all pushes share.
 *
 * A limited project is charged in one of two ways. Far from the limit (at least a quarter of it is free, and the push
 * needs at most 1/4096 of it) a statement holds the quota row FOR SHARE and writes the ledger; any number run at once.
 * Otherwise {@link QuotaGate.exactly} first locks the row against all of them, and the statement adds to `used_bytes`
 * itself. At most 1024 far statements, fewer than the server has connections, can be under way when the last quarter is
 * reached, and together they take at most that quarter; exact ones see them all, and a far one that waited for an exact
 * one reads the row as that one left it. So the sum of what is linked never passes the limit.
 *
 * Statements come in both forms, made of these fragments with $1 = project id, $2 = repository name, $3 = digest,
 * $4 = whether limits are enforced.
 */
export const QUOTA = `quota as materialized (
  select hard_bytes, used_bytes, soft_bytes, hard_artifacts, used_artifacts from quotas
  where project_id = $1 and (hard_bytes >= 0 or hard_artifacts >= 0 or soft_bytes >= 0) and $4 for share
), allowance as materialized (
  select nullif(hard_bytes, -1) as hard, used_bytes + pending.bytes as used, soft_bytes as soft,
    nullif(hard_artifacts, -1) as hard_artifacts, used_artifacts + pending.artifacts as artifacts
  from quota, (
    select coalesce(sum(bytes), 0)::bigint as bytes, coalesce(sum(artifacts), 0)::bigint as artifacts
    from quota_ledger where project_id = $1
  ) pending
)`;

/** How a statement charges the project: far from its limit, or exactly. */
export type Exactness = 'far' | 'exact';

/** Both forms of a statement. */
export type QuotaStatement = Readonly<Record<Exactness, string>>;

/** Expression: `ok`, `near` (repeat exactly) or `over`, for a push of `size` (an expression) new bytes. */
export function quotaVerdict(exactness: Exactness, size: string): string {
  const decision =
    exactness === 'exact'
      ? `when ${BYTES_FIT(size)} then 'ok' else 'over'`
      : `when ${BYTES_FAR(size)} then 'ok' else 'near'`;
  return `coalesce((select case ${decision} end from allowance), 'ok')`;
}

/**
 * The same for a manifest, which also counts as an artifact unless the repository has it; `too-many` when there may be no
 * more. Statements must know the repository's id as `repository`.
 */
export function artifactVerdict(exactness: Exactness, size: string): string {
  const decision =
    exactness === 'exact'
      ? `when not (${BYTES_FIT(size)}) then 'over' when ${ARTIFACT_FITS} then 'ok' else 'too-many'`
      : `when ${BYTES_FAR(size)} and ${ARTIFACTS_FAR} then 'ok' else 'near'`;
  return `coalesce((select case ${decision} end from allowance), 'ok')`;
}

const BYTES_FIT = (size: string) => `hard is null or used + ${size} <= hard
  or exists (select from project_blobs where project_id = $1 and digest = $3)`;
const BYTES_FAR = (size: string) =>
  `(hard is null or ((hard - used) * 4 >= hard and (${size})::bigint * 4096 <= hard))`;
const ARTIFACT_FITS = `hard_artifacts is null or artifacts < hard_artifacts
  or exists (select from manifests where repository_id = (select id from repository) and digest = $3)`;
const ARTIFACTS_FAR = `(hard_artifacts is null
  or (hard_artifacts >= 4096 and (hard_artifacts - artifacts) * 4 >= hard_artifacts))`;

/** Charges the project with digest $3 for each row of `source`, which gives `size`. */
export function charge(exactness: Exactness, source: string): string {
  const charged = `charged as (
    insert into project_blobs (project_id, digest, size, links) select $1, $3, size, 1 from ${source}
    on conflict (project_id, digest) do update set links = project_blobs.links + 1
    returning size, xmax = 0 as first
  )`;
  if (exactness === 'far') {
    return `${charged}, ledger as (
      insert into quota_ledger (project_id, bytes) select $1, size from charged where first
    )`;
  }
  return `${charged}, ledger as (
    insert into quota_ledger (project_id, bytes)
    select $1, size from charged where first and not exists (select from quota)
  ), used as (
    update quotas set used_bytes = used_bytes + charged.size from charged
    where project_id = $1 and first and exists (select from quota)
  )`;
}

/** Columns of {@link QuotaAnswer} besides the verdict. */
export function quotaAnswer(exactness: Exactness): string {
  const passed =
    exactness === 'far' ? 'false' : 'exists (select from allowance, charged where first and used + size > hard)';
  return `(select used from allowance) as used, (select hard from allowance) as hard,
    (select soft from allowance) as soft, (select artifacts from allowance) as artifacts,
    (select hard_artifacts from allowance) as hard_artifacts, (select size from charged where first) as added,
    ${passed} as passed`;
}

/** What a charging statement answers besides its own columns. */
export interface QuotaAnswer {
  readonly verdict: 'ok' | 'near' | 'over' | 'too-many';
  /** Before this statement. */
  readonly used: number | null;
  readonly hard: number | null;
  readonly soft: number | null;
  readonly artifacts: number | null;
  readonly hard_artifacts: number | null;
  /** Bytes that were new to the project. */
  readonly added: number | null;
  /** The content counted as there already went away meanwhile, and now the limit is passed: nothing may be committed. */
  readonly passed: boolean;
}

type GateAnswer = Pick<QuotaAnswer, 'passed'> & { readonly verdict: string };

const FOLD_EVERY = 500;
const MAX_ATTEMPTS = 5;

/** Runs statements that charge a project, and folds the ledger now and then. */
export class QuotaGate {
  readonly #database: TransactionalSql;
  readonly #charges = new Map<number, number>();

  constructor(database: TransactionalSql) {
    this.#database = database;
  }

  /** Runs `work` far from the limit, and exactly when it finds the project near its limit. */
  async run<T extends GateAnswer>(projectId: number, work: (sql: Sql, exactness: Exactness) => Promise<T>): Promise<T> {
    const answer = await work(this.#database, 'far');
    if (answer.verdict === 'near') return this.runExactly(projectId, (sql) => work(sql, 'exact'));
    this.#countCharge(projectId);
    return answer;
  }

  /** Locks the project's quota against every other charge, then runs `work`, which must use the exact form of its statement. */
  async runExactly<T extends GateAnswer | string>(
    projectId: number,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#database.transaction(async (transaction) => {
          await foldProject(transaction, projectId);
          const answer = await work(transaction);
          if (typeof answer !== 'string' && answer.passed) throw new LimitPassed();
          if (typeof answer !== 'string' && isExceeded(answer.verdict)) await tellExceeded(transaction, projectId);
          return answer;
        });
      } catch (error) {
        if (!(error instanceof LimitPassed) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Keeps the ledger short where no worker runs: every so many charges of a project fold it. */
  #countCharge(projectId: number): void {
    const count = (this.#charges.get(projectId) ?? 0) + 1;
    this.#charges.set(projectId, count % FOLD_EVERY);
    // A failed fold loses nothing; the next one does its work.
    if (count === FOLD_EVERY) foldProject(this.#database, projectId).catch(() => undefined);
  }
}

/** Rolls a transaction back. */
class LimitPassed extends Error {
  constructor() {
    super('the content of the project changed too often to check its quota; try again');
  }
}

/** Moves a project's ledger into its used bytes and locks its quota row until the transaction ends. */
export async function foldProject(sql: Sql, projectId: number): Promise<void> {
  await sql.query(
    `with folded as (delete from quota_ledger where project_id = $1 returning bytes, artifacts)
     update quotas set used_bytes = used_bytes + (select coalesce(sum(bytes), 0) from folded),
       used_artifacts = used_artifacts + (select coalesce(sum(artifacts), 0) from folded), updated_at = now()
     where project_id = $1`,
    [projectId],
  );
}

/** Takes one link of each digest from the project's account; the last link gives its bytes back. Needs a transaction. */
export async function discharge(sql: Sql, projectId: number, digests: readonly Buffer[]): Promise<void> {
  await sql.query(
    `update project_blobs set links = links - 1 from (
       select digest from project_blobs where project_id = $1 and digest = any($2::bytea[])
       order by digest for no key update
     ) locked
     where project_id = $1 and project_blobs.digest = locked.digest`,
    [projectId, digests],
  );
  await giveBack(sql, projectId, digests);
}

/**
 * Adds a link for each digest (hex of its column; more than once counts more than once) that went into the trash. The
 * digests are charged already, so this adds no bytes. Needs a transaction.
 */
export async function chargeTrash(sql: Sql, projectId: number, digests: readonly string[]): Promise<void> {
  await sql.query(changeLinks('links = project_blobs.links + named.links, trashed = trashed + named.links'), [
    projectId,
    digests,
  ]);
}

/**
 * Takes a link off each digest (as for {@link chargeTrash}) that left the trash; the last link gives its bytes back.
 * Needs a transaction.
 */
export async function dischargeTrash(sql: Sql, projectId: number, digests: readonly string[]): Promise<void> {
  await sql.query(changeLinks('links = project_blobs.links - named.links, trashed = trashed - named.links'), [
    projectId,
    digests,
  ]);
  await giveBack(
    sql,
    projectId,
    digests.map((hex) => Buffer.from(hex, 'hex')),
  );
}

/** Adds a link for each digest (as for {@link chargeTrash}) that is charged already, because it comes out of the trash. */
export async function chargeRestored(sql: Sql, projectId: number, digests: readonly string[]): Promise<void> {
  await sql.query(changeLinks('links = project_blobs.links + named.links'), [projectId, digests]);
}

/** Changes the accounts of digests ($2, hex), `named.links` times each, locking them in the order of every change. */
function changeLinks(change: string): string {
  return `with named as materialized (
      select decode(hex, 'hex') as digest, count(*)::int as links from unnest($2::text[]) hex group by hex
    ), locked as (
      select digest from project_blobs where project_id = $1 and digest in (select digest from named)
      order by digest for no key update
    )
    update project_blobs set ${change}
    from named join locked using (digest) where project_id = $1 and project_blobs.digest = named.digest`;
}

/** Takes digests without any link off the account. */
async function giveBack(sql: Sql, projectId: number, digests: readonly Buffer[]): Promise<void> {
  await sql.query(
    `with gone as (
       delete from project_blobs where project_id = $1 and digest = any($2::bytea[]) and links <= 0 returning size
     )
     insert into quota_ledger (project_id, bytes) select $1, -sum(size) from gone having count(*) > 0`,
    [projectId, digests],
  );
}

/**
 * Takes links of many projects from their accounts, one for each pair that is given; the last link of a digest gives its
 * bytes back. Needs a transaction.
 */
export async function dischargeLinks(
  sql: Sql,
  links: readonly { readonly projectId: number; readonly digest: Buffer }[],
): Promise<void> {
  const values = [links.map(({ projectId }) => projectId), links.map(({ digest }) => digest)];
  await sql.query(
    `with given as (
       select project_id, digest, count(*) as links from unnest($1::int[], $2::bytea[]) as given (project_id, digest)
       group by project_id, digest
     ), locked as (
       select project_id, digest from project_blobs where (project_id, digest) in (select project_id, digest from given)
       order by project_id, digest for no key update
     )
     update project_blobs set links = project_blobs.links - given.links
     from given join locked using (project_id, digest)
     where project_blobs.project_id = given.project_id and project_blobs.digest = given.digest`,
    values,
  );
  await sql.query(
    `with gone as (
       delete from project_blobs where links <= 0 and (project_id, digest) in (
         select project_id, digest from unnest($1::int[], $2::bytea[]) as given (project_id, digest)
       ) returning project_id, size
     )
     insert into quota_ledger (project_id, bytes) select project_id, -sum(size) from gone group by project_id`,
    values,
  );
}

/** Takes everything a repository has from the project's account. Needs a transaction that keeps pushes out. */
export async function dischargeRepository(sql: Sql, projectId: number, repositoryId: number): Promise<void> {
  await sql.query(
    `with content as (
       select digest, count(*) as links from (
         select digest from repository_blobs where repository_id = $2
         union all select digest from manifests where repository_id = $2
       ) everything group by digest
     ), locked as (
       select digest from project_blobs where project_id = $1 and digest in (select digest from content)
       order by digest for no key update
     )
     update project_blobs set links = project_blobs.links - content.links
     from content join locked using (digest)
     where project_id = $1 and project_blobs.digest = content.digest`,
    [projectId, repositoryId],
  );
  await sql.query(
    `with gone as (
       delete from project_blobs where project_id = $1 and links <= 0 and digest in (
         select digest from repository_blobs where repository_id = $2
         union all select digest from manifests where repository_id = $2
       ) returning size
     )
     insert into quota_ledger (project_id, bytes) select $1, -sum(size) from gone having count(*) > 0`,
    [projectId, repositoryId],
  );
}

/** The refusal of a push that does not fit. */
export function overQuota(
  answer: Omit<QuotaAnswer, 'verdict'> & { readonly verdict: string },
  need: number,
): { readonly status: 'refused'; readonly message: string } {
  if (answer.verdict === 'too-many')
    return { status: 'refused', message: tooManyMessage(answer.artifacts ?? 0, answer.hard_artifacts ?? 0) };
  const allowance: Allowance = { used: answer.used ?? 0, hard: answer.hard ?? 0 };
  return { status: 'refused', message: overQuotaMessage(allowance, need) };
}

function isExceeded(verdict: string): boolean {
  return verdict === 'over' || verdict === 'too-many';
}

/** Tells that a push was refused, once in ten minutes: a client that keeps trying must not fill the event log (QUO-3). */
async function tellExceeded(transaction: Transaction, projectId: number): Promise<void> {
  await transaction.query(
    `with told as (
       update quotas set exceeded_at = now()
       where project_id = $1 and (exceeded_at is null or exceeded_at < now() - interval '10 minutes')
       returning id, used_bytes, hard_bytes, used_artifacts, hard_artifacts
     )
     insert into outbox_events (name, project_id, payload)
     select 'quota.exceeded', $1, jsonb_build_object('data', jsonb_build_object('quotaId', id, 'usedBytes', used_bytes,
       'hardBytes', hard_bytes, 'usedArtifacts', used_artifacts, 'hardArtifacts', hard_artifacts)) from told`,
    [projectId],
  );
}
