import { AppError } from '@moorage/contracts';
import { RE2JS } from 're2js';
import type { Matcher } from './automaton.rules.ts';

const MAX_PATTERN_CHARACTERS = 1024;

/**
 * A matcher that finds a regular expression (RE2's syntax, at most 1,024 characters) anywhere in a text, in linear time;
 * `^` and `$` bind it to the ends. Throws BAD_REQUEST with what is wrong in the expression.
 */
export function regularExpressionMatcher(source: string): Matcher {
  if (source.length > MAX_PATTERN_CHARACTERS) {
    throw new AppError('BAD_REQUEST', `The regular expression must have at most ${MAX_PATTERN_CHARACTERS} characters.`);
  }
  const compiled = compile(source);
  return (text) => compiled.test(text);
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw new AppError('BAD_REQUEST', `The regular expression ${source} is not valid: ${reason}.`);
  }
}
