import type { Sql } from '@moorage/database';

/** Settles what pushes wrote to `repository_changes`: counters, and what lists show. */
async function settleCounters(sql: Sql, repositoryId: number): Promise<void> {
  await sql.query('select settle_repository($1)', [repositoryId]);
}

/**
 * Keeps counters right for whoever was told of a push: pushes to one repository commit side by side, and then share a
 * statement that counts them. What a crash leaves uncounted, the next push to the repository or the worker counts.
 */
export class RepositoryCounters {
  readonly #sql: Sql;
  /** The statement that will begin when the one under way has ended. */
  readonly #next = new Map<number, Promise<void>>();
  readonly #running = new Map<number, Promise<void>>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Resolves when everything pushed to the repository before this call is counted, or counting has failed. */
  settle(repositoryId: number): Promise<void> {
    const running = this.#running.get(repositoryId);
    if (!running) return this.#run(repositoryId);
    let next = this.#next.get(repositoryId);
    if (!next) {
      next = running.then(() => {
        this.#next.delete(repositoryId);
        return this.#run(repositoryId);
      });
      this.#next.set(repositoryId, next);
    }
    return next;
  }

  #run(repositoryId: number): Promise<void> {
    const run = settleCounters(this.#sql, repositoryId)
      .catch(() => undefined)
      .finally(() => {
        if (this.#running.get(repositoryId) === run) this.#running.delete(repositoryId);
      });
    this.#running.set(repositoryId, run);
    return run;
  }
}

/** Counts what crashes left uncounted, in at most `limit` repositories; for the worker. Answers in how many. */
export async function settleLeftCounters(sql: Sql, limit = 1000): Promise<number> {
  const left = await sql.query<{ repository_id: number }>(
    'select repository_id from repository_changes union select repository_id from listed_changes limit $1',
    [limit],
  );
  for (const { repository_id } of left) await settleCounters(sql, repository_id);
  return left.length;
}
