import { AppError } from '@moorage/contracts';

const MAX_PATTERN_CHARACTERS = 256;
const MAX_DEPTH = 8;

/** A glob as it was read: what has to come in this order. */
export type GlobNode =
  | { readonly kind: 'literal'; readonly character: string }
  /** One character other than `/`. */
  | { readonly kind: 'one' }
  /** One character other than `/` inside, or outside, of these ranges. */
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  /** Any number of characters, with or without `/`. */
  | { readonly kind: 'any'; readonly withSlash: boolean }
  /** Any number of whole parts, each with the `/` behind it. */
  | { readonly kind: 'parts' }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly GlobNode[])[] };

/**
 * Reads a doublestar glob of at most 256 characters. Throws BAD_REQUEST, which names the place, for a pattern that is too
 * long or does not close what it opens.
 */
export function parseGlob(pattern: string): readonly GlobNode[] {
  const characters = [...pattern];
  if (characters.length > MAX_PATTERN_CHARACTERS) {
    throw new AppError('BAD_REQUEST', `The pattern must have at most ${MAX_PATTERN_CHARACTERS} characters.`);
  }
  if (characters.includes('\0')) throw new AppError('BAD_REQUEST', 'The pattern must not hold a zero character.');
  return new GlobReader(pattern, characters).read();
}

/** Reads a glob from left to right. */
class GlobReader {
  readonly #pattern: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string, characters: readonly string[]) {
    this.#pattern = pattern;
    this.#characters = characters;
  }

  read(): readonly GlobNode[] {
    return this.#sequence(0, () => false);
  }

  #sequence(depth: number, isEnd: (character: string) => boolean): GlobNode[] {
    const nodes: GlobNode[] = [];
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined || isEnd(character)) return nodes;
      nodes.push(this.#node(character, depth));
    }
  }

  #node(character: string, depth: number): GlobNode {
    if (character === '*') return this.#star();
    this.#at += 1;
    if (character === '?') return { kind: 'one' };
    if (character === '[') return this.#characterClass();
    if (character === '{') return this.#choice(depth + 1);
    if (character !== '\\') return { kind: 'literal', character };
    const escaped = this.#characters[this.#at];
    if (escaped === undefined) throw this.#problem('ends with a backslash; put a character behind it');
    this.#at += 1;
    return { kind: 'literal', character: escaped };
  }

  /** `**` counts as such only when it is a whole part; otherwise it is a `*`. */
  #star(): GlobNode {
    const before = this.#characters[this.#at - 1];
    const startsPart = before === undefined || before === '/' || before === '{' || before === ',';
    let end = this.#at;
    while (this.#characters[end] === '*') end += 1;
    const stars = end - this.#at;
    const after = this.#characters[end];
    this.#at = end;
    if (stars !== 2 || !startsPart) return { kind: 'any', withSlash: false };
    if (after === undefined || after === '}' || after === ',') return { kind: 'any', withSlash: true };
    if (after !== '/') return { kind: 'any', withSlash: false };
    this.#at += 1;
    return { kind: 'parts' };
  }

  #choice(depth: number): GlobNode {
    if (depth > MAX_DEPTH) throw this.#problem(`nests more than ${MAX_DEPTH} braces`);
    const branches: GlobNode[][] = [];
    for (;;) {
      branches.push(this.#sequence(depth, (character) => character === ',' || character === '}'));
      const closing = this.#characters[this.#at];
      if (closing === undefined) throw this.#problem('opens a { that is not closed');
      this.#at += 1;
      if (closing === '}') return { kind: 'choice', branches };
    }
  }

  #characterClass(): GlobNode {
    const first = this.#characters[this.#at];
    const negated = first === '^' || first === '!';
    if (negated) this.#at += 1;
    const ranges: [string, string][] = [];
    while (this.#characters[this.#at] !== ']') {
      const from = this.#classCharacter();
      const isRange = this.#characters[this.#at] === '-' && this.#characters[this.#at + 1] !== ']';
      if (isRange) this.#at += 1;
      const to = isRange ? this.#classCharacter() : from;
      if (codeOf(to) < codeOf(from)) throw this.#problem(`has the range ${from}-${to}, which is empty`);
      ranges.push([from, to]);
    }
    if (ranges.length === 0) throw this.#problem('has an empty []');
    this.#at += 1;
    return { kind: 'class', negated, ranges };
  }

  #classCharacter(): string {
    if (this.#characters[this.#at] === '\\') this.#at += 1;
    const character = this.#characters[this.#at];
    if (character === undefined) throw this.#problem('opens a [ that is not closed');
    this.#at += 1;
    return character;
  }

  #problem(what: string): AppError {
    return new AppError('BAD_REQUEST', `The pattern ${this.#pattern} ${what} (character ${this.#at}).`);
  }
}

/** The code point of a character: what ranges compare. */
export function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
