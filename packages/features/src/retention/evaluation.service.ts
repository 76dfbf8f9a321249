import { setImmediate } from 'node:timers/promises';
import {
  type ArtifactDecision,
  type Candidate,
  type CandidateLines,
  candidatesOf,
  giveBack,
  RepositoryEvaluation,
} from '../retention-rule/index.ts';
import { CandidateStore, type RepositoryPlace, type ScanPosition } from './candidate.store.ts';
import { type EvaluationPlan, nameInProject } from './evaluation.rules.ts';

const REPOSITORY_BATCH = 500;
/** Bytes of lines kept in memory between the survey and the decisions, of some 200,000 tags; larger repositories are read twice. */
const KEPT = 32_000_000;

/** Takes the decisions about one repository, artifact by artifact. */
export interface DecisionSink {
  /** True: {@link drain} first, before there is more. */
  take(decision: ArtifactDecision): boolean;
  /** Called after every few hundred decisions: no more are made until it resolves. */
  settle?(): Promise<void>;
  /** Called without a transaction, after `take` asked for it and at the end. Gives up when it is told to. */
  drain?(signal?: AbortSignal): Promise<void>;
}

/**
 * Evaluates policies: the preview, a dry run and a run differ only in what they do with the decisions. Memory is bounded
 * by {@link KEPT} and the newest ranks of the rules, whatever the size of a repository.
 */
export class EvaluationService {
  readonly #candidates: CandidateStore;
  readonly #kept: number;

  /** `kept`: how many bytes of a repository may be kept in memory. */
  constructor(candidates: CandidateStore, kept = KEPT) {
    this.#candidates = candidates;
    this.#kept = kept;
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
        const batches = new Batches(() => this.#candidates.scan(transaction, place, options), this.#kept, signal);
        try {
          if (!isSurveyed) {
            await batches.each((candidate) => evaluation.survey(candidate));
            isSurveyed = true;
          }
          return await batches.each(
            (candidate) => sink.take(evaluation.decide(candidate)),
            () => sink.settle?.(),
          );
        } finally {
          batches.giveBack();
        }
      });
      await sink.drain?.(signal);
      if (stopped === null) return;
      after = stopped;
    }
  }
}

/** Lines that are read once or twice: up to `most` bytes are kept from the first time. */
class Batches {
  readonly #scan: () => AsyncGenerator<CandidateLines>;
  readonly #most: number;
  readonly #signal: AbortSignal | undefined;
  #kept: CandidateLines[] = [];
  #isWhole = false;

  constructor(scan: () => AsyncGenerator<CandidateLines>, most: number, signal: AbortSignal | undefined) {
    this.#scan = scan;
    this.#most = most;
    this.#signal = signal;
  }

  /** Shows every artifact to `look` until it answers true; then that artifact, else null. */
  async each(
    look: (candidate: Candidate) => boolean | void,
    settle: () => Promise<void> | undefined = () => undefined,
  ): Promise<Candidate | null> {
    const lines = this.#isWhole ? this.#again() : this.#first();
    for await (const batch of lines) {
      this.#signal?.throwIfAborted();
      const stopped = lookAt(batch, look);
      if (stopped) return stopped;
      await settle();
    }
    return null;
  }

  /** Frees what is kept: in the heap's own time it would take the place of what other work needs. */
  giveBack(): void {
    for (const batch of this.#kept) giveBack(batch);
    this.#kept = [];
    this.#isWhole = false;
  }

  async *#first(): AsyncGenerator<CandidateLines> {
    let bytes = 0;
    for await (const batch of this.#scan()) {
      yield batch;
      bytes += batch.length;
      if (bytes <= this.#most) this.#kept.push(batch);
      else {
        this.giveBack();
        giveBack(batch);
      }
    }
    this.#isWhole = bytes <= this.#most;
  }

  async *#again(): AsyncGenerator<CandidateLines> {
    for (const batch of this.#kept) {
      yield batch;
      // Others get their turn, as between two batches from the database.
      await setImmediate();
    }
  }
}

function lookAt(batch: CandidateLines, look: (candidate: Candidate) => boolean | void): Candidate | null {
  for (const candidate of candidatesOf(batch)) if (look(candidate) === true) return candidate;
  return null;
}

function evaluationOf(plan: EvaluationPlan, place: RepositoryPlace): RepositoryEvaluation {
  return new RepositoryEvaluation(plan.matchers, plan.unit, nameInProject(place.name));
}
