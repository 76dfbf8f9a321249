import { AppError, type AnswerOf, type getRetentionRun } from '@moorage/contracts';
import { Database, type Transaction } from '@moorage/database';
import { type Execution, type ExecutionScope, planTask } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { ExecutionService } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { planRetention, RETENTION_VENDOR, runRetention } from './retention.jobs.ts';
import type { RetentionPolicy } from './retention-policy.store.ts';
import { executionView, runView, taskView } from './retention.rules.ts';

/** Runs of a policy as people start, follow and stop them. The work itself is the processor's. */
@Injectable()
export class RetentionRunService {
  readonly #executions: ExecutionService;
  readonly #database: Database;

  constructor(executions: ExecutionService, database: Database) {
    this.#executions = executions;
    this.#database = database;
  }

  /**
   * Gives the id of the run. Throws PRECONDITION without an enabled rule, CONFLICT while another run is open; a dry run
   * minds dry runs alone.
   */
  async start(caller: Caller, project: ProjectRef, policy: RetentionPolicy, isDryRun: boolean): Promise<number> {
    if (policy.rules.every(({ disabled }) => disabled)) {
      throw new AppError('PRECONDITION', 'The policy has no enabled rule, so there is nothing to run; add one first.');
    }
    const run = {
      vendorType: RETENTION_VENDOR,
      vendorId: policy.id,
      projectId: project.id,
      trigger: 'Manual' as const,
      createdBy: nameOf(caller.principal),
      facts: { dry_run: isDryRun },
      tasks: [planTask(planRetention, { projectId: project.id, policyId: policy.id, isDryRun })],
    };
    const tell = (transaction: Transaction, id: number) =>
      appendEvents(transaction, [runEvent(caller, project, id, 'start', { dry_run: isDryRun })]);
    // One that waits to be confirmed must not keep people from looking at what another policy would do.
    return this.#executions.startAlone(run, tell, isDryRun ? { dry_run: true } : undefined);
  }

  async list(policy: RetentionPolicy, request: ListRequest) {
    const { rows, total } = await this.#executions.list(scopeOf(policy), request);
    const removed = await this.#removedBy(rows.map(({ id }) => id));
    return new Page(
      rows.map((run) => runView(run, removed.get(run.id))),
      total,
    );
  }

  async listForHarbor(policy: RetentionPolicy, request: ListRequest) {
    const { rows, total } = await this.#executions.list(scopeOf(policy), request);
    return new Page(rows.map(executionView), total);
  }

  /** Throws NOT_FOUND. */
  async get(policy: RetentionPolicy, id: number): Promise<AnswerOf<typeof getRetentionRun>> {
    const run = await this.#executions.get(scopeOf(policy), id);
    return runView(run, (await this.#removedBy([id])).get(id));
  }

  /** What the run did, repository by repository. Throws NOT_FOUND. */
  async tasks(policy: RetentionPolicy, id: number, request: ListRequest) {
    const onlyRepositories = { key: 'job', kind: 'text', op: 'equals', value: runRetention.name } as const;
    const asked = { ...request, conditions: [...request.conditions, onlyRepositories] };
    const { rows, total } = await this.#executions.tasks(scopeOf(policy), id, asked);
    return new Page(rows.map(taskView), total);
  }

  /** The log of one repository, page by page. Throws NOT_FOUND. */
  async log(policy: RetentionPolicy, id: number, taskId: number): Promise<AsyncIterable<string>> {
    return this.#executions.log(await this.#executions.loggedTasks(scopeOf(policy), id, taskId));
  }

  /** Ends a run; what it removed so far stays removed. One that has ended stays as it is. Throws NOT_FOUND. */
  async stop(caller: Caller, project: ProjectRef, policy: RetentionPolicy, id: number): Promise<void> {
    await this.#executions.get(scopeOf(policy), id);
    await this.#executions.stop(scopeOf(policy), id);
    await this.#database.transaction((transaction) =>
      appendEvents(transaction, [runEvent(caller, project, id, 'stop')]),
    );
  }

  /** Lets a run go on that waits. Throws NOT_FOUND, PRECONDITION for one that does not wait. */
  async confirm(caller: Caller, project: ProjectRef, policy: RetentionPolicy, id: number): Promise<void> {
    await this.#waiting(policy, id);
    const facts = { confirmed_by: nameOf(caller.principal) };
    const isReleased = await this.#executions.release(id, facts, (transaction) =>
      appendEvents(transaction, [runEvent(caller, project, id, 'confirm')]),
    );
    if (!isReleased) throw notWaiting(id);
  }

  /** Ends a run that waits; nothing was removed. Throws NOT_FOUND, PRECONDITION. */
  async drop(caller: Caller, project: ProjectRef, policy: RetentionPolicy, id: number): Promise<void> {
    await this.#waiting(policy, id);
    await this.stop(caller, project, policy, id);
  }

  #removedBy(ids: readonly number[]) {
    return this.#executions.sumTaskFacts(ids, ['tags_removed', 'artifacts_removed']);
  }

  async #waiting(policy: RetentionPolicy, id: number): Promise<Execution> {
    const run = await this.#executions.get(scopeOf(policy), id);
    if (run.status !== 'Waiting') throw notWaiting(id);
    return run;
  }
}

function scopeOf(policy: RetentionPolicy): ExecutionScope {
  return { vendorType: RETENTION_VENDOR, vendorId: policy.id, projectId: policy.projectId };
}

function notWaiting(id: number): AppError {
  return new AppError('PRECONDITION', `Run ${id} does not wait to be confirmed; look at its status.`);
}

function runEvent(
  caller: Caller,
  project: ProjectRef,
  id: number,
  operation: 'start' | 'stop' | 'confirm',
  after?: object,
): DomainEvent {
  return {
    name: `retention-run.${operation}`,
    projectId: project.id,
    data: { executionId: id },
    audit: auditEntry(caller, {
      resourceType: 'retention_policy',
      resource: `${project.name}, run ${id}`,
      operation,
      ...(after === undefined ? {} : { after }),
    }),
  };
}
