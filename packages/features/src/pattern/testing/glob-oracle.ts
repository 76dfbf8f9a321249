/**
 * A second opinion about globs, written from their description alone and without regard to time: braces are written out,
 * what is left is compared part by part. Patterns must have no `/` in classes or behind a backslash, and no stars or
 * braces directly beside braces.
 */
export function globOracle(pattern: string): (name: string) => boolean {
  const plain = writtenOut([...pattern]).map(splitParts);
  return (name) => {
    const parts = name.split('/');
    return plain.some((patterns) => matchParts(patterns, parts));
  };
}

/** All patterns without braces that the pattern stands for, as characters; an escaped character keeps its backslash. */
export function writtenOut(pattern: readonly string[]): string[][] {
  const open = findOpen(pattern);
  if (open < 0) return [[...pattern]];
  const branches: string[][] = [[]];
  let depth = 1;
  let at = open + 1;
  for (; depth > 0; at++) {
    const character = pattern[at] as string;
    if (character === '\\') {
      branches.at(-1)?.push(character, pattern[++at] as string);
      continue;
    }
    if (character === '[') {
      const end = classEnd(pattern, at);
      branches.at(-1)?.push(...pattern.slice(at, end));
      at = end - 1;
      continue;
    }
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth === 0) break;
    if (depth === 1 && character === ',') branches.push([]);
    else branches.at(-1)?.push(character);
  }
  const rest = pattern.slice(at + 1);
  return branches.flatMap((branch) => writtenOut([...pattern.slice(0, open), ...branch, ...rest]));
}

function findOpen(pattern: readonly string[]): number {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '[') at = classEnd(pattern, at) - 1;
    else if (pattern[at] === '{') return at;
  }
  return -1;
}

/** The place behind the class that opens here. */
function classEnd(pattern: readonly string[], open: number): number {
  let at = open + 1;
  if (pattern[at] === '^' || pattern[at] === '!') at++;
  for (; pattern[at] !== ']'; at++) if (pattern[at] === '\\') at++;
  return at + 1;
}

function splitParts(plain: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const character of plain)
    if (character === '/') parts.push([]);
    else parts.at(-1)?.push(character);
  return parts;
}

/** `**` is any number of parts; the last one of a pattern is at least one, which may be empty. */
function matchParts(patterns: readonly string[][], parts: readonly string[]): boolean {
  const [first, ...others] = patterns;
  if (first === undefined) return parts.length === 0;
  if (first.join('') !== '**')
    return parts.length > 0 && matchPart(first, [...(parts[0] as string)]) && matchParts(others, parts.slice(1));
  if (others.length === 0) return parts.length > 0;
  return parts.some((_, taken) => matchParts(others, parts.slice(taken)));
}

function matchPart(pattern: readonly string[], text: readonly string[]): boolean {
  const [first] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '*') {
    for (let taken = 0; taken <= text.length; taken++) if (matchPart(pattern.slice(1), text.slice(taken))) return true;
    return false;
  }
  const [character] = text;
  if (character === undefined) return false;
  if (first === '[') {
    const end = classEnd(pattern, 0);
    return inClass(pattern.slice(1, end - 1), character) && matchPart(pattern.slice(end), text.slice(1));
  }
  const isEscaped = first === '\\';
  const isMatch = isEscaped ? pattern[1] === character : first === '?' || first === character;
  return isMatch && matchPart(pattern.slice(isEscaped ? 2 : 1), text.slice(1));
}

function inClass(written: readonly string[], character: string): boolean {
  const isNegated = written[0] === '^' || written[0] === '!';
  const members = isNegated ? written.slice(1) : written;
  const code = (text: string | undefined) => text?.codePointAt(0) ?? -1;
  let isIn = false;
  for (let at = 0; at < members.length; at++) {
    if (members[at] === '\\') at++;
    const from = members[at];
    let to = from;
    if (members[at + 1] === '-' && at + 2 < members.length) {
      at += 2;
      if (members[at] === '\\') at++;
      to = members[at];
    }
    if (code(from) <= code(character) && code(character) <= code(to)) isIn = true;
  }
  return isIn !== isNegated;
}
