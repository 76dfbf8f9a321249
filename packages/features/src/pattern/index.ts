export type { Matcher } from './automaton.rules.ts';
export { globMatcher } from './glob.rules.ts';
export { regularExpressionMatcher } from './regular-expression.rules.ts';
