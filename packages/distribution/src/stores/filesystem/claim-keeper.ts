import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { MetadataDatabase } from './metadata-database.ts';
import { errorCode } from './storage-error.ts';

/** A claim ends this long after its last renewal; a living holder renews it three times in that span. */
export const CLAIM_MS = 60_000;

/** Tells this process from an earlier one with the same id, as after a restart in a container. */
const PROCESS_MARK = randomUUID();

/** Who holds claims here: host, process id, process mark. */
export const CLAIM_HOLDER = `${hostname()} ${process.pid} ${PROCESS_MARK}`;

/** Whether the process behind a claim is certainly gone, so that nobody has to wait it out. Other hosts cannot be seen. */
export function isHolderGone(holder: string): boolean {
  const [host, pid, mark] = holder.split(' ');
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return mark !== PROCESS_MARK;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

/** Renews the claims of this process while its requests run. */
export class ClaimKeeper {
  readonly #held = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(database: MetadataDatabase) {
    const renew = database.prepare('update uploads set claim_expires_at = ? where id = ? and claim = ?');
    this.#timer = setInterval(() => {
      const expiresAt = database.now().getTime() + CLAIM_MS;
      // A claim that is no longer in the table ended together with its session.
      for (const [mark, id] of this.#held) if (renew.run(expiresAt, id, mark) === 0) this.#held.delete(mark);
    }, CLAIM_MS / 3);
    this.#timer.unref();
  }

  keep(mark: string, uploadId: string): void {
    this.#held.set(mark, uploadId);
  }

  letGo(mark: string): void {
    this.#held.delete(mark);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
