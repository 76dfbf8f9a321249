import type { RetentionReason } from '@moorage/contracts';
import { type Candidate, type Item, itemsOf } from './candidate.ts';
import { compareRanks, NewestRanks, type Rank, rankOf } from './newest.rules.ts';
import type { RuleMatcher } from './rule-matcher.rules.ts';

/** What becomes of one tag, or of an artifact without one, and why. */
export interface ItemDecision {
  readonly tag: string | null;
  readonly isDeleted: boolean;
  readonly reason: RetentionReason;
  readonly ruleId: number | null;
}

/** What becomes of an artifact. */
export interface ArtifactDecision {
  readonly candidate: Candidate;
  /** Everything of it goes, itself included. */
  readonly isDeleted: boolean;
  readonly items: readonly ItemDecision[];
}

/** What one rule says of one artifact: which of its items it selects, and which of these are among the newest. */
interface Selection {
  readonly matcher: RuleMatcher;
  readonly covered: readonly boolean[];
  readonly selected: readonly boolean[];
}

/**
 * Decides about one repository. It is shown every artifact twice, first to {@link survey}, then to {@link decide}, and
 * remembers no more in between than the newest ranks of its rules: a repository of any size takes the same memory.
 */
export class RepositoryEvaluation {
  readonly #matchers: readonly RuleMatcher[];
  readonly #unit: 'artifact' | 'tag';
  readonly #newest = new Map<RuleMatcher, Map<string, NewestRanks>>();
  readonly #retains: boolean;
  #isMatched = false;

  /** `matchers`: of the enabled rules, in the policy's order; those about other repositories are left out. */
  constructor(matchers: readonly RuleMatcher[], unit: 'artifact' | 'tag', repository: string) {
    this.#matchers = matchers.filter(({ rule, appliesTo }) => !rule.disabled && appliesTo(repository));
    this.#unit = unit;
    this.#retains = this.#matchers.some(({ rule }) => rule.action === 'retain');
  }

  /** False when no rule is about the repository: everything stays. */
  get isCovered(): boolean {
    return this.#matchers.length > 0;
  }

  /** Whether {@link decide} needs a survey first. */
  get needsSurvey(): boolean {
    return this.#retains || this.#matchers.some(({ rule }) => rule.newest !== null);
  }

  survey(candidate: Candidate): void {
    const items = itemsOf(candidate, this.#unit);
    for (const matcher of this.#matchers) {
      const { covered, selected } = selectionOf(matcher, candidate, items);
      if (matcher.rule.action === 'retain' && covered.includes(true)) this.#isMatched = true;
      for (const [group, rank] of bestRanks(matcher, candidate, items, selected)) {
        this.#ranksOf(matcher, group).add(rank);
      }
    }
  }

  decide(candidate: Candidate): ArtifactDecision {
    const items = itemsOf(candidate, this.#unit);
    const selections = this.#matchers.map((matcher) => selectionOf(matcher, candidate, items));
    const newest = this.#matchers.map((matcher, index) =>
      this.#newestItems(matcher, candidate, items, selections[index]?.selected ?? []),
    );
    const first = items.map((item, index) => this.#decideItem(candidate, item, index, selections, newest));
    const decided = this.#withSiblings(candidate, first);
    return {
      candidate,
      items: decided,
      isDeleted: !candidate.isPart && decided.every(({ isDeleted }) => isDeleted),
    };
  }

  #decideItem(
    candidate: Candidate,
    { tag }: Item,
    index: number,
    selections: readonly Selection[],
    newest: readonly (readonly boolean[])[],
  ): ItemDecision {
    const name = tag?.name ?? null;
    const keeper = selections.find(
      ({ matcher: { rule }, selected }, at) =>
        rule.action !== 'delete' && selected[index] && (rule.newest === null || newest[at]?.[index]),
    );
    if (keeper) return kept(name, 'rule', keeper.matcher.rule.id);
    const remover = removerOf(selections, newest, index);
    if (!remover && !this.#retains) return kept(name, 'not-covered');
    if (!remover && !this.#isMatched) return kept(name, 'nothing-matches');
    if (candidate.isHeld) return kept(name, 'held');
    if (tag?.isImmutable) return kept(name, 'immutable');
    if (tag === null && candidate.isPart) return kept(name, 'referenced');
    return { tag: name, isDeleted: true, reason: remover ? 'rule' : 'not-retained', ruleId: remover ?? null };
  }

  /** With unit `artifact`, one tag that stays keeps the others, and so does an index that needs the artifact. */
  #withSiblings(candidate: Candidate, items: readonly ItemDecision[]): readonly ItemDecision[] {
    if (this.#unit === 'tag') return items;
    const reason = candidate.isPart ? 'referenced' : 'sibling';
    if (!candidate.isPart && items.every(({ isDeleted }) => isDeleted)) return items;
    return items.map((item) => (item.isDeleted ? kept(item.tag, reason) : item));
  }

  #newestItems(
    matcher: RuleMatcher,
    candidate: Candidate,
    items: readonly Item[],
    selected: readonly boolean[],
  ): boolean[] {
    const { newest } = matcher.rule;
    if (newest === null) return [];
    const best = bestRanks(matcher, candidate, items, selected);
    return items.map((item, index) => {
      if (!selected[index]) return false;
      const { group } = rankOf(newest, candidate, item);
      const rank = best.get(group);
      return rank !== undefined && this.#ranksOf(matcher, group).has(rank);
    });
  }

  #ranksOf(matcher: RuleMatcher, group: string): NewestRanks {
    const groups = this.#newest.get(matcher) ?? new Map<string, NewestRanks>();
    this.#newest.set(matcher, groups);
    const ranks = groups.get(group) ?? new NewestRanks(matcher.rule.newest?.count ?? 0);
    groups.set(group, ranks);
    return ranks;
  }
}

function selectionOf(matcher: RuleMatcher, candidate: Candidate, items: readonly Item[]): Selection {
  const covered = items.map((item) => matcher.covers(candidate, item));
  const selected = items.map((item, index) => covered[index] === true && matcher.isWithin(candidate, item));
  return { matcher, covered, selected };
}

/** Of each group the artifact's best rank: an artifact counts once, however many tags it has. */
function bestRanks(
  { rule: { newest } }: RuleMatcher,
  candidate: Candidate,
  items: readonly Item[],
  selected: readonly boolean[],
): Map<string, Rank> {
  const best = new Map<string, Rank>();
  if (newest === null) return best;
  items.forEach((item, index) => {
    if (!selected[index]) return;
    const { group, rank } = rankOf(newest, candidate, item);
    const known = best.get(group);
    if (known === undefined || compareRanks(rank, known) > 0) best.set(group, rank);
  });
  return best;
}

/** The id of the first delete rule that takes the item, unless a rule before it has claimed the item. */
function removerOf(
  selections: readonly Selection[],
  newest: readonly (readonly boolean[])[],
  index: number,
): number | undefined {
  for (const [at, { matcher, covered, selected }] of selections.entries()) {
    const { rule } = matcher;
    if (rule.action !== 'delete') continue;
    if (selected[index] && (rule.newest === null || !newest[at]?.[index])) return rule.id;
    if (rule.claims && covered[index]) return undefined;
  }
  return undefined;
}

function kept(tag: string | null, reason: RetentionReason, ruleId: number | null = null): ItemDecision {
  return { tag, isDeleted: false, reason, ruleId };
}
