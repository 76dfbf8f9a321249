import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type ArtifactDecision, type Candidate, RepositoryEvaluation } from '../retention-rule/index.ts';
import { CandidateStore, type RepositoryPlace, type ScanPosition } from './candidate.store.ts';
import { type EvaluationPlan, nameInProject } from './evaluation.rules.ts';

const REPOSITORY_BATCH = 500;
/** Artifacts kept in memory between the survey and the decisions; larger repositories are read twice. */
const KEPT = 10_000;

/** Takes the decisions about one repository, artifact by artifact. */
export interface DecisionSink {
  /** True: {@link drain} first, before there is more. */
  take(decision: ArtifactDecision): boolean;
  /** Called after every few hundred decisions: no more are made until it resolves. */
  settle?(): Promise<void>;
  /** Called without a transaction, after `take` asked for it and at the end. */
  drain?(): Promise<void>;
}

/**
 * Evaluates policies: the preview, a dry run and a run differ only in what they do with the decisions. Memory is bounded
 * by {@link KEPT} artifacts and the newest ranks of the rules, whatever the size of a repository.
 */
@Injectable()
export class EvaluationService {
  readonly #candidates: CandidateStore;

  constructor(candidates: CandidateStore) {
    this.#candidates = candidates;
  }

  /** The database's time: what is pushed later is not decided about. */
  now(): Promise<Date> {
    return this.#candidates.now();
  }

  /** The repositories of the project some rule is about, by name. */
  async *repositories(plan: EvaluationPlan): AsyncGenerator<RepositoryPlace> {
    for (let after = ''; ; ) {
      const batch = await this.#candidates.listRepositories(plan.projectId, after, REPOSITORY_BATCH);
      for (const place of batch) if (evaluationOf(plan, place).isCovered) yield place;
      const last = batch.at(-1);
      if (!last || batch.length < REPOSITORY_BATCH) return;
      after = last.name;
    }
  }

  /** A repository of the project by its full name, when some rule is about it. */
  async findRepository(plan: EvaluationPlan, name: string): Promise<RepositoryPlace | null> {
    const place = await this.#candidates.findRepository(plan.projectId, name);
    return place !== null && evaluationOf(plan, place).isCovered ? place : null;
  }

  /** Decides about a whole repository, newest artifacts first. */
  async evaluate(
    plan: EvaluationPlan,
    place: RepositoryPlace,
    sink: DecisionSink,
    signal?: AbortSignal,
  ): Promise<void> {
    const evaluation = evaluationOf(plan, place);
    if (!evaluation.isCovered) return;
    let isSurveyed = !evaluation.needsSurvey;
    for (let after: ScanPosition | undefined; ; ) {
      const stopped = await this.#candidates.snapshot(async (transaction) => {
        const options = { asOf: plan.asOf, needsLabels: plan.needsLabels, after };
        const batches = new Batches(() => this.#candidates.scan(transaction, place, options), signal);
        if (!isSurveyed) {
          await batches.each((candidate) => evaluation.survey(candidate));
          isSurveyed = true;
        }
        return batches.each(
          (candidate) => sink.take(evaluation.decide(candidate)),
          () => sink.settle?.(),
        );
      });
      await sink.drain?.();
      if (stopped === null) return;
      after = stopped;
    }
  }
}

/** Artifacts that are read once or twice: up to {@link KEPT} are kept from the first time. */
class Batches {
  readonly #scan: () => AsyncGenerator<readonly Candidate[]>;
  readonly #signal: AbortSignal | undefined;
  #kept: (readonly Candidate[])[] | null = null;

  constructor(scan: () => AsyncGenerator<readonly Candidate[]>, signal: AbortSignal | undefined) {
    this.#scan = scan;
    this.#signal = signal;
  }

  /** Shows every artifact to `look` until it answers true; then that artifact, else null. */
  async each(
    look: (candidate: Candidate) => boolean | void,
    settle: () => Promise<void> | undefined = () => undefined,
  ): Promise<Candidate | null> {
    if (this.#kept) return this.#again(this.#kept, look, settle);
    let kept: (readonly Candidate[])[] | null = [];
    let number = 0;
    for await (const batch of this.#scan()) {
      this.#signal?.throwIfAborted();
      const stopped = lookAt(batch, look);
      if (stopped) return stopped;
      await settle();
      number += batch.length;
      if (number > KEPT) kept = null;
      kept?.push(batch);
    }
    this.#kept = kept;
    return null;
  }

  async #again(
    batches: readonly (readonly Candidate[])[],
    look: (candidate: Candidate) => boolean | void,
    settle: () => Promise<void> | undefined,
  ): Promise<Candidate | null> {
    for (const batch of batches) {
      const stopped = lookAt(batch, look);
      if (stopped) return stopped;
      await settle();
      // Others get their turn, as between two batches from the database.
      await setImmediate();
      this.#signal?.throwIfAborted();
    }
    return null;
  }
}

function lookAt(batch: readonly Candidate[], look: (candidate: Candidate) => boolean | void): Candidate | null {
  for (const candidate of batch) if (look(candidate) === true) return candidate;
  return null;
}

function evaluationOf(plan: EvaluationPlan, place: RepositoryPlace): RepositoryEvaluation {
  return new RepositoryEvaluation(plan.matchers, plan.unit, nameInProject(place.name));
}
