import { type Database, sql } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

/** A job that proved itself, with the rules its token fulfilled. */
export interface Visit {
  readonly tokenHash: Buffer;
  readonly issuer: string;
  readonly subject: string;
  readonly claims: object;
  readonly rules: readonly { readonly id: number; readonly version: number }[];
  readonly tokenSeconds: number;
  readonly address: string;
  readonly now: Date;
  readonly expiresAt: Date;
}

/** A job that may act now, with what the rules it fulfilled give it at this moment. */
export interface ActiveVisit {
  readonly id: number;
  readonly subject: string;
  readonly tokenSeconds: number;
  readonly grants: readonly {
    readonly kind: 'system' | 'project';
    readonly project_id: number | null;
    readonly access: string[];
  }[];
}

/** How long visits that are over are kept, for whoever looks into the past. */
const KEPT = "interval '7 days'";
const PURGED_AT_ONCE = 100;

/** Visits of jobs in SQL: one a token, however often it is shown. */
export class FederationVisitStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Notes a visit and gives its id. The events are written when the token is seen for the first time, or from another
   * address than the last time.
   */
  async note(visit: Visit, events: readonly DomainEvent[]): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const [former] = await transaction.run<{ address: string }>(
        sql`select address from federation_visits where token_hash = ${visit.tokenHash} for update`,
      );
      const [row] = await transaction.run<{ id: number }>(
        sql`insert into federation_visits (token_hash, issuer, subject, claims, rules, token_seconds, address, created_at, expires_at)
            values (${visit.tokenHash}, ${visit.issuer}, ${visit.subject}, ${JSON.stringify(visit.claims)}::jsonb,
              ${JSON.stringify(visit.rules)}::jsonb, ${visit.tokenSeconds}, ${visit.address}, ${visit.now}, ${visit.expiresAt})
            on conflict (token_hash) do update set rules = excluded.rules, token_seconds = excluded.token_seconds,
              address = excluded.address, expires_at = excluded.expires_at
            returning id`,
      );
      if (former?.address !== visit.address) {
        await appendEvents(transaction, events);
        await transaction.run(
          sql`update federation_rules set last_used_at = ${visit.now}, last_used_by = ${visit.subject}
              where id = any(${visit.rules.map(({ id }) => id)}::int[])`,
        );
        await transaction.query(
          `delete from federation_visits where id in
             (select id from federation_visits where expires_at < $1::timestamptz - ${KEPT} limit ${PURGED_AT_ONCE})`,
          [visit.now],
        );
      }
      return (row as { id: number }).id;
    });
  }

  /** Writes an event by itself: a token was refused. */
  async record(event: DomainEvent): Promise<void> {
    await appendEvents(this.#database, [event]);
  }

  /** Jobs that may act now, by id; one statement. Rules that were changed, disabled or deleted since give nothing. */
  async findActive(ids: readonly number[], now: Date): Promise<readonly ActiveVisit[]> {
    return this.#database.run<ActiveVisit>(
      sql`select v.id, v.subject, v.token_seconds as "tokenSeconds",
            jsonb_agg(jsonb_build_object('kind', g.kind, 'project_id', g.project_id, 'access', g.access)) as grants
          from federation_visits v
          cross join lateral jsonb_to_recordset(v.rules) as t (id int, version int)
          join federation_rules r on r.id = t.id and r.trust_version = t.version and not r.is_disabled
          left join projects p on p.id = r.project_id
          join federation_grants g on g.rule_id = r.id
          left join projects gp on gp.id = g.project_id
          where v.id = any(${ids}::int[]) and v.expires_at > ${now}
            and (r.project_id is null or p.deleted_at is null) and (g.project_id is null or gp.deleted_at is null)
          group by v.id`,
    );
  }
}
