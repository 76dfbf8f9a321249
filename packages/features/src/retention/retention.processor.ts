import { AppError, type Settings } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import { PermanentFailure, planTask, type Processor, processor, type TaskContext } from '@moorage/jobs';
import { ContentRemoval } from '../content/index.ts';
import { ExecutionService } from '../execution/index.ts';
import { CandidateStore, type RepositoryPlace } from './candidate.store.ts';
import { DecisionCount, type EvaluationPlan, evaluationPlan, needsConfirmation } from './evaluation.rules.ts';
import { EvaluationService } from './evaluation.service.ts';
import { RemovalSink, type Removed } from './removal-sink.ts';
import { planRetention, RETENTION_VENDOR, runRetention } from './retention.jobs.ts';
import { RetentionPolicyStore } from './retention-policy.store.ts';
import { READ_ONLY_RUN } from '../settings/index.ts';
import {
  confirmationText,
  refuseUnknownLabels,
  type RunFacts,
  type RunTerms,
  type TaskFacts,
} from './retention.rules.ts';
import { labelsOf } from '../retention-rule/index.ts';

/**
 * The two jobs of a run: looking at everything, and removing what goes, repository by repository. In read-only
 * mode both end before they do anything, dry runs excepted.
 */
export function retentionProcessors(
  database: Database,
  settings: () => Promise<RetentionSettings>,
): readonly Processor[] {
  const worker = new RetentionWorker(database, settings);
  return [
    processor(planRetention, (context) => worker.plan(context)),
    processor(runRetention, (context) => worker.runRepository(context)),
  ];
}

/** The confirm share is that of policies without one of their own. */
type RetentionSettings = Pick<Settings, 'retention_confirm_share' | 'read_only'>;

interface PlanPayload {
  readonly projectId: number;
  readonly policyId: number;
  readonly isDryRun: boolean;
}
interface RepositoryPayload {
  readonly projectId: number;
  readonly policyId: number;
  readonly repositoryId: number;
  readonly repository: string;
}

class RetentionWorker {
  readonly #database: Database;
  readonly #evaluation: EvaluationService;
  readonly #policies: RetentionPolicyStore;
  readonly #executions: ExecutionService;
  readonly #removal: ContentRemoval;
  readonly #settings: () => Promise<RetentionSettings>;

  constructor(database: Database, settings: () => Promise<RetentionSettings>) {
    this.#database = database;
    this.#evaluation = new EvaluationService(new CandidateStore(database));
    this.#policies = new RetentionPolicyStore(database);
    this.#executions = new ExecutionService(database);
    this.#removal = new ContentRemoval(database);
    this.#settings = settings;
  }

