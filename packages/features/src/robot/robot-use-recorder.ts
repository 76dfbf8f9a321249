import { Clock } from '../clock/index.ts';
import type { RobotIdentityStore, UsedPermission } from './robot-identity.store.ts';

/** One permission of one robot is noted at most so often. */
const NOTED_EVERY_MS = 10 * 60_000;
const FLUSH_MS = 2_000;
/** With the database away for long, further notes are forgotten rather than filling the memory. */
const MAX_PENDING = 10_000;
const MAX_NOTED = 50_000;

/** Notes which permissions robots used, in batches: a call that uses one never waits for it, and most cost a look into a map. */
export class RobotUseRecorder {
  readonly #store: Pick<RobotIdentityStore, 'notePermissions'>;
  readonly #clock: Clock;
  readonly #noted = new Map<string, number>();
  #pending: UsedPermission[] = [];

  constructor(store: Pick<RobotIdentityStore, 'notePermissions'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  note(robotId: number, projectId: number, permission: string): void {
    const now = this.#clock.now();
    const key = `${robotId} ${projectId} ${permission}`;
    if (now.getTime() - (this.#noted.get(key) ?? 0) < NOTED_EVERY_MS) return;
    if (this.#pending.length >= MAX_PENDING) return;
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear();
    this.#noted.set(key, now.getTime());
    this.#pending.push({ robotId, projectId, permission, at: now });
    if (this.#pending.length === 1) setTimeout(() => this.#flush(), FLUSH_MS).unref();
  }

  #flush(): void {
    const batch = this.#pending;
    this.#pending = [];
    // A batch that is lost is noted again with the next use after ten minutes; the report only says "used later".
    this.#store.notePermissions(batch).catch(() => this.#noted.clear());
  }
}
