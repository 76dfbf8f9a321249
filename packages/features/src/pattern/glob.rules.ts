import { AppError } from '@moorage/contracts';
import { automatonMatcher, type Instruction, type Matcher } from './automaton.rules.ts';
import { codeOf, type GlobNode, parseGlob } from './glob-syntax.rules.ts';

const MAX_INSTRUCTIONS = 4096;

/**
 * A matcher of whole texts by a doublestar glob of at most 256 characters. Throws BAD_REQUEST, which names the place, for
 * a pattern that is too long or does not close what it opens.
 */
export function globMatcher(pattern: string): Matcher {
  const program: Instruction[] = [];
  emit(parseGlob(pattern), program);
  program.push({ kind: 'end' });
  if (program.length > MAX_INSTRUCTIONS)
    throw new AppError('BAD_REQUEST', `The pattern ${pattern} has too many parts.`);
  return automatonMatcher(program);
}

function emit(nodes: readonly GlobNode[], program: Instruction[]): void {
  for (const node of nodes) emitNode(node, program);
}

function emitNode(node: GlobNode, program: Instruction[]): void {
  switch (node.kind) {
    case 'any':
      return emitRepeat(node.withSlash ? anything : inPart, program);
    case 'parts':
      return emitParts(program);
    case 'choice':
      return emitChoice(node.branches, program);
    default:
      program.push({ kind: 'read', accepts: accepting(node) });
  }
}

type Single = Extract<GlobNode, { kind: 'literal' | 'one' | 'class' }>;

function accepting(node: Single): (character: string) => boolean {
  switch (node.kind) {
    case 'literal':
      return (character) => character === node.character;
    case 'one':
      return inPart;
    case 'class':
      return (character) => inPart(character) && inRanges(node.ranges, character) !== node.negated;
  }
}

function inPart(character: string): boolean {
  return character !== '/';
}

function anything(): boolean {
  return true;
}

/** By code point: comparing texts would put characters beyond the first plane before some within it. */
function inRanges(ranges: readonly (readonly [string, string])[], character: string): boolean {
  const code = codeOf(character);
  return ranges.some(([from, to]) => codeOf(from) <= code && code <= codeOf(to));
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

function emitChoice(branches: readonly (readonly GlobNode[])[], program: Instruction[]): void {
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
