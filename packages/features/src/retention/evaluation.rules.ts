import type { RetentionRule, RetentionTotals } from '@moorage/contracts';
import { type ArtifactDecision, type RuleMatcher, ruleMatcher } from '../retention-rule/index.ts';

/** A policy ready to be asked at one moment. */
export interface EvaluationPlan {
  readonly projectId: number;
  readonly unit: 'artifact' | 'tag';
  readonly rules: readonly RetentionRule[];
  readonly matchers: readonly RuleMatcher[];
  readonly asOf: Date;
  readonly needsLabels: boolean;
}

/** Throws BAD_REQUEST for a rule that cannot be read. */
export function evaluationPlan(
  projectId: number,
  policy: Pick<EvaluationPlan, 'unit' | 'rules'>,
  asOf: Date,
): EvaluationPlan {
  const rules = policy.rules.filter(({ disabled }) => !disabled);
  return {
    projectId,
    unit: policy.unit,
    rules: policy.rules,
    matchers: rules.map((rule) => ruleMatcher(rule, asOf.getTime())),
    asOf,
    needsLabels: rules.some(({ select }) => select.labels.length > 0),
  };
}

/** The name rules see: without the project. */
export function nameInProject(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}

/** Adds up decisions. */
export class DecisionCount {
  #repositories = 0;
  #tags = 0;
  #artifacts = 0;
  #bytes = 0;
  #tagsDeleted = 0;
  #artifactsDeleted = 0;
  #bytesDeleted = 0;
  #untagged = 0;
  #untaggedDeleted = 0;

  add({ candidate, items, isDeleted }: ArtifactDecision): void {
    const gone = items.filter((item) => item.isDeleted).length;
    this.#artifacts += 1;
    this.#bytes += candidate.size;
    if (candidate.tags.length === 0) {
      this.#untagged += 1;
      this.#untaggedDeleted += gone;
    } else {
      this.#tags += items.length;
      this.#tagsDeleted += gone;
    }
    if (!isDeleted) return;
    this.#artifactsDeleted += 1;
    this.#bytesDeleted += candidate.size;
  }

  addRepository(): void {
    this.#repositories += 1;
  }

  /** Decided one by one: tags, and artifacts without a tag. */
  get items(): number {
    return this.#tags + this.#untagged;
  }

  get itemsDeleted(): number {
    return this.#tagsDeleted + this.#untaggedDeleted;
  }

  get totals(): RetentionTotals {
    return {
      repositories: this.#repositories,
      tags: this.#tags,
      artifacts: this.#artifacts,
      bytes: this.#bytes,
      tags_deleted: this.#tagsDeleted,
      artifacts_deleted: this.#artifactsDeleted,
      bytes_deleted: this.#bytesDeleted,
    };
  }

  /** Percent of the items that go, with two digits, rounded up so that it never looks like less. */
  get share(): number {
    return this.items === 0 ? 0 : Math.ceil((this.itemsDeleted / this.items) * 10_000) / 100;
  }
}

/** Whether a run must be confirmed: what goes is more than this percent of what it looks at. */
export function needsConfirmation(count: Pick<DecisionCount, 'items' | 'itemsDeleted'>, confirmShare: number): boolean {
  return count.itemsDeleted * 100 > count.items * confirmShare;
}
