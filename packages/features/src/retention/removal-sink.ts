import type { ContentRemoval, RemovalOutcome } from '../content/index.ts';
import type { Digest, RepositoryName, Tag } from '@moorage/distribution';
import { type ArtifactDecision, decisionText } from '../retention-rule/index.ts';
import type { RepositoryPlace } from './candidate.store.ts';
import { DecisionCount, type EvaluationPlan } from './evaluation.rules.ts';
import type { DecisionSink } from './evaluation.service.ts';
import { removalAudit } from './retention.rules.ts';

/** Decisions collected before they are carried out: bounds the memory of a run. */
const SPOOL = 10_000;

/** The run in whose name something is removed. */
export interface RemovingRun {
  readonly executionId: number;
  readonly by: string;
  readonly isDryRun: boolean;
}

/** Writes every decision to the log, and carries the deletions out unless it is a dry run. */
export class RemovalSink implements DecisionSink {
  readonly count = new DecisionCount();
  /** What is really gone. */
  tagsRemoved = 0;
  artifactsRemoved = 0;
  readonly #removal: ContentRemoval;
  readonly #plan: EvaluationPlan;
  readonly #place: RepositoryPlace;
  readonly #run: RemovingRun;
  readonly #log: (text: string, level?: 'INFO' | 'WARNING' | 'ERROR') => void;
  readonly #logged: () => Promise<void>;
  readonly #afterDrain: (sink: RemovalSink) => Promise<void>;
  #artifacts: { digest: Digest; knownTags: ReadonlySet<string> }[] = [];
  #tags: { name: Tag; digest: Digest }[] = [];

  constructor(
    removal: ContentRemoval,
    plan: EvaluationPlan,
    place: RepositoryPlace,
    run: RemovingRun,
    output: {
      readonly log: (text: string, level?: 'INFO' | 'WARNING' | 'ERROR') => void;
      /** Resolves when the lines so far are stored. */
      readonly logged: () => Promise<void>;
      readonly afterDrain: (sink: RemovalSink) => Promise<void>;
    },
  ) {
    this.#removal = removal;
    this.#plan = plan;
    this.#place = place;
    this.#run = run;
    this.#log = output.log;
    this.#logged = output.logged;
    this.#afterDrain = output.afterDrain;
  }

  take(decision: ArtifactDecision): boolean {
    const { candidate, items, isDeleted } = decision;
    this.count.add(decision);
    const digest = candidate.digest as Digest;
    for (const item of items) {
      const what = item.tag === null ? `${this.#place.name}@${digest}` : `${this.#place.name}:${item.tag} ${digest}`;
      this.#log(`${item.isDeleted ? 'DELETE' : 'RETAIN'} ${what} ${decisionText(item, this.#plan.rules)}`);
      if (item.isDeleted && !isDeleted && item.tag !== null) this.#tags.push({ name: item.tag as Tag, digest });
    }
    if (isDeleted) this.#artifacts.push({ digest, knownTags: new Set(candidate.tags.map(({ name }) => name)) });
    if (!this.#run.isDryRun) return this.#artifacts.length + this.#tags.length >= SPOOL;
    this.#artifacts = [];
    this.#tags = [];
    return false;
  }

  /** Lines that wait to be written would else pile up, one for each tag. */
  settle(): Promise<void> {
    return this.#logged();
  }

  async drain(): Promise<void> {
    const { executionId, by } = this.#run;
    const repository = { namespaceId: this.#place.projectId, name: this.#place.name as RepositoryName };
    const origin = { reason: 'retention', by, executionId } as const;
    const [artifacts, tags] = [this.#artifacts, this.#tags];
    this.#artifacts = [];
    this.#tags = [];
    if (tags.length > 0) {
      const outcome = await this.#removal.removeTags({
        repository,
        tags,
        origin,
        eventOf: (tag) => ({
          data: { repository: repository.name, tag },
          audit: removalAudit(this.#run, 'tag', `${repository.name}:${tag}`),
        }),
      });
      this.#note(outcome);
    }
    if (artifacts.length > 0) {
      const outcome = await this.#removal.removeArtifacts({
        repository,
        artifacts: artifacts.map((artifact) => ({ ...artifact, knownUntil: this.#plan.asOf.getTime() })),
        along: true,
        origin,
        eventOf: ({ digest }) => ({
          data: { repository: repository.name, digest },
          audit: removalAudit(this.#run, 'artifact', `${repository.name}@${digest}`),
        }),
      });
      this.#note(outcome);
      const asked = new Set(outcome.removed.filter(({ because }) => because === 'asked').map(({ digest }) => digest));
      this.tagsRemoved += artifacts.reduce(
        (sum, { digest, knownTags }) => sum + (asked.has(digest) ? knownTags.size : 0),
        0,
      );
    }
    await this.#afterDrain(this);
  }

  #note({ removed, removedTags, kept }: RemovalOutcome): void {
    this.artifactsRemoved += removed.length;
    this.tagsRemoved += removedTags.length;
    for (const { digest, tag, code, text, asked } of kept) {
      // What is gone already was removed by an earlier attempt, or by somebody else.
      if (!asked || code === 'missing') continue;
      this.#log(`STAYS ${this.#place.name}${tag === null ? `@${digest}` : `:${tag}`} ${text}`, 'WARNING');
    }
  }
}
