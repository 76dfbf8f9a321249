import type { Database } from '@moorage/database';
import type { LogLevel } from './job-definition.ts';

/** Lines kept of one task; what comes after them is counted and dropped. */
const MAX_LINES = 200_000;
const MAX_LINE = 2_000;

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

export interface StoredLogLine extends LogLine {
  readonly id: number;
  readonly loggedAt: Date;
}

/** Logs of tasks, as rows. */
export class TaskLogStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Appends lines, each cut to 2,000 characters. Beyond 200,000 lines of a task nothing is kept. */
  async append(taskId: number, lines: readonly LogLine[]): Promise<void> {
    await this.#database.query(
      `with counted as (
         update tasks set log_lines = least(log_lines + $4, ${MAX_LINES} + 1) where id = $1 and log_lines <= ${MAX_LINES}
         returning id, log_lines
       )
       insert into task_logs (task_id, level, text)
       select counted.id, given.level,
         case when counted.log_lines > ${MAX_LINES} and given.place = $4 then 'The log is full; later lines are not kept.' else given.text end
       from counted, unnest($2::text[], $3::text[]) with ordinality as given (level, text, place)
       order by given.place`,
      [taskId, lines.map(({ level }) => level), lines.map(({ text }) => storable(text)), lines.length],
    );
  }

  /** The lines of a task after the one with that id, oldest first. */
  async page(taskId: number, afterId: number, limit: number): Promise<StoredLogLine[]> {
    const rows = await this.#database.query<{ id: number; logged_at: Date; level: LogLevel; text: string }>(
      'select id, logged_at, level, text from task_logs where task_id = $1 and id > $2 order by id limit $3',
      [taskId, afterId, limit],
    );
    return rows.map(({ id, logged_at: loggedAt, level, text }) => ({ id, loggedAt, level, text }));
  }
}

/** One line stays one line, and PostgreSQL takes no NUL. */
function storable(text: string): string {
  return text
    .slice(0, MAX_LINE)
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
    .replaceAll(/[\r\n]+/g, ' ');
}
