import { type AnswerOf, AppError, type BodyOf, type createGCSchedule, type getGC } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { type Execution, type NewSchedule, planTask, type Schedule } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { ExecutionService, scheduleObjectOf, ScheduleService, scheduleWish } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, Page } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { SettingsService } from '../settings/index.ts';
import { collectGarbage, GARBAGE_COLLECTION } from './garbage-collection.jobs.ts';
import { type CollectionPlan, planOf } from './garbage.rules.ts';

type Answer = AnswerOf<typeof getGC>;
const SCOPE = { vendorType: GARBAGE_COLLECTION, vendorId: 0 } as const;

/** Collections on Harbor's wire (GC-4): by hand, by schedule, their history and logs. */
@Injectable()
export class GarbageCollectionService {
  readonly #executions: ExecutionService;
  readonly #schedules: ScheduleService;
  readonly #settings: SettingsService;
  readonly #clock: Clock;
  readonly #database: Database;

  constructor(
    executions: ExecutionService,
    schedules: ScheduleService,
    settings: SettingsService,
    clock: Clock,
    database: Database,
  ) {
    this.#database = database;
    this.#executions = executions;
    this.#schedules = schedules;
    this.#settings = settings;
    this.#clock = clock;
  }

  async list(request: ListRequest): Promise<Page<Answer>> {
    const { rows, total } = await this.#executions.list(SCOPE, request);
    return new Page(rows.map(historyOf), total);
  }

  /** Throws NOT_FOUND. */
  async get(id: number): Promise<Answer> {
    return historyOf(await this.#executions.get(SCOPE, id));
  }

  stop(id: number): Promise<void> {
    return this.#executions.stop(SCOPE, id);
  }

  /** Pages of the log of a collection. Throws NOT_FOUND. */
  async log(id: number): Promise<AsyncIterable<string>> {
    return this.#executions.log(await this.#executions.loggedTasks(SCOPE, id));
  }

  async schedule(): Promise<Answer> {
    const found = await this.#schedules.find(SCOPE);
    const current = found?.enabled ? found : null;
    return {
      job_name: GARBAGE_COLLECTION,
      job_kind: 'Schedule',
      schedule: scheduleObjectOf(current, this.#clock.now()),
      deleted: false,
      ...(current
        ? {
            id: current.id,
            job_parameters: parametersOf(current.payload),
            creation_time: current.createdAt,
            update_time: current.updatedAt,
          }
        : {}),
    };
  }

  /**
   * Sets the schedule, ends it, or with type Manual starts a collection; then returns its id. Throws CONFLICT while one
   * is under way and PRECONDITION in read-only mode.
   */
  async set(caller: Caller, body: BodyOf<typeof createGCSchedule>): Promise<number | null> {
    const wish = scheduleWish(body.schedule, this.#clock.now());
    const plan = planOf(body.parameters);
    const by = nameOf(caller.principal);
    if (wish.kind === 'now') return this.#start(caller, plan);
    const before = await this.#schedules.find(SCOPE);
    await this.#database.transaction(async (transaction) => {
      if (wish.kind === 'never') await this.#schedules.disable(SCOPE, transaction);
      else await this.#schedules.put(scheduleOf(wish, plan, by), transaction);
      const after = wish.kind === 'never' ? null : { kind: wish.type, cron: wish.cron, ...plan };
      await appendEvents(transaction, [scheduledEvent(caller, before?.enabled ? before : null, after)]);
    });
    return null;
  }

  async #start(caller: Caller, plan: CollectionPlan): Promise<number> {
    if ((await this.#settings.get()).read_only && !plan.dryRun) {
      throw new AppError('PRECONDITION', 'The registry is in read-only mode: end it first, or make a dry run.');
    }
    return this.#executions.startAlone(
      {
        ...SCOPE,
        trigger: 'Manual',
        createdBy: nameOf(caller.principal),
        facts: { ...plan },
        tasks: [planTask(collectGarbage, plan)],
      },
      (transaction) => appendEvents(transaction, [startedEvent(caller, plan)]),
    );
  }
}

function scheduleOf({ type, cron }: { type: string; cron: string }, plan: CollectionPlan, by: string): NewSchedule {
  const { name: job } = collectGarbage;
  return { ...SCOPE, kind: type, cron, job, payload: { ...plan }, projectId: null, createdBy: by };
}

function scheduledEvent(caller: Caller, before: Schedule | null, after: object | null): DomainEvent {
  return {
    name: 'garbage-collection.scheduled',
    projectId: null,
    data: { ...after },
    audit: auditEntry(caller, {
      resourceType: 'garbage-collection',
      resource: 'schedule',
      operation: after ? 'update' : 'delete',
      ...(before ? { before: { kind: before.kind, cron: before.cron, ...before.payload } } : {}),
      ...(after ? { after } : {}),
    }),
  };
}

function startedEvent(caller: Caller, plan: CollectionPlan): DomainEvent {
  return {
    name: 'garbage-collection.started',
    projectId: null,
    data: { ...plan },
    audit: auditEntry(caller, {
      resourceType: 'garbage-collection',
      resource: plan.dryRun ? 'dry run' : 'collection',
      operation: 'start',
      after: plan,
    }),
  };
}

function historyOf(execution: Execution): Answer {
  return {
    id: execution.id,
    job_name: GARBAGE_COLLECTION,
    job_kind: execution.trigger === 'Schedule' ? 'Schedule' : 'Manual',
    job_parameters: parametersOf({ ...execution.facts, ...duration(execution) }),
    schedule: { type: execution.trigger === 'Schedule' ? 'Schedule' : 'Manual', cron: '' },
    job_status: execution.status,
    status_message: execution.statusMessage,
    deleted: false,
    creation_time: execution.createdAt,
    update_time: execution.updatedAt,
  };
}

function duration({ startedAt, endedAt }: Execution): { seconds?: number } {
  return startedAt && endedAt ? { seconds: (endedAt.getTime() - startedAt.getTime()) / 1000 } : {};
}

/** Parameters and results in Harbor's names, whichever of them are known yet. */
function parametersOf(facts: Readonly<Record<string, unknown>>): string {
  const { deleteUntagged, dryRun, workers, ...results } = facts;
  return JSON.stringify({
    delete_untagged: deleteUntagged,
    dry_run: dryRun,
    workers,
    ...results,
  });
}
