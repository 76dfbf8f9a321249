/** Bounds how many calls run at once: in all, and to one destination. Waiting ends with the caller's signal. */
export class Slots {
  readonly #total: number;
  readonly #perKey: number;
  #taken = 0;
  readonly #byKey = new Map<string, number>();
  readonly #waiting: { readonly key: string; readonly start: () => void }[] = [];

  constructor(total: number, perKey: number) {
    this.#total = total;
    this.#perKey = perKey;
  }

  /** Resolves to the function that gives the place back; safe to call twice. Rejects with the reason of the signal. */
  async take(key: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (!this.#isFree(key)) await this.#wait(key, signal);
    else this.#occupy(key);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#release(key);
    };
  }

  #wait(key: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        key,
        start: () => {
          signal.removeEventListener('abort', giveUp);
          this.#occupy(key);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(entry);
    });
  }

  #isFree(key: string): boolean {
    return this.#taken < this.#total && (this.#byKey.get(key) ?? 0) < this.#perKey;
  }

  #occupy(key: string): void {
    this.#taken++;
    this.#byKey.set(key, (this.#byKey.get(key) ?? 0) + 1);
  }

  #release(key: string): void {
    this.#taken--;
    const left = (this.#byKey.get(key) ?? 1) - 1;
    if (left === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, left);
    const next = this.#waiting.findIndex((entry) => this.#isFree(entry.key));
    if (next >= 0) this.#waiting.splice(next, 1)[0]?.start();
  }
}