  /** A second attempt goes by the terms the first one wrote down, and makes no second set of tasks. */
  async plan(context: TaskContext<PlanPayload>): Promise<void> {
    const { payload, executionId, signal } = context;
    await this.#refuseReadOnly(payload.isDryRun);
    const scope = { vendorType: RETENTION_VENDOR, vendorId: payload.policyId };
    const run = await this.#executions.get(scope, executionId);
    const openRun = await this.#executions.running(scope);
    if (run.trigger === 'Schedule' && openRun !== null && openRun < executionId) {
      context.log(`Nothing is done: run ${openRun} is not over yet.`, 'WARNING');
      await context.summarise({ skipped_for: openRun });
      return;
    }
    if (await this.#executions.hasSpawned(executionId)) return;
    const terms = (run.facts as RunFacts).terms ?? (await this.#terms(payload));
    if (!terms) {
      context.log('Nothing is done: the policy or its project is deleted.', 'WARNING');
      return;
    }
    await context.summarise({ dry_run: payload.isDryRun, terms });
    const plan = await this.#planOf(payload.projectId, terms);
    const count = new DecisionCount();
    const places: RepositoryPlace[] = [];
    const progress = () => context.report({ repositories: places.length, artifacts: count.totals.artifacts });
    for await (const place of this.#evaluation.repositories(plan)) {
      signal.throwIfAborted();
      count.addRepository();
      places.push(place);
      const sink = {
        take: (decision: Parameters<DecisionCount['add']>[0]) => {
          count.add(decision);
          return false;
        },
        settle: progress,
      };
      await this.#evaluation.evaluate(plan, place, sink, signal);
      await progress();
    }
    await context.summarise({ totals: count.totals, share: count.share });
    const tasks = places.map(({ id, name }) =>
      planTask(runRetention, {
        projectId: payload.projectId,
        policyId: payload.policyId,
        repositoryId: id,
        repository: name,
      }),
    );
    const mustWait = !payload.isDryRun && needsConfirmation(count, terms.confirm_share);
    if (mustWait) await context.hold(tasks, confirmationText(count, terms.confirm_share));
    else await context.spawn(tasks);
  }

  async runRepository(context: TaskContext<RepositoryPayload>): Promise<void> {
    const { payload, executionId, signal } = context;
    const run = await this.#executions.get({ vendorType: RETENTION_VENDOR, vendorId: payload.policyId }, executionId);
    const { terms, dry_run: isDryRun } = run.facts as RunFacts;
    if (!terms || isDryRun === undefined) throw new PermanentFailure('The run has lost its terms; start another one.');
    await this.#refuseReadOnly(isDryRun);
    const plan = await this.#planOf(payload.projectId, terms);
    const place = { projectId: payload.projectId, id: payload.repositoryId, name: payload.repository };
    const { attempts, facts } = await this.#executions.task(context.taskId);
    if (attempts > 1) context.log(`Attempt ${attempts}: what is gone stays gone, the rest is decided again.`);
    const before = facts as TaskFacts;
    const sink = new RemovalSink(
      this.#removal,
      plan,
      place,
      { executionId, by: run.createdBy, isDryRun },
      {
        log: context.log,
        logged: context.logged,
        progress: ({ count }) => context.report(decidedFacts(count, before)),
        counted: (transaction, removed) => context.count(transaction, { add: removedFacts(removed), names: {} }),
      },
    );
    if (!isDryRun) await context.count(this.#database, { add: removedFacts(NOTHING), names: {} });
    await this.#evaluation.evaluate(plan, place, sink, signal);
  }

  async #refuseReadOnly(isDryRun: boolean): Promise<void> {
    if (!isDryRun && (await this.#settings()).read_only) throw new PermanentFailure(READ_ONLY_RUN);
  }

  /** What the run goes by; null when the policy or its project is gone, as a project in the trash keeps its schedule. */
  async #terms({ projectId, policyId }: PlanPayload): Promise<RunTerms | null> {
    const policy = await this.#policies.locate(policyId);
    if (!policy || policy.projectId !== projectId) return null;
    return {
      unit: policy.unit,
      rules: policy.rules,
      as_of: (await this.#evaluation.now()).toISOString(),
      confirm_share: policy.confirmShare ?? (await this.#settings()).retention_confirm_share,
    };
  }

  /** A label that is gone would change what rules mean: then nothing is decided at all. */
  async #planOf(projectId: number, terms: RunTerms): Promise<EvaluationPlan> {
    try {
      const labels = labelsOf(terms.rules.filter(({ disabled }) => !disabled));
      refuseUnknownLabels(labels, await this.#policies.listKnownLabels(projectId, labels));
      return evaluationPlan(projectId, terms, new Date(terms.as_of));
    } catch (error) {
      if (error instanceof AppError) throw new PermanentFailure(error.message);
      throw error;
    }
  }
}

/** What an earlier attempt removed was decided about as well. */
function decidedFacts({ totals }: DecisionCount, before: TaskFacts) {
  const { artifacts, artifacts_deleted: deleted, tags, tags_deleted: tagsDeleted } = totals;
  return {
    total: (before.artifacts_asked ?? 0) + artifacts,
    retained: artifacts - deleted,
    tags: (before.tags_removed ?? 0) + tags,
    tags_deleted: (before.tags_removed ?? 0) + tagsDeleted,
  };
}

const NOTHING: Removed = { tags: 0, artifacts: 0, asked: 0 };

function removedFacts({ tags, artifacts, asked }: Removed) {
  return { tags_removed: tags, artifacts_removed: artifacts, artifacts_asked: asked };
}
