import { type Database, sql } from '@moorage/database';
import { projectFilter } from '../access/index.ts';
import type { Principal } from '../http/index.ts';

export interface EndingRobotRow {
  readonly id: number;
  readonly name: string;
  readonly project_name: string | null;
  readonly expires_at: Date;
}

const MAX_ROWS = 20;

/** Robots near the end of their lives, as far as somebody may list them. */
export class RobotReminderStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The first {@link MAX_ROWS} that expire between the times, those switched off by hand left out. Robots of the system
   * only with `ofSystem`.
   */
  list(
    principal: Principal,
    times: { readonly from: Date; readonly now: Date; readonly until: Date },
    ofSystem: boolean,
  ): Promise<EndingRobotRow[]> {
    return this.#database.run<EndingRobotRow>(
      sql`select r.id, r.name, p.name as project_name, r.expires_at
          from robots r left join projects p on p.id = r.project_id and p.deleted_at is null
          where r.is_visible and r.expires_at > ${times.from} and r.expires_at <= ${times.until}
            and (not r.is_disabled or r.expires_at <= ${times.now})
            and ((r.project_id is null and ${ofSystem}) or (p.id is not null and ${projectFilter(principal, 'robot:list')}))
          order by r.expires_at, r.id limit ${MAX_ROWS}`,
    );
  }
}
