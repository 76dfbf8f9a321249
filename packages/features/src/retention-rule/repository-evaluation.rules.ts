import type { RetentionReason } from '@moorage/contracts';
import { type Candidate, type Item, itemsOf } from './candidate.ts';
import { compareRanks, type GroupRank, NewestRanks, rankOf } from './newest.rules.ts';
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

const NOTHING_RANKED: readonly null[] = [];

/** Of each item the id of the rule that takes it; null when a rule claims it for itself and leaves it. */
type Takers = (number | null | undefined)[];

/**
 * Decides about one repository. It is shown every artifact twice, first to {@link survey}, then to {@link decide}, and
 * remembers no more in between than the newest ranks of its rules: a repository of any size takes the same memory.
 */
export class RepositoryEvaluation {
  readonly #keepers: readonly AskedRule[];
  readonly #removers: readonly AskedRule[];
  /** Those with something to find out before the first decision. */
  readonly #surveyed: readonly AskedRule[];
  readonly #unit: 'artifact' | 'tag';
  readonly #retains: boolean;
  #isMatched = false;

  /** `matchers`: of the enabled rules, in the policy's order; those about other repositories are left out. */
  constructor(matchers: readonly RuleMatcher[], unit: 'artifact' | 'tag', repository: string) {
    const rules = matchers
      .filter(({ rule, appliesTo }) => !rule.disabled && appliesTo(repository))
      .map((matcher) => new AskedRule(matcher));
    this.#keepers = rules.filter(({ rule }) => rule.action !== 'delete');
    this.#removers = rules.filter(({ rule }) => rule.action === 'delete');
    this.#surveyed = rules.filter(({ rule }) => rule.newest !== null || rule.action === 'retain');
    this.#unit = unit;
    this.#retains = rules.some(({ rule }) => rule.action === 'retain');
  }

  /** False when no rule is about the repository: everything stays. */
  get isCovered(): boolean {
    return this.#keepers.length + this.#removers.length > 0;
  }

  /** Whether {@link decide} needs a survey first. */
  get needsSurvey(): boolean {
    return this.#surveyed.length > 0;
  }

