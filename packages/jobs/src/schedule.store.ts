import type { Database, Sql } from '@moorage/database';
import type { ScheduleDefinition } from './job-definition.ts';

export interface Schedule {
  readonly id: number;
  readonly name: string;
  readonly vendorType: string;
  readonly vendorId: number;
  readonly cron: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Schedules and the ticks that were started. */
export class ScheduleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Creates the built-in schedules that are missing. Changes an administrator made to existing ones stay. */
  async ensure(schedules: readonly ScheduleDefinition[]): Promise<void> {
    await this.#database.query(
      `insert into schedules (name, vendor_type, cron, payload)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) on conflict (name) do nothing`,
      [
        schedules.map((schedule) => schedule.name),
        schedules.map((schedule) => schedule.vendorType),
        schedules.map((schedule) => schedule.cron),
        schedules.map((schedule) => JSON.stringify(schedule.payload)),
      ],
    );
  }

  /** Enabled schedules with the last tick that was started, or the creation time when none was. Times by the database's clock. */
  async listDueCandidates(): Promise<{ schedule: Schedule; since: Date; now: Date }[]> {
    const rows = await this.#database.query<{
      id: number;
      name: string;
      vendor_type: string;
      vendor_id: number;
      cron: string;
      payload: Record<string, unknown>;
      since: Date;
      now: Date;
    }>(
      `select id, name, vendor_type, vendor_id, cron, payload, now() as now,
              coalesce((select max(tick) from schedule_ticks where schedule_id = schedules.id), created_at) as since
       from schedules where enabled order by id`,
    );
    return rows.map((row) => ({
      schedule: {
        id: row.id,
        name: row.name,
        vendorType: row.vendor_type,
        vendorId: row.vendor_id,
        cron: row.cron,
        payload: row.payload,
      },
      since: row.since,
      now: row.now,
    }));
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
