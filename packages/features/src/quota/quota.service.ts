import { planTask } from '@moorage/jobs';
import { type AnswerOf, AppError, type getProjectQuota, type getQuota } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { ExecutionService } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import { appendEvents } from '../outbox/index.ts';
import { SettingsService } from '../settings/index.ts';
import { dayOf, forecastOf, quotaState } from './growth.rules.ts';
import { QuotaGrowthStore } from './quota-growth.store.ts';
import { proveUsage, QUOTA_PROOF } from './quota.jobs.ts';
import { type LimitChange, type Quota, QuotaStore } from './quota.store.ts';

type QuotaAnswer = AnswerOf<typeof getQuota>;

/** How much each project holds and may hold (QUO-1). Keeping usage right is the registry's part. */
@Injectable()
export class QuotaService {
  readonly #store: QuotaStore;
  readonly #growth: QuotaGrowthStore;
  readonly #settings: SettingsService;
  readonly #executions: ExecutionService;
  readonly #clock: Clock;

  constructor(
    store: QuotaStore,
    growth: QuotaGrowthStore,
    settings: SettingsService,
    executions: ExecutionService,
    clock: Clock,
  ) {
    this.#store = store;
    this.#growth = growth;
    this.#settings = settings;
    this.#executions = executions;
    this.#clock = clock;
  }

  async list(projectId: number | undefined, request: ListRequest): Promise<Page<QuotaAnswer>> {
    const { quota_warning_percent: percent } = await this.#settings.get();
    const { rows, total } = await this.#store.list(projectId, request);
    return new Page(
      rows.map((quota) => viewOf(quota, percent)),
      total,
    );
  }

  async get(id: number): Promise<QuotaAnswer> {
    const quota = await this.#store.find(id);
    if (!quota) throw missing(id);
    return this.#view(quota);
  }

  /** The quota of a project with its usage of the last days and what its trend leads to. */
  async ofProject(project: ProjectRef, days: number): Promise<AnswerOf<typeof getProjectQuota>> {
    const now = this.#clock.now();
    const quota = await this.#store.ofProject(project.id);
    if (!quota) throw new AppError('NOT_FOUND', `The project ${project.name} has no quota.`);
    const today = { day: dayOf(now), storage: quota.usedBytes, count: quota.usedArtifacts };
    const growth = [...(await this.#growth.daysBefore(project.id, today.day, days)), today];
    const trash_storage = await this.#store.trashBytes(project.id);
    return { ...(await this.#view(quota)), trash_storage, growth, forecast: forecastOf(growth, quota.hardBytes, now) };
  }

  /** Sets limits, -1 for none; what is undefined stays. A limit below the usage stands: it stops further pushes. */
  async changeLimits(caller: Caller, id: number, change: LimitChange): Promise<void> {
    const found = await this.#store.changeLimits(id, change, (before) => ({
      name: 'quota.updated',
      projectId: before.projectId,
      data: { projectId: before.projectId, quotaId: id, ...change },
      audit: auditEntry(caller, {
        resourceType: 'quota',
        resource: before.projectName,
        operation: 'update',
        before: limitsOf(before),
        after: { ...limitsOf(before), ...limitsOf(change) },
      }),
    }));
    if (!found) throw missing(id);
  }

  /** Starts the proof that runs each night at once. Throws CONFLICT while one is under way. */
  async countAnew(caller: Caller): Promise<void> {
    const audit = auditEntry(caller, { resourceType: 'quota', resource: 'all projects', operation: 'start' });
    await this.#executions.startAlone(
      {
        vendorType: QUOTA_PROOF,
        vendorId: 0,
        trigger: 'Manual',
        createdBy: nameOf(caller.principal),
        facts: {},
        tasks: [planTask(proveUsage, {})],
      },
      (transaction) => appendEvents(transaction, [{ name: 'quota.proof-started', projectId: null, data: {}, audit }]),
    );
  }

  async #view(quota: Quota): Promise<QuotaAnswer> {
    const { quota_warning_percent: percent } = await this.#settings.get();
    return viewOf(quota, percent);
  }
}

function viewOf(quota: Quota, percent: number): QuotaAnswer {
  return {
    id: quota.id,
    ref: { id: quota.projectId, name: quota.projectName, owner_name: quota.ownerName },
    hard: { storage: quota.hardBytes, count: quota.hardArtifacts },
    soft: { storage: quota.softBytes },
    used: { storage: quota.usedBytes, count: quota.usedArtifacts },
    state: quotaState(quota, percent),
    creation_time: quota.createdAt,
    update_time: quota.updatedAt,
  };
}

/** As the wire names limits, for the audit log. */
function limitsOf({ hardBytes, hardArtifacts, softBytes }: LimitChange): object {
  return JSON.parse(
    JSON.stringify({ 'hard.storage': hardBytes, 'hard.count': hardArtifacts, 'soft.storage': softBytes }),
  ) as object;
}

function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no quota ${id}.`);
}
