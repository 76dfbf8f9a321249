import { randomUUID } from 'node:crypto';
import type {
  ChangeContext,
  DigestAlgorithm,
  Refused,
  UploadClaim,
  UploadRoom,
  UploadSession,
  UploadSessions,
} from '@moorage/distribution';
import { overQuotaMessage } from '../usage/index.ts';
import type { Sql } from '@moorage/database';
import type { UploadLimits, UploadLimitsProvider } from './upload-limits.ts';
import { CLAIM_SECONDS, type UploadClaims } from './upload-claims.store.ts';
import { LimitedRoom } from './limited-room.ts';

/*
 * Changes of session rows do not wait for the disk: after a crash of the database server the last of them may be lost,
 * and the client finds its upload unknown or a little shorter, resumes or starts again. The statement that links the
 * blob does wait, and everything before it is on disk with it.
 */
const RELAXED = `relaxed as materialized (select set_config('synchronous_commit', 'off', true))`;

/*
 * What died with its client or server must not keep the next pushes out: an upload that stood still for a quarter of an
 * hour counts a tenth until it expires.
 */
const LIVE = "(last_active_at > now() - interval '15 minutes' or claimed_until > now())";
const counted = (whose: string, limit: string) =>
  `greatest((select count(*) from (select from uploads where ${whose} and ${LIVE} limit ${limit}) live),
      (select count(*) from (select from uploads where ${whose} limit ${limit} * 10) open) / 10)`;

/** Starts session $3 for caller $4. Caps are counted in the same statement, so racing starts overshoot by their number at most. */
const START = `
  with ${RELAXED},
  allowance as materialized (
    select hard_bytes as hard,
      used_bytes + (select coalesce(sum(bytes), 0) from quota_ledger where project_id = $1)::bigint as used
    from quotas where project_id = $1 and hard_bytes >= 0 and $8
  ), counts as materialized (
    select ${counted('caller_id = $4', '$6::int')} as mine, ${counted('project_id = $1', '$7::int')} as theirs
  ), started as (
    insert into uploads (id, project_id, repository, caller_id, algorithm)
    select $3::uuid, $1::int, $2, $4, $5 from relaxed, counts
    where mine < $6 and theirs < $7 and not exists (select from allowance where used >= hard)
    returning id
  )
  select exists (select from started) as started, mine, theirs,
    (select used from allowance) as used, (select hard from allowance) as hard
  from counts`;

/** The session $3 of caller $4 in the repository; to everyone else it does not exist (S63). */
const OWN = 'id = $3 and caller_id = $4 and project_id = $1 and repository = $2';
const UNCLAIMED = '(claimed_until is null or claimed_until < now())';

interface SessionRow {
  readonly offset_bytes: number;
  readonly algorithm: DigestAlgorithm | null;
}

interface RoomRow {
  readonly used: number | null;
  readonly hard: number | null;
  readonly room: number | null;
}

interface StartAnswer {
  readonly started: boolean;
  readonly mine: number;
  readonly theirs: number;
  readonly used: number | null;
  readonly hard: number | null;
}

/** Upload sessions as rows, shared by all processes. */
export class SqlUploadSessions implements UploadSessions {
  readonly #sql: Sql;
  readonly #claims: UploadClaims;
  readonly #limits: UploadLimitsProvider;

  constructor(sql: Sql, claims: UploadClaims, limits: UploadLimitsProvider) {
    this.#sql = sql;
    this.#claims = claims;
    this.#limits = limits;
  }

  async startUpload(
    context: ChangeContext,
    algorithm?: DigestAlgorithm,
  ): Promise<{ readonly status: 'started'; readonly session: UploadSession } | Refused> {
    const limits = await this.#limits();
    const id = randomUUID();
    const answer = await this.#start(context, id, algorithm, limits);
    if (!answer.started) return { status: 'refused', message: refusal(answer, limits) };
    return { status: 'started', session: session(id, { offset_bytes: 0, algorithm: algorithm ?? null }) };
  }

