import {
  AppError,
  type AnswerOf,
  type BodyOf,
  type createRetention,
  type exportLifecyclePolicy as exportEndpoint,
  type getProjectRetention,
  type putProjectRetention,
} from '@moorage/contracts';
import type { Transaction } from '@moorage/database';
import { cronProblem, nextTick, planTask } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { ExecutionService, ScheduleService } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, type ProjectRef } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { exportLifecyclePolicy, labelsOf, numberedRules, rulesAfterHarbor } from '../retention-rule/index.ts';
import { planRetention, RETENTION_VENDOR } from './retention.jobs.ts';
import { auditedPolicy, policyView, refuseUnknownLabels } from './retention.rules.ts';
import { type PolicyFields, type RetentionPolicy, RetentionPolicyStore } from './retention-policy.store.ts';

/** At most one run of a policy waits: it keeps others from starting. */
const WAITING: ListRequest = {
  page: 1,
  pageSize: 10,
  conditions: [{ key: 'status', kind: 'text', op: 'equals', value: 'Waiting' }],
  sort: [{ key: 'id', descending: false }],
};

type HarborBody = BodyOf<typeof createRetention>;

/** The retention policy of a project, in Harbor's shape and in the full one. Rights are asked before. */
@Injectable()
export class RetentionService {
  readonly #store: RetentionPolicyStore;
  readonly #schedules: ScheduleService;
  readonly #executions: ExecutionService;
  readonly #clock: Clock;

  constructor(store: RetentionPolicyStore, schedules: ScheduleService, executions: ExecutionService, clock: Clock) {
    this.#store = store;
    this.#schedules = schedules;
    this.#executions = executions;
    this.#clock = clock;
  }

  /** Throws NOT_FOUND when the project has none. */
  async get(project: ProjectRef): Promise<RetentionPolicy> {
    const policy = await this.#store.find(project.id);
    if (!policy)
      throw new AppError('NOT_FOUND', `The project ${project.name} has no retention policy; make one first.`);
    return policy;
  }

  /** A policy by its id, in whatever project: its right must be asked there. */
  locate(id: number): Promise<RetentionPolicy | null> {
    return this.#store.locate(id);
  }

  async show(project: ProjectRef): Promise<AnswerOf<typeof getProjectRetention>> {
    return this.view(await this.get(project));
  }

  view(policy: RetentionPolicy): AnswerOf<typeof getProjectRetention> {
    return policyView(policy, this.nextRun(policy));
  }

