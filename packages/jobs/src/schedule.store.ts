import type { Database, Sql } from '@moorage/database';
import type { ScheduleDefinition } from './job-definition.ts';

/** What a schedule belongs to: a kind of work, and the object it is done for; 0 for the installation. */
export interface VendorRef {
  readonly vendorType: string;
  readonly vendorId: number;
}

export interface Schedule extends VendorRef {
  readonly id: number;
  readonly name: string;
  /** As the wire names it: Hourly, Daily, Weekly, Monthly, Custom. */
  readonly kind: string;
  readonly cron: string;
  /** Null in rows older than the column: the table of the code names the job then. */
  readonly job: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly projectId: number | null;
  readonly enabled: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A schedule somebody sets. */
export interface NewSchedule extends VendorRef {
  readonly kind: string;
  readonly cron: string;
  readonly job: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly projectId: number | null;
  readonly createdBy: string;
}

interface StoredSchedule {
  id: number;
  name: string;
  vendor_type: string;
  vendor_id: number;
  kind: string;
  cron: string;
  job: string | null;
  payload: Record<string, unknown>;
  project_id: number | null;
  enabled: boolean;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS =
  'id, name, vendor_type, vendor_id, kind, cron, job, payload, project_id, enabled, created_by, created_at, updated_at';

/** Schedules and the ticks that were started. */
export class ScheduleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Creates the built-in schedules that are missing. Changes an administrator made to existing ones stay. */
  async ensure(schedules: readonly ScheduleDefinition[]): Promise<void> {
    await this.#database.query(
      `insert into schedules (name, vendor_type, cron, job, payload, kind)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[])
       on conflict (name) do update set job = excluded.job where schedules.job is distinct from excluded.job`,
      [
        schedules.map((schedule) => schedule.name),
        schedules.map((schedule) => schedule.vendorType),
        schedules.map((schedule) => schedule.cron),
        schedules.map((schedule) => schedule.job.name),
        schedules.map((schedule) => JSON.stringify(schedule.payload)),
        schedules.map((schedule) => schedule.kind ?? 'Custom'),
      ],
    );
  }

  /** The schedule of one thing. */
  async find(ref: VendorRef): Promise<Schedule | null> {
    const rows = await this.#database.query<StoredSchedule>(`select ${COLUMNS} from schedules where name = $1`, [
      nameOf(ref),
    ]);
    return rows[0] ? scheduleOf(rows[0]) : null;
  }

  /** Sets the schedule of one thing, replacing the one it had. A changed one begins to count now, not with missed ticks. */
  async put(schedule: NewSchedule, sql: Sql = this.#database): Promise<number> {
    const rows = await sql.query<{ id: number }>(
      `insert into schedules (name, vendor_type, vendor_id, kind, cron, job, payload, project_id, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (name) do update set kind = excluded.kind, cron = excluded.cron, job = excluded.job,
         payload = excluded.payload, project_id = excluded.project_id, enabled = true, updated_at = now(), counts_from = now()
       returning id`,
      [
        nameOf(schedule),
        schedule.vendorType,
        schedule.vendorId,
        schedule.kind,
        schedule.cron,
        schedule.job,
        JSON.stringify(schedule.payload),
        schedule.projectId,
        schedule.createdBy,
      ],
    );
    return (rows[0] as { id: number }).id;
  }

  /** Removes the schedule of one thing; false when it had none. */
  async remove(ref: VendorRef, sql: Sql = this.#database): Promise<boolean> {
    const rows = await sql.query('delete from schedules where name = $1 returning 1', [nameOf(ref)]);
    return rows.length > 0;
  }

  async disable(ref: VendorRef, sql: Sql = this.#database): Promise<void> {
    await sql.query('update schedules set enabled = false, updated_at = now() where name = $1', [nameOf(ref)]);
  }

  /** All schedules, built-in ones too, by id. */
  async list(limit: number, offset: number): Promise<{ rows: Schedule[]; total: number }> {
    const rows = await this.#database.query<StoredSchedule>(
      `select ${COLUMNS} from schedules order by id limit $1 offset $2`,
      [limit, offset],
    );
    const counted = await this.#database.query<{ total: number }>('select count(*) as total from schedules');
    return { rows: rows.map(scheduleOf), total: counted[0]?.total ?? 0 };
  }

  /**
   * Enabled schedules that are not paused, with the last tick that was started, or the time of their last change when
   * that is later. Times by the database's clock.
   */
  async listDueCandidates(): Promise<{ schedule: Schedule; since: Date; now: Date }[]> {
    const rows = await this.#database.query<StoredSchedule & { since: Date; now: Date }>(
      `select ${COLUMNS}, now() as now,
              greatest((select max(tick) from schedule_ticks where schedule_id = schedules.id), counts_from) as since
       from schedules
       where enabled and not exists (select from paused_queues where paused_queues.vendor_type in ('SCHEDULER', schedules.vendor_type))
       order by id`,
    );
    return rows.map((row) => ({ schedule: scheduleOf(row), since: row.since, now: row.now }));
  }

  /** Takes a tick; false when another worker has it. In the transaction that inserts its execution. */
  async takeTick(sql: Sql, scheduleId: number, tick: Date): Promise<boolean> {
    const rows = await sql.query(
      'insert into schedule_ticks (schedule_id, tick) values ($1, $2) on conflict do nothing returning 1',
      [scheduleId, tick],
    );
    return rows.length > 0;
  }

  async linkTick(sql: Sql, scheduleId: number, tick: Date, executionId: number): Promise<void> {
    await sql.query('update schedule_ticks set execution_id = $3 where schedule_id = $1 and tick = $2', [
      scheduleId,
      tick,
      executionId,
    ]);
    // Only the newest tick is ever asked for.
    await sql.query('delete from schedule_ticks where schedule_id = $1 and tick < $2', [scheduleId, tick]);
  }
}

/** The name of a schedule people make; built-in ones have names of their own. */
function nameOf({ vendorType, vendorId }: VendorRef): string {
  return `${vendorType}:${vendorId}`;
}

function scheduleOf(row: StoredSchedule): Schedule {
  return {
    id: row.id,
    name: row.name,
    vendorType: row.vendor_type,
    vendorId: row.vendor_id,
    kind: row.kind,
    cron: row.cron,
    job: row.job,
    payload: row.payload,
    projectId: row.project_id,
    enabled: row.enabled,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
