/** The slowest transfer that is still served: `minimumBytes` in every window of `windowMs`. */
export interface ProgressLimits {
  readonly windowMs: number;
  readonly minimumBytes: number;
}

/** 1 KB/s over half a minute: a stalled peer is cut within a minute, a slow one may take days (T12, S111). */
export const DEFAULT_PROGRESS: ProgressLimits = { windowMs: 30_000, minimumBytes: 30_000 };

/** Watches one transfer and calls `onStall` once when it stops making progress. Time the registry itself takes is free. */
export class ProgressGuard {
  readonly #limits: ProgressLimits;
  readonly #timer: NodeJS.Timeout;
  #moved = 0;
  #suspended = false;
  #excused = false;

  constructor(limits: ProgressLimits, onStall: () => void) {
    this.#limits = limits;
    this.#timer = setInterval(() => {
      if (!this.#suspended && !this.#excused && this.#moved < this.#limits.minimumBytes) {
        this.stop();
        onStall();
        return;
      }
      this.#moved = 0;
      this.#excused = false;
    }, limits.windowMs);
    this.#timer.unref();
  }

  /** Counts bytes that the peer sent or took. */
  advance(bytes: number): void {
    this.#moved += bytes;
  }

  /** The registry is the slow side now: windows do not count until {@link resume}. */
  suspend(): void {
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
    this.#excused = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
