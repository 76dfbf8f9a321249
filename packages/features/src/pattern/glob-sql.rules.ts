import { type GlobNode, parseGlob } from './glob-syntax.rules.ts';

/**
 * A doublestar glob as a PostgreSQL regular expression, for decisions that must be made where the rows are. It uses no
 * back references, so PostgreSQL matches it without going back. Throws BAD_REQUEST as {@link parseGlob} does.
 */
export function globExpression(pattern: string): string {
  return `^${written(parseGlob(pattern))}$`;
}

function written(nodes: readonly GlobNode[]): string {
  return nodes.map(expressionOf).join('');
}

function expressionOf(node: GlobNode): string {
  switch (node.kind) {
    case 'literal':
      return escaped(node.character);
    case 'one':
      return '[^/]';
    case 'class': {
      const ranges = node.ranges.map(([from, to]) => `${inBrackets(from)}-${inBrackets(to)}`).join('');
      return node.negated ? `[^/${ranges}]` : `(?!/)[${ranges}]`;
    }
    case 'any':
      return node.withSlash ? '.*' : '[^/]*';
    case 'parts':
      return '(?:.*/)?';
    case 'choice':
      return `(?:${node.branches.map(written).join('|')})`;
  }
}

/** Letters and digits must stay bare, a backslash before them would mean something; everything else of ASCII may have one. */
function escaped(character: string): string {
  return /^[!-/:-@[-`{-~]$/.test(character) ? `\\${character}` : character;
}

/** The characters that mean something in brackets are written as their code, which works for every one of them. */
function inBrackets(character: string): string {
  return /^[A-Za-z0-9]$/.test(character) ? character : `\\U${codeHex(character)}`;
}

function codeHex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(8, '0');
}
