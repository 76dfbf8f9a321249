import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createImmutableRule,
  type listImmutableRules,
} from '@moorage/contracts';
import { globExpression } from '../pattern/index.ts';

type RuleBody = Pick<BodyOf<typeof createImmutableRule>, 'tag_selectors' | 'scope_selectors'>;
type RuleAnswer = AnswerOf<typeof listImmutableRules>[number];

/** One condition of a rule, with the glob as PostgreSQL matches it. */
export interface Selector {
  readonly scope: 'repository' | 'tag';
  readonly includes: boolean;
  readonly pattern: string;
  readonly expression: string;
}

export interface RuleRow {
  readonly id: number;
  readonly priority: number;
  readonly isDisabled: boolean;
  readonly selectors: readonly Pick<Selector, 'scope' | 'includes' | 'pattern'>[];
}

/** The selectors of a request, repositories first. Throws BAD_REQUEST for a glob that cannot be read. */
export function selectorsOf(body: RuleBody): Selector[] {
  return [
    ...body.scope_selectors.repository.map(({ decoration, pattern }) =>
      selector('repository', decoration === 'repoMatches', pattern),
    ),
    ...body.tag_selectors.map(({ decoration, pattern }) => selector('tag', decoration === 'matches', pattern)),
  ];
}

function selector(scope: Selector['scope'], includes: boolean, pattern: string): Selector {
  return { scope, includes, pattern, expression: globExpression(pattern) };
}

/** A rule on the wire. */
export function ruleView(row: RuleRow): RuleAnswer {
  const of = (scope: Selector['scope']) => row.selectors.filter((selector) => selector.scope === scope);
  return {
    id: row.id,
    priority: row.priority,
    disabled: row.isDisabled,
    action: 'immutable',
    template: 'immutable_template',
    params: {},
    tag_selectors: of('tag').map(({ includes, pattern }) => ({
      kind: 'doublestar',
      decoration: includes ? 'matches' : 'excludes',
      pattern,
    })),
    scope_selectors: {
      repository: of('repository').map(({ includes, pattern }) => ({
        kind: 'doublestar',
        decoration: includes ? 'repoMatches' : 'repoExcludes',
        pattern,
      })),
    },
  };
}

/** A rule in one line, for the audit log. */
export function ruleText({ selectors }: Pick<RuleRow, 'selectors'>): string {
  return selectors
    .map(({ scope, includes, pattern }) => `${scope} ${includes ? 'matches' : 'excludes'} ${pattern}`)
    .join(', ')
    .slice(0, 1024);
}

/** The end of a new hold: a time for a lock, null for a legal hold. Throws BAD_REQUEST for anything else. */
export function holdEnd(
  asked: { readonly kind: 'lock' | 'legal-hold'; readonly until?: string | undefined },
  now: Date,
): Date | null {
  if (asked.kind === 'legal-hold') {
    if (asked.until === undefined) return null;
    throw new AppError(
      'BAD_REQUEST',
      'until: a legal hold lasts until it is released; leave the time out, or make a lock.',
    );
  }
  const until = asked.until === undefined ? null : new Date(asked.until);
  if (until === null || until <= now) {
    throw new AppError('BAD_REQUEST', 'until: a lock needs a time in the future at which it ends.');
  }
  return until;
}
