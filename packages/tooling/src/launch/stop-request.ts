const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-C arrives several times: from the terminal, from npm and from the script in between. */
const SAME_REQUEST_MS = 2_000;

/** Waits for the person or the system to ask for the end, and tells a second, impatient request from the first. */
export class StopRequest {
  /** Resolves with the first request. */
  readonly asked: Promise<void>;
  #resolve: () => void = () => {};
  #askedAt: number | undefined;
  #impatient: () => void = () => {};
  readonly #receive = () => this.#received();

  constructor() {
    this.asked = new Promise((resolve) => (this.#resolve = resolve));
    for (const signal of SIGNALS) process.on(signal, this.#receive);
  }

  get isAsked(): boolean {
    return this.#askedAt !== undefined;
  }

  /** Called when another request comes more than two seconds after the first. */
  onImpatience(action: () => void): void {
    this.#impatient = action;
  }

  /** Stops listening for signals. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#receive);
  }

  #received(): void {
    const now = performance.now();
    if (this.#askedAt === undefined) {
      this.#askedAt = now;
      this.#resolve();
    } else if (now - this.#askedAt > SAME_REQUEST_MS) {
      this.#impatient();
    }
  }
}
