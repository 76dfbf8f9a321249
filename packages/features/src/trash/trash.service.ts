import { type AnswerOf, AppError, type BodyOf, type listTrash, type restoreTrashItem } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { planTask } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { ExecutionService } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import { appendEvents, type AuditEntry, type DomainEvent } from '../outbox/index.ts';
import { continueRestoration, type Restoration, RestorationStore, type Restored } from '../restoration/index.ts';
import { ProjectTrashStore } from './project-trash.store.ts';
import { type ItemToPurge, PurgeStore } from './purge.store.ts';
import { purgeTrashJob, TRASH_PURGE } from './trash-purge.jobs.ts';
import { type TrashRow, TrashStore } from './trash.store.ts';

type ItemAnswer = AnswerOf<typeof listTrash>[number];
type RestorationBody = BodyOf<typeof restoreTrashItem>;

/** How many conflicts and names are shown. */
const SHOWN = 100;
/** Restoring goes on in the background after this. */
const PATIENCE_MS = 5_000;
/** What is purged while the caller waits: items, artifacts and tags in them, projects. */
const AT_ONCE = 100;
const ROWS_AT_ONCE = 2_000;
const PROJECTS_AT_ONCE = 2;

/** The trash of a project: what is in it, bringing it back, emptying it. */
@Injectable()
export class TrashService {
  readonly #database: Database;
  readonly #store: TrashStore;
  readonly #restorations: RestorationStore;
  readonly #purges: PurgeStore;
  readonly #projects: ProjectTrashStore;
  readonly #executions: ExecutionService;

  constructor(database: Database, executions: ExecutionService) {
    this.#executions = executions;
    this.#database = database;
    this.#store = new TrashStore(database);
    this.#restorations = new RestorationStore(database);
    this.#purges = new PurgeStore(database);
    this.#projects = new ProjectTrashStore(database);
  }

  async list(project: ProjectRef, request: ListRequest): Promise<Page<ItemAnswer>> {
    const { rows, total } = await this.#store.listOfProject(project.id, request);
    return new Page(rows.map(itemView), total);
  }

  async listAll(request: ListRequest): Promise<Page<ItemAnswer>> {
    const { rows, total } = await this.#store.listAll(request);
    return new Page(rows.map(itemView), total);
  }

