import { AppError } from '@moorage/contracts';
import { type Instruction, type Matcher, runAutomaton } from './automaton.rules.ts';

const MAX_PATTERN_CHARACTERS = 1024;
const MAX_INSTRUCTIONS = 4096;
const MAX_DEPTH = 8;

type Node =
  | { readonly kind: 'read'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'repeat'; readonly accepts: (character: string) => boolean }
  /** Any number of whole parts, each with the `/` behind it. */
  | { readonly kind: 'parts' }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly Node[])[] };

const inPart = (character: string): boolean => character !== '/';
const anything = (): boolean => true;

/**
 * A matcher of whole texts by a doublestar glob of at most 1,024 characters. Throws BAD_REQUEST, which names the place,
 * for a pattern that is too long or does not close what it opens.
 */
export function globMatcher(pattern: string): Matcher {
  const characters = [...pattern];
  if (characters.length > MAX_PATTERN_CHARACTERS) {
    throw new AppError('BAD_REQUEST', `The pattern must have at most ${MAX_PATTERN_CHARACTERS} characters.`);
  }
  const program: Instruction[] = [];
  emit(new GlobReader(pattern, characters).read(), program);
  program.push({ kind: 'end' });
  if (program.length > MAX_INSTRUCTIONS)
    throw new AppError('BAD_REQUEST', `The pattern ${pattern} has too many parts.`);
  return (text) => runAutomaton(program, text);
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

  read(): readonly Node[] {
    return this.#sequence(0, () => false);
  }

  #sequence(depth: number, isEnd: (character: string) => boolean): Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined || isEnd(character)) return nodes;
      nodes.push(this.#node(character, depth));
    }
  }

  #node(character: string, depth: number): Node {
    if (character === '*') return this.#star();
    this.#at += 1;
    if (character === '?') return { kind: 'read', accepts: inPart };
    if (character === '[') return this.#characterClass();
    if (character === '{') return this.#choice(depth + 1);
    if (character !== '\\') return literal(character);
    const escaped = this.#characters[this.#at];
    if (escaped === undefined) throw this.#problem('ends with a backslash; put a character behind it');
    this.#at += 1;
    return literal(escaped);
  }

  /** `**` counts as such only when it is a whole part; otherwise it is a `*`. */
  #star(): Node {
    const before = this.#characters[this.#at - 1];
    const startsPart = before === undefined || before === '/' || before === '{' || before === ',';
    let end = this.#at;
    while (this.#characters[end] === '*') end += 1;
    const stars = end - this.#at;
    const after = this.#characters[end];
    this.#at = end;
    if (stars !== 2 || !startsPart) return { kind: 'repeat', accepts: inPart };
    if (after === undefined || after === '}' || after === ',') return { kind: 'repeat', accepts: anything };
    if (after !== '/') return { kind: 'repeat', accepts: inPart };
    this.#at += 1;
    return { kind: 'parts' };
  }

  #choice(depth: number): Node {
    if (depth > MAX_DEPTH) throw this.#problem(`nests more than ${MAX_DEPTH} braces`);
    const branches: Node[][] = [];
    for (;;) {
      branches.push(this.#sequence(depth, (character) => character === ',' || character === '}'));
      const closing = this.#characters[this.#at];
      if (closing === undefined) throw this.#problem('opens a { that is not closed');
      this.#at += 1;
      if (closing === '}') return { kind: 'choice', branches };
    }
  }

  #characterClass(): Node {
    const first = this.#characters[this.#at];
    const negated = first === '^' || first === '!';
    if (negated) this.#at += 1;
    const ranges: [string, string][] = [];
    while (this.#characters[this.#at] !== ']') {
      const from = this.#classCharacter();
      const isRange = this.#characters[this.#at] === '-' && this.#characters[this.#at + 1] !== ']';
      if (isRange) this.#at += 1;
      const to = isRange ? this.#classCharacter() : from;
      if (to < from) throw this.#problem(`has the range ${from}-${to}, which is empty`);
      ranges.push([from, to]);
    }
    if (ranges.length === 0) throw this.#problem('has an empty []');
    this.#at += 1;
    return {
      kind: 'read',
      accepts: (character) =>
        inPart(character) && ranges.some(([from, to]) => from <= character && character <= to) !== negated,
    };
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

function literal(wanted: string): Node {
  return { kind: 'read', accepts: (character) => character === wanted };
}

function emit(nodes: readonly Node[], program: Instruction[]): void {
  for (const node of nodes) emitNode(node, program);
}

function emitNode(node: Node, program: Instruction[]): void {
  if (node.kind === 'read') program.push(node);
  if (node.kind === 'repeat') emitRepeat(node.accepts, program);
  if (node.kind === 'parts') emitParts(program);
  if (node.kind === 'choice') emitChoice(node.branches, program);
}

function emitRepeat(accepts: (character: string) => boolean, program: Instruction[]): void {
  const start = program.length;
  program.push({ kind: 'fork', first: start + 1, second: start + 3 }, { kind: 'read', accepts }, jump(start));
}

/** Nothing, or anything that ends with `/`. */
function emitParts(program: Instruction[]): void {
  const start = program.length;
  program.push({ kind: 'fork', first: start + 1, second: start + 5 });
  emitRepeat(anything, program);
  program.push({ kind: 'read', accepts: (character) => character === '/' });
}

function emitChoice(branches: readonly (readonly Node[])[], program: Instruction[]): void {
  const exits: number[] = [];
  branches.forEach((branch, index) => {
    const fork = program.length;
    const isLast = index === branches.length - 1;
    if (!isLast) program.push(jump(fork));
    emit(branch, program);
    if (isLast) return;
    exits.push(program.length);
    program.push(jump(program.length));
    program[fork] = { kind: 'fork', first: fork + 1, second: program.length };
  });
  for (const exit of exits) program[exit] = jump(program.length);
}

function jump(target: number): Instruction {
  return { kind: 'fork', first: target, second: target };
}
