import type { RefusalReason } from '@moorage/contracts';
import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';

/** Connections refused for the same reason. */
export interface RefusalRow {
  readonly id: number;
  readonly purpose: string;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly reason: RefusalReason;
  readonly hits: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** Whoever may enter addresses may fill the list with them: the oldest rows go. */
const MAX_ROWS = 5_000;
const MAX_HOST = 255;

const COLUMNS: ListColumns = {
  id: { sql: sql`r.id`, kind: 'number' },
  purpose: { sql: sql`r.purpose`, kind: 'text' },
  host: { sql: sql`r.host`, kind: 'text' },
  port: { sql: sql`r.port`, kind: 'number' },
  address: { sql: sql`r.address`, kind: 'text' },
  reason: { sql: sql`r.reason`, kind: 'text' },
  hits: { sql: sql`r.hits`, kind: 'number' },
  last_at: { sql: sql`r.last_at`, kind: 'time' },
};

/** Refused connections in SQL, counted by destination and reason. */
export class RefusalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes one refusal. */
  async record(refusal: Pick<RefusalRow, 'purpose' | 'host' | 'port' | 'address' | 'reason'>): Promise<void> {
    const { purpose, host, port, address, reason } = refusal;
    const [row] = await this.#database.query<{ hits: number }>(
      `insert into egress_refusals as r (purpose, host, port, address, reason) values ($1, $2, $3, $4, $5)
       on conflict (purpose, host, port, address, reason) do update set hits = r.hits + 1, last_at = now()
       returning hits::int as hits`,
      [purpose, host.slice(0, MAX_HOST), port, address, reason],
    );
    if (row?.hits !== 1) return;
    await this.#database.query(
      `delete from egress_refusals where id <= (select id from egress_refusals order by id desc offset ${MAX_ROWS} limit 1)`,
      [],
    );
  }

  list(request: ListRequest): Promise<ListRows<RefusalRow>> {
    return listRows<RefusalRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`r.id, r.purpose, r.host, r.port, r.address, r.reason, r.hits, r.first_at, r.last_at`,
        from: sql`egress_refusals r`,
        where: [],
        tiebreak: sql`r.id`,
      },
      request,
    );
  }
}