  /** When the schedule comes due next; null without one. */
  nextRun({ cron }: Pick<RetentionPolicy, 'cron'>): Date | null {
    return cron === '' ? null : nextTick(cron, this.#clock.now());
  }

  /** Makes or replaces the policy. Throws BAD_REQUEST, CONFLICT for two rules that say the same. */
  async put(caller: Caller, project: ProjectRef, body: BodyOf<typeof putProjectRetention>): Promise<RetentionPolicy> {
    const cron = this.#readCron(body.cron);
    await this.#refuseForeignLabels(project.id, body.rules);
    return this.#write(caller, project, (before) => ({
      unit: body.unit,
      rules: numberedRules(body.rules, before?.rules ?? []),
      cron,
      confirmShare: body.confirm_share,
    }));
  }

  /** Makes the policy in Harbor's shape. Throws CONFLICT when the project has one. */
  createForHarbor(caller: Caller, project: ProjectRef, body: HarborBody): Promise<RetentionPolicy> {
    const cron = this.#readCron(body.trigger?.settings?.cron ?? '');
    return this.#write(caller, project, (before) => {
      if (before !== null) {
        throw new AppError('CONFLICT', `The project has the retention policy ${before.id} already; change that one.`);
      }
      return { unit: 'artifact', rules: rulesAfterHarbor(body.rules ?? [], []), cron, confirmShare: null };
    });
  }

  /** Changes what Harbor's shape can say; the rest stays. Throws BAD_REQUEST for another project than the policy's. */
  updateForHarbor(caller: Caller, project: ProjectRef, body: HarborBody): Promise<RetentionPolicy> {
    if (body.scope.ref !== project.id) {
      throw new AppError('BAD_REQUEST', 'scope.ref: a policy stays with its project; make one in the other project.');
    }
    const asked = body.trigger?.settings?.cron;
    return this.#write(caller, project, (before) => {
      if (before === null) throw new AppError('NOT_FOUND', 'The policy was deleted meanwhile.');
      const { unit, confirmShare } = before;
      const cron = body.trigger ? this.#readCron(asked ?? '') : before.cron;
      return { unit, confirmShare, cron, rules: rulesAfterHarbor(body.rules ?? [], before.rules) };
    });
  }

  /**
   * Ends the policy, its schedule and a run that waits, as nobody could find it any more to confirm it; runs that are
   * under way go on by what they began with. Throws NOT_FOUND.
   */
  async delete(caller: Caller, project: ProjectRef): Promise<void> {
    const { id } = await this.get(project);
    const removed = await this.#store.remove(project.id, async (transaction, policy) => {
      await this.#schedules.remove({ vendorType: RETENTION_VENDOR, vendorId: policy.id }, transaction);
      return policyEvent(caller, project, policy.id, 'deleted', { before: auditedPolicy(policy) });
    });
    if (!removed) throw new AppError('NOT_FOUND', `The project ${project.name} has no retention policy.`);
    const scope = { vendorType: RETENTION_VENDOR, vendorId: id, projectId: project.id };
    const { rows } = await this.#executions.list(scope, WAITING);
    for (const waiting of rows) await this.#executions.stop(scope, waiting.id);
  }

  /** The policy as a lifecycle policy of Amazon ECR. Throws NOT_FOUND. */
  async exportLifecyclePolicy(project: ProjectRef): Promise<AnswerOf<typeof exportEndpoint>> {
    return exportLifecyclePolicy((await this.get(project)).rules);
  }

  async #write(
    caller: Caller,
    project: ProjectRef,
    change: (before: RetentionPolicy | null) => PolicyFields,
  ): Promise<RetentionPolicy> {
    const policy = await this.#store.put(project.id, change, async (transaction, before, after) => {
      await this.#schedule(transaction, project, after, nameOf(caller.principal));
      return before === null
        ? policyEvent(caller, project, after.id, 'created', { status: 201, after: auditedPolicy(after) })
        : policyEvent(caller, project, after.id, 'updated', {
            before: auditedPolicy(before),
            after: auditedPolicy(after),
          });
    });
    if (!policy) throw new AppError('NOT_FOUND', 'The project does not exist any more.');
    return policy;
  }

  async #schedule(transaction: Transaction, project: ProjectRef, policy: RetentionPolicy, by: string): Promise<void> {
    const ref = { vendorType: RETENTION_VENDOR, vendorId: policy.id };
    if (policy.cron === '') {
      await this.#schedules.remove(ref, transaction);
      return;
    }
    const { job, payload } = planTask(planRetention, { projectId: project.id, policyId: policy.id, isDryRun: false });
    const present = await this.#schedules.find(ref);
    if (present?.cron === policy.cron) return;
    await this.#schedules.put(
      { ...ref, kind: 'Custom', cron: policy.cron, job, payload, projectId: project.id, createdBy: by },
      transaction,
    );
  }

  #readCron(text: string): string {
    const cron = text.trim();
    if (cron === '') return '';
    const problem = cronProblem(cron, this.#clock.now());
    if (problem !== null) throw new AppError('BAD_REQUEST', `cron: ${problem}.`);
    return cron;
  }

  async #refuseForeignLabels(projectId: number, rules: BodyOf<typeof putProjectRetention>['rules']): Promise<void> {
    const labels = labelsOf(rules);
    refuseUnknownLabels(labels, await this.#store.listKnownLabels(projectId, labels));
  }
}

function policyEvent(
  caller: Caller,
  project: ProjectRef,
  policyId: number,
  happened: 'created' | 'updated' | 'deleted',
  change: { status?: number; before?: object; after?: object },
): DomainEvent {
  const operation = { created: 'create', updated: 'update', deleted: 'delete' }[happened];
  return {
    name: `retention-policy.${happened}`,
    projectId: project.id,
    data: { policyId },
    audit: auditEntry(caller, { resourceType: 'retention_policy', resource: project.name, operation, ...change }),
  };
}
