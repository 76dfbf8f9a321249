/** Random choices that one number repeats; whoever fails prints the number. */
export class Choices {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to but not `limit`; mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  /** True once in so many times. */
  once(inSo: number): boolean {
    return this.below(inSo) === 0;
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** One of the values, or nothing when there are none. */
  any<T>(values: readonly T[]): T | undefined {
    return values[this.below(values.length)];
  }

  /** At most so many different values. */
  some<T>(values: readonly T[], most: number): T[] {
    return [...new Set(Array.from({ length: this.below(most + 1) }, () => this.any(values)))].filter(
      (value) => value !== undefined,
    );
  }
}
