export type { Matcher } from './automaton.rules.ts';
export { globMatcher } from './glob.rules.ts';
export { globExpression } from './glob-sql.rules.ts';
export { regularExpressionMatcher } from './regular-expression.rules.ts';
