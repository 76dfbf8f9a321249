type Facts = Readonly<Record<string, unknown>>;

/** Joins the facts a running task reports, so that one that reports for every row writes once in a while. */
export class TaskReports {
  readonly #everyMs: number;
  readonly #write: (facts: Facts) => Promise<void>;
  #facts: Facts | null = null;
  #nextAt = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(everyMs: number, write: (facts: Facts) => Promise<void>) {
    this.#everyMs = everyMs;
    this.#write = write;
  }

  /** Stores the facts now when the last ones are old enough, else with the next ones or at the end. */
  async add(facts: Facts): Promise<void> {
    this.#facts = { ...this.#facts, ...facts };
    if (performance.now() >= this.#nextAt) await this.flush();
  }

  /** Resolves when everything reported so far is stored. */
  flush(): Promise<void> {
    const facts = this.#facts;
    this.#facts = null;
    if (facts) {
      this.#nextAt = performance.now() + this.#everyMs;
      this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(facts));
    }
    return this.#writing;
  }
}
