import type { Transaction } from '@moorage/database';
import type { ContentRemoval, RemovalOutcome } from '../content/index.ts';
import type { Digest, RepositoryName, Tag } from '@moorage/distribution';
import { type ArtifactDecision, decisionText } from '../retention-rule/index.ts';
import type { RepositoryPlace } from './candidate.store.ts';
import { DecisionCount, type EvaluationPlan } from './evaluation.rules.ts';
import type { DecisionSink } from './evaluation.service.ts';
import { removalAudit } from './retention.rules.ts';

/** Decisions collected before they are carried out: bounds the memory of a run. */
const SPOOL = 10_000;
/** Removals between two looks at whether the run was stopped. */
const STEP = 500;

/** The run in whose name something is removed. */
export interface RemovingRun {
  readonly executionId: number;
  readonly by: string;
  readonly isDryRun: boolean;
}

/** What is really gone. */
export interface Removed {
  readonly tags: number;
  /** With what went along. */
  readonly artifacts: number;
  /** Of the artifacts those that were decided about. */
  readonly asked: number;
}

type Log = (text: string, level?: 'INFO' | 'WARNING' | 'ERROR') => void;

interface ArtifactToGo {
  readonly digest: Digest;
  readonly knownTags: ReadonlySet<string>;
}
interface TagToGo {
  readonly name: Tag;
  readonly digest: Digest;
}

/** Writes every decision to the log, and carries the deletions out unless it is a dry run. */
export class RemovalSink implements DecisionSink {
  readonly count = new DecisionCount();
  readonly #removal: ContentRemoval;
  readonly #plan: EvaluationPlan;
  readonly #place: RepositoryPlace;
  readonly #run: RemovingRun;
  readonly #log: Log;
  readonly #logged: () => Promise<void>;
  readonly #progress: (sink: RemovalSink) => Promise<void>;
  readonly #counted: (transaction: Transaction, removed: Removed) => Promise<void>;
  #artifacts: ArtifactToGo[] = [];
  #tags: TagToGo[] = [];

  constructor(
    removal: ContentRemoval,
    plan: EvaluationPlan,
    place: RepositoryPlace,
    run: RemovingRun,
    output: {
      readonly log: Log;
      /** Resolves when the lines so far are stored. */
      readonly logged: () => Promise<void>;
      /** Told after every few hundred decisions and removals. */
      readonly progress: (sink: RemovalSink) => Promise<void>;
      /** Told in the transaction of each removal what that removed. */
      readonly counted: (transaction: Transaction, removed: Removed) => Promise<void>;
    },
  ) {
    this.#removal = removal;
    this.#plan = plan;
    this.#place = place;
    this.#run = run;
    this.#log = output.log;
    this.#logged = output.logged;
    this.#progress = output.progress;
    this.#counted = output.counted;
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
  async settle(): Promise<void> {
    await this.#logged();
    await this.#progress(this);
  }

  /** Stops between two steps when it is told to; what is done stays done. */
  async drain(signal?: AbortSignal): Promise<void> {
    const [artifacts, tags] = [this.#artifacts, this.#tags];
    this.#artifacts = [];
    this.#tags = [];
    for (let from = 0; from < tags.length; from += STEP) {
      signal?.throwIfAborted();
      await this.#removeTags(tags.slice(from, from + STEP));
      await this.#progress(this);
    }
    for (let from = 0; from < artifacts.length; from += STEP) {
      signal?.throwIfAborted();
      await this.#removeArtifacts(artifacts.slice(from, from + STEP));
      await this.#progress(this);
    }
  }

  async #removeTags(tags: readonly TagToGo[]): Promise<void> {
    const { repository, repositoryId, origin } = this.#where();
    const outcome = await this.#removal.removeTags({
      repository,
      repositoryId,
      tags,
      origin,
      eventOf: (tag) => ({
        data: { repository: repository.name, tag },
        audit: removalAudit(this.#run, 'tag', `${repository.name}:${tag}`),
      }),
      noted: (transaction, removed) => this.#counted(transaction, { tags: removed.length, artifacts: 0, asked: 0 }),
    });
    this.#tellWhatStays(outcome);
  }

  async #removeArtifacts(artifacts: readonly ArtifactToGo[]): Promise<void> {
    const { repository, repositoryId, origin } = this.#where();
    const tagsOf = new Map(artifacts.map(({ digest, knownTags }) => [digest, knownTags.size]));
    const outcome = await this.#removal.removeArtifacts({
      repository,
      repositoryId,
      artifacts: artifacts.map((artifact) => ({ ...artifact, knownUntil: this.#plan.asOf.getTime() })),
      along: true,
      origin,
      eventOf: ({ digest }) => ({
        data: { repository: repository.name, digest },
        audit: removalAudit(this.#run, 'artifact', `${repository.name}@${digest}`),
      }),
      noted: (transaction, removed) => {
        const asked = removed.filter(({ because }) => because === 'asked');
        const tags = asked.reduce((sum, { digest }) => sum + (tagsOf.get(digest) ?? 0), 0);
        return this.#counted(transaction, { tags, artifacts: removed.length, asked: asked.length });
      },
    });
    this.#tellWhatStays(outcome);
  }

  #where() {
    return {
      repository: { namespaceId: this.#place.projectId, name: this.#place.name as RepositoryName },
      repositoryId: this.#place.id,
      origin: { reason: 'retention', by: this.#run.by, executionId: this.#run.executionId } as const,
    };
  }

  #tellWhatStays({ kept }: RemovalOutcome): void {
    for (const { digest, tag, code, text, asked } of kept) {
      // What is gone already was removed by an earlier attempt, or by somebody else.
      if (!asked || code === 'missing') continue;
      this.#log(`STAYS ${this.#place.name}${tag === null ? `@${digest}` : `:${tag}`} ${text}`, 'WARNING');
    }
  }
}
