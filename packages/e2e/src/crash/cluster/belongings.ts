const ended = () => new Error('told to end while it was being started');

/** What has been started, or is being, with the way to end it: nothing of it may outlive an order to end, whenever that comes. */
export class Belongings {
  readonly #ends: (() => Promise<void>)[] = [];
  #abandoned: Promise<void> | undefined;

  /** Starts something; once it runs, it ends by `end`. Rejects when everything was told to end before. */
  async add<T>(start: () => Promise<T>, end: (it: T) => unknown): Promise<T> {
    if (this.#abandoned) throw ended();
    const starting = start();
    this.#ends.unshift(() => starting.then(async (it) => void (await end(it))).catch(() => undefined));
    const it = await starting;
    if (this.#abandoned) throw ended();
    return it;
  }

  /** Ends everything, the last started first; what is just being started is waited for. May be called more than once. */
  abandon(): Promise<void> {
    this.#abandoned ??= this.#endAll();
    return this.#abandoned;
  }

  async #endAll(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}
