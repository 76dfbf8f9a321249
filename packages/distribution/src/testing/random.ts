/** A small seeded generator: equal seeds give equal sequences, so a failing case can be run again. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to but without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from 0 up to but without `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  list<T>(longest: number, make: () => T): T[] {
    return Array.from({ length: this.below(longest + 1) }, make);
  }

  /** Changes a few bytes: flips, cuts, repeats and inserts. */
  mutate(bytes: Buffer): Buffer {
    let mutated = Buffer.from(bytes);
    for (let round = 0; round <= this.below(3); round++) {
      const at = this.below(mutated.length + 1);
      const kind = this.below(4);
      const head = mutated.subarray(0, at);
      const tail = mutated.subarray(at);
      if (kind === 0) mutated = Buffer.concat([head, Buffer.from([this.below(256)]), tail.subarray(1)]);
      else if (kind === 1) mutated = Buffer.concat([head, tail.subarray(this.below(8))]);
      else if (kind === 2) mutated = Buffer.concat([head, head.subarray(-this.below(8)), tail]);
      else mutated = Buffer.concat([head, Buffer.from(this.pick(FRAGMENTS)), tail]);
    }
    return mutated;
  }
}

const FRAGMENTS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  'null',
  '1e9',
  '-',
  '.',
  '0',
  ' ',
  '\n',
  '"a":1,',
  '\ud83d\ude00',
];
