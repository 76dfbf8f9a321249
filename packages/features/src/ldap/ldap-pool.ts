import { AppError } from '@moorage/contracts';
import type { LdapConnection } from './ldap-connection.ts';

const MAX_WAITING = 512;
const IDLE_MS = 60_000;

interface Idle {
  readonly connection: LdapConnection;
  readonly timer: NodeJS.Timeout;
}

interface Waiter {
  readonly grant: () => void;
  readonly fail: (error: unknown) => void;
}

/** Keeps connections to one directory open between uses. One use at a time each; at most `max` at once, others wait. */
export class LdapPool {
  readonly #open: () => Promise<LdapConnection>;
  readonly #max: number;
  readonly #waitMs: number;
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiter[] = [];
  #inUse = 0;
  #isClosed = false;

  constructor(open: () => Promise<LdapConnection>, max: number, waitMs: number) {
    this.#open = open;
    this.#max = max;
    this.#waitMs = waitMs;
  }

  /**
   * Runs work on a connection. A kept connection may have been closed by the server meanwhile: then the work runs once
   * more on a new one, so it must be safe to run twice. Throws UNAVAILABLE when too many wait.
   */
  async use<T>(work: (connection: LdapConnection) => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      const kept = this.#takeIdle();
      if (kept) {
        try {
          return await this.#work(kept, work);
        } catch (error) {
          if (!kept.isClosed) throw error;
        }
      }
      return await this.#work(await this.#open(), work);
    } finally {
      this.#leave();
    }
  }

  /** Closes what is idle now, and what is in use when it comes back. */
  close(): void {
    this.#isClosed = true;
    for (const { connection, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      connection.close();
    }
  }

  async #work<T>(connection: LdapConnection, work: (connection: LdapConnection) => Promise<T>): Promise<T> {
    try {
      return await work(connection);
    } finally {
      this.#keep(connection);
    }
  }

  #keep(connection: LdapConnection): void {
    if (connection.isClosed || this.#isClosed) {
      connection.close();
      return;
    }
    const idle: Idle = { connection, timer: setTimeout(() => this.#drop(idle), IDLE_MS) };
    idle.timer.unref();
    this.#idle.push(idle);
  }

  #takeIdle(): LdapConnection | null {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (!idle.connection.isClosed) return idle.connection;
    }
    return null;
  }

  #drop(idle: Idle): void {
    const at = this.#idle.indexOf(idle);
    if (at >= 0) this.#idle.splice(at, 1);
    idle.connection.close();
  }

  #enter(): Promise<void> {
    if (this.#inUse < this.#max) {
      this.#inUse++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        grant: () => {
          clearTimeout(timer);
          resolve();
        },
        fail: reject,
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.fail(busy());
      }, this.#waitMs);
      this.#waiting.push(waiter);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next.grant();
    else this.#inUse--;
  }
}

function busy(): AppError {
  return new AppError('UNAVAILABLE', 'Too many people wait for the directory; try again in a moment.', {
    retryAfterSeconds: 5,
  });
}