  async findUpload(context: ChangeContext, id: string): Promise<UploadSession | null> {
    if (!isUuid(id)) return null;
    const [row] = await this.#sql.query<SessionRow>(
      `select offset_bytes, algorithm from uploads where ${OWN}`,
      own(context, id),
    );
    return row ? session(id, row) : null;
  }

  async claimUpload(context: ChangeContext, id: string, announced = 0): Promise<UploadClaim | 'missing' | 'busy'> {
    if (!isUuid(id)) return 'missing';
    const { quotaEnforced } = await this.#limits();
    const claim = randomUUID();
    const [row] = await this.#sql.query<SessionRow & { claimed: boolean } & Partial<RoomRow>>(
      `with ${RELAXED}, claimed as (
         update uploads set incoming_bytes = $6, claimed_by = $5, claimed_until = now() + interval '${CLAIM_SECONDS} seconds'
         from relaxed where ${OWN} and ${UNCLAIMED}
         returning offset_bytes, algorithm
       )
       select offset_bytes, algorithm, true as claimed, used, hard, room
       from claimed left join upload_room($1, $3, $7) on true
       union all
       select offset_bytes, algorithm, false, null, null, null from uploads
       where ${OWN} and not exists (select from claimed)`,
      [...own(context, id), claim, announced, quotaEnforced],
    );
    if (!row) return 'missing';
    return row.claimed ? this.#claims.hold(claim, session(id, row), roomOf(row, row.offset_bytes)) : 'busy';
  }

  async findUploadRoom({ repository }: ChangeContext): Promise<UploadRoom | undefined> {
    const { quotaEnforced } = await this.#limits();
    const [row] = await this.#sql.query<RoomRow>('select used, hard, room from upload_room($1, null, $2)', [
      repository.namespaceId,
      quotaEnforced,
    ]);
    return row && roomOf(row, 0);
  }

  async endUpload(context: ChangeContext, id: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    const ended = await this.#sql.query(
      `with ${RELAXED} delete from uploads using relaxed where ${OWN} returning id`,
      own(context, id),
    );
    return ended.length > 0;
  }

  async listIdleUploads(before: Date, limit: number): Promise<readonly string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      `select id from uploads where last_active_at < $1 and ${UNCLAIMED} order by last_active_at limit $2`,
      [before, limit],
    );
    return rows.map((row) => row.id);
  }

  async expireUpload(id: string, before: Date): Promise<boolean> {
    if (!isUuid(id)) return false;
    const expired = await this.#sql.query(
      `delete from uploads where id = $1 and last_active_at < $2 and ${UNCLAIMED} returning id`,
      [id, before],
    );
    return expired.length > 0;
  }

  async #start(
    context: ChangeContext,
    id: string,
    algorithm: DigestAlgorithm | undefined,
    limits: UploadLimits,
  ): Promise<StartAnswer> {
    const [answer] = await this.#sql.query<StartAnswer>(START, [
      ...own(context, id),
      algorithm ?? null,
      limits.uploadsPerCaller,
      limits.uploadsPerProject,
      limits.quotaEnforced,
    ]);
    return answer as StartAnswer;
  }
}

function own({ repository, caller }: ChangeContext, id: string): readonly unknown[] {
  return [repository.namespaceId, repository.name, id, caller.id];
}

function session(id: string, row: SessionRow): UploadSession {
  return { id, offset: row.offset_bytes, ...(row.algorithm === null ? {} : { algorithm: row.algorithm }) };
}

/** Room beside the `taken` bytes the upload has already; undefined for a project without a limit. */
function roomOf({ used, hard, room }: Partial<RoomRow>, taken: number): LimitedRoom | undefined {
  if (room === null || room === undefined) return undefined;
  return new LimitedRoom(room, taken, overQuotaMessage({ used: used ?? 0, hard: hard ?? 0 }));
}

function refusal(answer: StartAnswer, limits: UploadLimits): string {
  if (answer.mine >= limits.uploadsPerCaller) {
    return `you have ${answer.mine} unfinished uploads, the most one account may have; finish or cancel some; those that stand still stop counting after a quarter of an hour`;
  }
  if (answer.theirs >= limits.uploadsPerProject) {
    return `the project has ${answer.theirs} unfinished uploads, the most it may have; try again when some have finished`;
  }
  return overQuotaMessage({ used: answer.used ?? 0, hard: answer.hard ?? 0 });
}

/** Ids come out of URLs; anything else than a UUID would be an error to the database instead of an unknown upload. */
function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
