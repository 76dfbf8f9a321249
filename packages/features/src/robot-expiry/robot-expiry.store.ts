import type { Database, Transaction } from '@moorage/database';
import { appendEvents } from '../outbox/index.ts';
import { fullRobotName } from '../robot/index.ts';
import { type EndingRobot, expiryEvent } from './robot-expiry.rules.ts';

interface StoredEnding {
  id: number;
  project_id: number | null;
  project_name: string | null;
  name: string;
  expires_at: Date;
}

const BATCH = 500;

/** Robots at the end of their lives, of all projects: a job's work, not a caller's. */
export class RobotExpiryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Disables robots that have expired, each with its event; returns how many. Safe to run twice, and side by side. */
  disableExpired(prefix: string, now: Date): Promise<number> {
    return this.#inBatches('robot.expired', prefix, (transaction) =>
      transaction.query<StoredEnding>(
        `with due as (
           select id from robots where expires_at <= $1 and not is_disabled order by expires_at limit $2 for update skip locked)
         update robots r set is_disabled = true, credential_version = credential_version + 1, updated_at = $1
         from due where r.id = due.id
         returning r.id, r.project_id, (select p.name from projects p where p.id = r.project_id) as project_name, r.name, r.expires_at`,
        [now, BATCH],
      ),
    );
  }

  /** Announces robots that expire until then, each expiry once; returns how many. */
  announce(prefix: string, now: Date, until: Date): Promise<number> {
    return this.#inBatches('robot.expires-soon', prefix, (transaction) =>
      transaction.query<StoredEnding>(
        `with due as (
           select id from robots
           where expires_at > $1 and expires_at <= $2 and not is_disabled and reminded_of is distinct from expires_at
           order by expires_at limit $3 for update skip locked)
         update robots r set reminded_of = r.expires_at from due where r.id = due.id
         returning r.id, r.project_id, (select p.name from projects p where p.id = r.project_id) as project_name, r.name, r.expires_at`,
        [now, until, BATCH],
      ),
    );
  }

  async #inBatches(
    event: 'robot.expired' | 'robot.expires-soon',
    prefix: string,
    take: (transaction: Transaction) => Promise<StoredEnding[]>,
  ): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await this.#database.transaction(async (transaction) => {
        const rows = await take(transaction);
        const robots = rows.map((row) => endingRobot(prefix, row));
        if (robots.length > 0) {
          await appendEvents(
            transaction,
            robots.map((robot) => expiryEvent(event, robot)),
          );
        }
        return robots.length;
      });
      total += count;
      if (count < BATCH) return total;
    }
  }
}

function endingRobot(prefix: string, row: StoredEnding): EndingRobot {
  return {
    id: row.id,
    projectId: row.project_id,
    name: fullRobotName(prefix, row.project_name, row.name),
    expiresAt: row.expires_at,
  };
}
