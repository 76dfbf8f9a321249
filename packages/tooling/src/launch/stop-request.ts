const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-C arrives several times: from the terminal, from npm and from the script in between. */
const SAME_REQUEST_MS = 2_000;
const PARENT_CHECK_MS = 1_000;

/** Waits for the person or the system to ask for the end, and tells a second, impatient request from the first. */
export class StopRequest {
  /** Resolves with the first request. */
  readonly asked: Promise<void>;
  #resolve: () => void = () => {};
  #askedAt: number | undefined;
  #impatient: () => void = () => {};
  readonly #orphanWatch: NodeJS.Timeout;
  readonly #receive = () => this.#received();

  constructor() {
    this.asked = new Promise((resolve) => (this.#resolve = resolve));
    for (const signal of SIGNALS) process.on(signal, this.#receive);
    this.#orphanWatch = this.#watchParent();
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
    clearInterval(this.#orphanWatch);
  }

  /** When what started the launcher is killed, nobody is left to pass signals on: that counts as a request. */
  #watchParent(): NodeJS.Timeout {
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      this.#received();
    }, PARENT_CHECK_MS);
    return timer.unref();
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