  async get(project: ProjectRef, itemId: number): Promise<ItemAnswer> {
    return itemView(await this.#find(project, itemId));
  }

  async summary(project: ProjectRef) {
    const { next_expiry, ...totals } = await this.#store.totals(project.id);
    return { ...totals, ...(next_expiry === null ? {} : { next_expiry }) };
  }

  /** What restoring would bring back and what is in the way; changes nothing. */
  async preview(caller: Caller, project: ProjectRef, itemId: number, body: RestorationBody) {
    const plan = await this.#restorations.plan(restorationOf(caller, project, itemId, body));
    if (!plan) throw missing(itemId);
    return {
      repository: plan.repository,
      tags: plan.tags.set.length,
      artifacts: plan.artifacts,
      conflicts: plan.conflicts.slice(0, SHOWN),
      conflicts_total: plan.conflicts.length,
    };
  }

  /** Brings an item back under its name or another; throws CONFLICT for whatever is in the way. */
  async restore(caller: Caller, project: ProjectRef, itemId: number, body: RestorationBody) {
    const restored = await this.#restorations.restore(restorationOf(caller, project, itemId, body), (item, back) => ({
      name: `${item.kind}.restored`,
      projectId: project.id,
      data: {
        trashItemId: itemId,
        repository: back.repository,
        repositoryId: back.repositoryId,
        tags: back.tags,
        artifacts: back.artifacts,
      },
      audit: auditEntry(caller, {
        resourceType: item.kind,
        resource: item.title,
        operation: 'restore',
        description: `restore ${item.title} from the trash${back.repository === item.repository ? '' : ` to ${back.repository}`}`,
      }),
    }));
    if (!restored) throw missing(itemId);
    const { repository, tags, artifacts, leftOut } = restored;
    return {
      repository,
      tags,
      artifacts,
      left_out: leftOut.slice(0, SHOWN),
      is_moving: await this.#goesOn(restored, itemId),
    };
  }

  /** Whether the worker has to finish it: a large repository is brought back here as far as a request may take. Throws CONFLICT. */
  async #goesOn({ isMoving, repository }: Restored, itemId: number): Promise<boolean> {
    if (!isMoving) return false;
    const until = performance.now() + PATIENCE_MS;
    const step = await continueRestoration(this.#database, itemId, () => performance.now() < until);
    if (step === 'halted') {
      throw new AppError(
        'CONFLICT',
        `${repository} came back in part: something got in the way meanwhile, and what is missing is in the trash still; look at its conflicts.`,
      );
    }
    if (step !== 'undone') return step === 'more';
    throw new AppError(
      'CONFLICT',
      `${repository} was pushed again meanwhile, or does not fit any more; look at the conflicts again.`,
    );
  }

  /** Deletes an item for good: a large one is out of reach at once and taken away by the worker. */
  async purge(caller: Caller, project: ProjectRef, itemId: number): Promise<void> {
    const item = await this.#find(project, itemId);
    if (!(await this.#purges.mark(project.id, itemId))) {
      throw new AppError('CONFLICT', `${item.title} is on its way into the trash or out of it; try again in a minute.`);
    }
    if (item.artifact_count + item.tag_count > ROWS_AT_ONCE) return;
    await this.#purges.empty(item, purgeAudit(caller, item));
  }

  /** Marks everything for good. Little is emptied at once; more is a run, whose id is in the answer. */
  async purgeAll(caller: Caller, project: ProjectRef | null) {
    const projectId = project?.id ?? null;
    const { marked, executionId } = await this.#database.transaction(async (transaction) => {
      const marked = await this.#purges.markAll(transaction, projectId);
      const isLittle = marked.items <= AT_ONCE && marked.rows <= ROWS_AT_ONCE && marked.projects <= PROJECTS_AT_ONCE;
      if (isLittle) return { marked, executionId: null };
      const run = { vendorType: TRASH_PURGE, vendorId: projectId ?? 0, projectId, trigger: 'Manual' as const };
      const executionId = await this.#executions.start(
        { ...run, createdBy: nameOf(caller.principal), tasks: [planTask(purgeTrashJob, { projectId })] },
        transaction,
      );
      await appendEvents(transaction, [emptyingEvent(caller, project, marked.items, executionId)]);
      return { marked, executionId };
    });
    if (executionId !== null) return { purged: 0, remaining: marked.items, execution_id: executionId };
    for (const item of await this.#purges.marked(AT_ONCE, projectId)) await this.#empty(item, purgeAudit(caller, item));
    const remaining = await this.#purges.countMarked(projectId);
    return { purged: Math.max(marked.items - remaining, 0), remaining };
  }

  #empty(item: ItemToPurge, audit: AuditEntry): Promise<void> {
    return item.kind === 'project' ? this.#projects.empty(item, audit) : this.#purges.empty(item, audit);
  }

  async #find(project: ProjectRef, itemId: number): Promise<TrashRow> {
    const item = await this.#store.find(project.id, itemId);
    if (!item) throw missing(itemId);
    return item;
  }
}

export function itemView(row: TrashRow): ItemAnswer {
  const { repository, digest, execution_id, ...rest } = row;
  return {
    ...rest,
    ...(repository === null ? {} : { repository }),
    ...(digest === null ? {} : { digest }),
    ...(execution_id === null ? {} : { execution_id }),
  };
}

export function purgeAudit(caller: Caller, item: { readonly title: string; readonly kind: string }) {
  return auditEntry(caller, {
    resourceType: item.kind,
    resource: item.title,
    operation: 'purge',
    description: `delete ${item.title} from the trash for good`,
  });
}

function emptyingEvent(caller: Caller, project: ProjectRef | null, items: number, executionId: number): DomainEvent {
  return {
    name: 'trash.emptying',
    projectId: project?.id ?? null,
    data: { items, executionId },
    audit: auditEntry(caller, {
      resourceType: 'trash',
      resource: project?.name ?? 'all projects',
      operation: 'purge',
      description: `empty the trash of ${project?.name ?? 'all projects'} for good, ${items} items, by run ${executionId}`,
    }),
  };
}

function restorationOf(caller: Caller, project: ProjectRef, itemId: number, body: RestorationBody): Restoration {
  return {
    projectId: project.id,
    itemId,
    repository: body.repository === undefined ? undefined : `${project.name}/${body.repository}`,
    merge: body.merge,
    tags: new Map(body.tags.map((tag) => [tag.name, tag.as])),
    skipTakenTags: body.skip_taken_tags,
    by: nameOf(caller.principal),
    from: caller.address,
  };
}

function missing(itemId: number): AppError {
  return new AppError('NOT_FOUND', `The trash of this project has no item ${itemId}; it may have expired.`);
}