  survey(candidate: Candidate): void {
    const items = itemsOf(candidate, this.#unit);
    for (const asked of this.#surveyed) {
      const isRetaining = asked.rule.action === 'retain';
      if (asked.rule.newest === null && this.#isMatched) continue;
      if (asked.survey(candidate, items) && isRetaining) this.#isMatched = true;
    }
  }

  decide(candidate: Candidate): ArtifactDecision {
    const items = itemsOf(candidate, this.#unit);
    const keepers = takersOf(this.#keepers, candidate, items);
    const removers = keepers.includes(undefined) ? takersOf(this.#removers, candidate, items) : [];
    const first = items.map((item, index) => this.#decideItem(candidate, item, keepers[index], removers[index]));
    const decided = this.#withSiblings(candidate, first);
    return {
      candidate,
      items: decided,
      isDeleted: !candidate.isPart && decided.every(({ isDeleted }) => isDeleted),
    };
  }

  #decideItem(candidate: Candidate, { tag }: Item, keeper: Takers[number], remover: Takers[number]): ItemDecision {
    const name = tag?.name ?? null;
    if (typeof keeper === 'number') return kept(name, 'rule', keeper);
    const isTaken = typeof remover === 'number';
    if (!isTaken && !this.#retains) return kept(name, 'not-covered');
    if (!isTaken && !this.#isMatched) return kept(name, 'nothing-matches');
    if (candidate.isHeld) return kept(name, 'held');
    if (tag?.isImmutable) return kept(name, 'immutable');
    if (tag === null && candidate.isPart) return kept(name, 'referenced');
    return { tag: name, isDeleted: true, reason: isTaken ? 'rule' : 'not-retained', ruleId: remover ?? null };
  }

  /** With unit `artifact`, one tag that stays keeps the others, and so does an index that needs the artifact. */
  #withSiblings(candidate: Candidate, items: readonly ItemDecision[]): readonly ItemDecision[] {
    if (this.#unit === 'tag') return items;
    const reason = candidate.isPart ? 'referenced' : 'sibling';
    if (!candidate.isPart && items.every(({ isDeleted }) => isDeleted)) return items;
    return items.map((item) => (item.isDeleted ? kept(item.tag, reason) : item));
  }
}

/** A rule with what is newest in one repository of what it selects. */
class AskedRule {
  readonly rule: RuleMatcher['rule'];
  readonly #matcher: RuleMatcher;
  readonly #newest = new Map<string, NewestRanks>();

  constructor(matcher: RuleMatcher) {
    this.rule = matcher.rule;
    this.#matcher = matcher;
  }

  /** Counts an artifact among the newest; true when the rule covers something of it. */
  survey(candidate: Candidate, items: readonly Item[]): boolean {
    const covered = this.#coveredOf(candidate, items);
    const ranks = this.#ranksOf(candidate, items, covered);
    for (const ranked of ranks.length > 1 ? new Set(ranks) : ranks) {
      if (ranked !== null) this.#groupOf(ranked.group).add(ranked.rank);
    }
    return covered.includes(true);
  }

  /** Takes what nobody has taken: a rule that keeps the newest takes those, one that deletes takes the others. */
  take(candidate: Candidate, items: readonly Item[], takers: Takers): void {
    const { id, newest, claims, action } = this.rule;
    const removes = action === 'delete';
    const covered = this.#coveredOf(candidate, items);
    const ranks = this.#ranksOf(candidate, items, covered);
    items.forEach((item, index) => {
      if (takers[index] !== undefined || !covered[index]) return;
      const ranked = ranks[index] ?? null;
      const isTaken =
        newest === null
          ? this.#matcher.isWithin(candidate, item)
          : ranked !== null && this.#groupOf(ranked.group).has(ranked.rank) !== removes;
      if (isTaken) takers[index] = id;
      else if (removes && claims) takers[index] = null;
    });
  }

  #coveredOf(candidate: Candidate, items: readonly Item[]): boolean[] {
    return items.map((item) => this.#matcher.covers(candidate, item));
  }

  /** Where each item that the rule selects stands, when the rule asks for the newest. */
  #ranksOf(candidate: Candidate, items: readonly Item[], covered: readonly boolean[]): readonly (GroupRank | null)[] {
    const { newest } = this.rule;
    if (newest === null) return NOTHING_RANKED;
    return bestOfGroups(
      items.map((item, index) =>
        covered[index] && this.#matcher.isWithin(candidate, item) ? rankOf(newest, candidate, item) : null,
      ),
    );
  }

  #groupOf(group: string): NewestRanks {
    const known = this.#newest.get(group);
    if (known) return known;
    const ranks = new NewestRanks(this.rule.newest?.count ?? 0);
    this.#newest.set(group, ranks);
    return ranks;
  }
}

function takersOf(rules: readonly AskedRule[], candidate: Candidate, items: readonly Item[]): Takers {
  const takers: Takers = items.map(() => undefined);
  for (const rule of rules) {
    if (!takers.includes(undefined)) break;
    rule.take(candidate, items, takers);
  }
  return takers;
}

/** Each rank raised to the best one the artifact has in the group: it counts once there, however many tags it has. */
function bestOfGroups(ranks: readonly (GroupRank | null)[]): readonly (GroupRank | null)[] {
  if (ranks.length < 2) return ranks;
  const best = new Map<string, GroupRank>();
  for (const ranked of ranks) {
    if (ranked === null) continue;
    const known = best.get(ranked.group);
    if (known === undefined || compareRanks(ranked.rank, known.rank) > 0) best.set(ranked.group, ranked);
  }
  return ranks.map((ranked) => ranked && (best.get(ranked.group) ?? null));
}

function kept(tag: string | null, reason: RetentionReason, ruleId: number | null = null): ItemDecision {
  return { tag, isDeleted: false, reason, ruleId };
}
