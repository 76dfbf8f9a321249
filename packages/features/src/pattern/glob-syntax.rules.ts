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
    return settled(
      this.#sequence(0, true, () => false),
      'end',
    );
  }

  /** `isPartStart`: what comes first begins a part of the path. */
  #sequence(depth: number, isPartStart: boolean, isEnd: (character: string) => boolean): OpenNode[] {
    const nodes: OpenNode[] = [];
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined || isEnd(character)) return nodes;
      nodes.push(this.#node(character, depth, startsPart(nodes, isPartStart)));
    }
  }

  #node(character: string, depth: number, isPartStart: boolean): OpenNode {
    if (character === '*') return this.#star(isPartStart);
    this.#at += 1;
    if (character === '?') return { kind: 'one' };
    if (character === '[') return this.#characterClass();
    if (character === '{') return this.#choice(depth + 1, isPartStart);
    if (character !== '\\') return { kind: 'literal', character };
    const escaped = this.#characters[this.#at];
    if (escaped === undefined) throw this.#problem('ends with a backslash; put a character behind it');
    this.#at += 1;
    return { kind: 'literal', character: escaped };
  }

  /** `**` counts as such only when it is a whole part; otherwise it is a `*`. What follows it is known later. */
  #star(isPartStart: boolean): OpenNode {
    const from = this.#at;
    while (this.#characters[this.#at] === '*') this.#at += 1;
    return this.#at - from === 2 && isPartStart ? { kind: 'stars' } : { kind: 'any', withSlash: false };
  }

  #choice(depth: number, isPartStart: boolean): OpenNode {
    if (depth > MAX_DEPTH) throw this.#problem(`nests more than ${MAX_DEPTH} braces`);
    const branches: OpenNode[][] = [];
    for (;;) {
      branches.push(this.#sequence(depth, isPartStart, (character) => character === ',' || character === '}'));
      const closing = this.#characters[this.#at];
      if (closing === undefined) throw this.#problem('opens a { that is not closed');
      this.#at += 1;
      if (closing === '}') return { kind: 'open-choice', branches };
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

/** A node whose meaning hangs on what follows: `**` at the beginning of a part, and braces that may end with it. */
type OpenNode =
  | GlobNode
  | { readonly kind: 'stars' }
  | { readonly kind: 'open-choice'; readonly branches: readonly (readonly OpenNode[])[] };

/** Whether a part begins behind these nodes; after braces only when it does behind each of their branches. */
function startsPart(nodes: readonly OpenNode[], isPartStart: boolean): boolean {
  const last = nodes.at(-1);
  if (last === undefined) return isPartStart;
  if (last.kind === 'literal') return last.character === '/';
  if (last.kind !== 'open-choice') return false;
  return last.branches.every((branch) => startsPart(branch, startsPart(nodes.slice(0, -1), isPartStart)));
}

const SLASH: GlobNode = { kind: 'literal', character: '/' };

/**
 * The nodes for good. `follows` says what comes behind them: the end of the pattern, something else, or a `/`, which is
 * theirs to write then, as `**` takes it in: braces mean the same as their branches written out.
 */
function settled(nodes: readonly OpenNode[], follows: 'end' | 'slash' | 'other'): GlobNode[] {
  const done: GlobNode[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as OpenNode;
    const next = nodes[at + 1];
    const isBeforeSlash = next === undefined ? follows === 'slash' : next.kind === 'literal' && next.character === '/';
    const isLast = next === undefined && follows === 'end';
    if (isBeforeSlash && endsWithStars(node)) {
      done.push(...settledLast(node, 'slash'));
      if (next === undefined) return done;
      at += 1;
    } else done.push(...settledLast(node, isLast ? 'end' : 'other'));
  }
  return follows === 'slash' ? [...done, SLASH] : done;
}

function settledLast(node: OpenNode, follows: 'end' | 'slash' | 'other'): GlobNode[] {
  if (node.kind === 'open-choice')
    return [{ kind: 'choice', branches: node.branches.map((branch) => settled(branch, follows)) }];
  if (node.kind !== 'stars') return [node];
  return [follows === 'slash' ? { kind: 'parts' } : { kind: 'any', withSlash: follows === 'end' }];
}

function endsWithStars(node: OpenNode): boolean {
  if (node.kind !== 'open-choice') return node.kind === 'stars';
  return node.branches.some((branch) => branch.length > 0 && endsWithStars(branch.at(-1) as OpenNode));
}

/** The code point of a character: what ranges compare. */
export function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
