import type { UploadClaim, UploadSession } from '@moorage/distribution';
import type { Sql } from '@moorage/database';
import type { LimitedRoom } from './limited-room.ts';

/** A claim whose process is gone ends after this long. */
export const CLAIM_SECONDS = 15;
const RENEWAL_MS = 5000;

/** Claims of this process, kept alive while their requests run. */
export class UploadClaims {
  readonly #sql: Sql;
  /** By claim. */
  readonly #live = new Map<string, { readonly id: string; readonly room: LimitedRoom | undefined }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Wraps a claim that was written to the session's row. */
  hold(claim: string, session: UploadSession, room?: LimitedRoom): UploadClaim {
    this.#live.set(claim, { id: session.id, room });
    this.#timer ??= setInterval(() => void this.#renew(), RENEWAL_MS).unref();
    return {
      session,
      ...(room ? { room } : {}),
      release: async (offset) => {
        this.#forget(claim);
        const released = await this.#sql.query(
          `with relaxed as (select set_config('synchronous_commit', 'off', true))
           update uploads set offset_bytes = $3, incoming_bytes = 0, claimed_by = null, claimed_until = null, last_active_at = now()
           from relaxed where id = $1 and claimed_by = $2 returning id`,
          [session.id, claim, offset],
        );
        return released.length > 0;
      },
    };
  }

  #forget(claim: string): void {
    this.#live.delete(claim);
    if (this.#live.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /**
   * Keeps the claims of running requests and forgets those that ended with their session. A renewal that fails is tried
   * again with the next; a claim that ran out meanwhile cannot be released.
   */
  async #renew(): Promise<void> {
    const claims = [...this.#live.keys()];
    const live = [...this.#live.values()];
    const renewed = await this.#sql
      .query<{ claimed_by: string }>(
        `with relaxed as (select set_config('synchronous_commit', 'off', true))
         update uploads set claimed_until = now() + interval '${CLAIM_SECONDS} seconds',
           incoming_bytes = greatest(incoming_bytes, received)
         from relaxed, unnest($1::uuid[], $2::uuid[], $3::bigint[]) as live (id, claim, received)
         where uploads.id = live.id and claimed_by = live.claim
         returning claimed_by`,
        [live.map(({ id }) => id), claims, live.map(({ room }) => room?.received ?? 0)],
      )
      .catch(() => null);
    if (!renewed) return;
    const kept = new Set(renewed.map((row) => row.claimed_by));
    for (const claim of claims) if (!kept.has(claim)) this.#forget(claim);
    await this.#resize();
  }

  /** Where storage is limited, uploads that run side by side take room from each other. */
  async #resize(): Promise<void> {
    const limited = [...this.#live.values()].flatMap(({ id, room }) => (room ? [{ id, room }] : []));
    if (limited.length === 0) return;
    const rows = await this.#sql
      .query<{ id: string; room: number }>(
        `select u.id, room from uploads u, upload_room(u.project_id, u.id, true) where u.id = any($1::uuid[])`,
        [limited.map(({ id }) => id)],
      )
      .catch(() => []);
    const rooms = new Map(rows.map((row) => [row.id, row.room]));
    for (const { id, room } of limited) {
      const now = rooms.get(id);
      if (now !== undefined) room.resize(now);
    }
  }
}
