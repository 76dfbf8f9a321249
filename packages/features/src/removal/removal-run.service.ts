import { type AnswerOf, AppError, type listRemovalRunItems, type getRemovalRun } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { type ExecutionScope, planTask } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { ExecutionService } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import { removeInBackground } from './removal.jobs.ts';
import { actorOf, REMOVAL_VENDOR, type RemovalMode, type RunFacts, runView, scopeOf } from './removal.rules.ts';
import { RemovalRunStore, type RunItem } from './removal-run.store.ts';
import { RemovalSelectionStore, type Selection } from './removal-selection.store.ts';

type RunAnswer = AnswerOf<typeof getRemovalRun>;

/** Deletions that go on in the background: starting, following, stopping, trying again. The work is the processor's. */
@Injectable()
export class RemovalRunService {
  readonly #access: AccessService;
  readonly #executions: ExecutionService;
  readonly #selection: RemovalSelectionStore;
  readonly #runs: RemovalRunStore;

  constructor(database: Database, access: AccessService, executions: ExecutionService) {
    this.#access = access;
    this.#executions = executions;
    this.#selection = new RemovalSelectionStore(database);
    this.#runs = new RemovalRunStore(database);
  }

  /** Throws PRECONDITION when nothing or too much is selected, CONFLICT while another run is open. */
  async start(caller: Caller, project: ProjectRef, repository: string, selection: Selection): Promise<RunAnswer> {
    await this.#requireMode(caller, project, selection.mode);
    const repositoryId = await this.#selection.requireRepository(project, repository);
    const selectedAt = await this.#selection.now();
    const items: Omit<RunItem, 'item'>[] =
      selection.mode === 'untag'
        ? (await this.#selection.tags(project.id, repositoryId, selection)).map(({ name, digest }) => ({
            tag: name,
            digest,
          }))
        : (await this.#selection.artifacts(project.id, repositoryId, selection)).map((digest) => ({
            tag: null,
            digest,
          }));
    const id = await this.#begin(
      caller,
      { project, repository, repositoryId, mode: selection.mode, selectedAt },
      items,
    );
    return this.get(project, repository, id);
  }

  /** The runs of a repository. Throws NOT_FOUND. */
  async list(project: ProjectRef, repository: string, request: ListRequest): Promise<Page<RunAnswer>> {
    return this.#page(await this.#scope(project, repository), request);
  }

  /** The runs of all repositories of a project, those that are gone among them. */
  listOfProject(project: ProjectRef, request: ListRequest): Promise<Page<RunAnswer>> {
    return this.#page({ vendorType: REMOVAL_VENDOR, projectId: project.id }, request);
  }

  async #page(scope: ExecutionScope, request: ListRequest): Promise<Page<RunAnswer>> {
    const { rows, total } = await this.#executions.list(scope, request);
    const progress = await this.#runs.progress(rows.map(({ id }) => id));
    return new Page(
      rows.map((run) => runView(run, progress.get(run.id))),
      total,
    );
  }

  /** Throws NOT_FOUND. */
  async get(project: ProjectRef, repository: string, id: number): Promise<RunAnswer> {
    const run = await this.#executions.get(await this.#scope(project, repository), id);
    return runView(run, (await this.#runs.progress([id])).get(id));
  }

  /** What stayed, page by page. Throws NOT_FOUND. */
  async left(project: ProjectRef, repository: string, id: number, request: ListRequest) {
    const run = await this.#executions.get(await this.#scope(project, repository), id);
    const { rows, total } = await this.#runs.left(id, run.endedAt !== null, request);
    return new Page(
      rows.map(({ item, tag, digest, reason, detail }): AnswerOf<typeof listRemovalRunItems>[number] => ({
        id: item,
        kind: tag === null ? 'artifact' : 'tag',
        name: tag ?? '',
        digest: digest ?? '',
        reason: (reason ?? 'not-reached') as AnswerOf<typeof listRemovalRunItems>[number]['reason'],
        text: reason === null ? 'the run ended before it; try again' : detail,
      })),
      total,
    );
  }

  /** Ends a run; what went stays gone. One that has ended stays as it is. Throws NOT_FOUND. */
  async stop(project: ProjectRef, repository: string, id: number): Promise<RunAnswer> {
    await this.#executions.stop(await this.#scope(project, repository), id);
    return this.get(project, repository, id);
  }

  /** Begins a run over what an ended one left. Throws NOT_FOUND, PRECONDITION when nothing is left, CONFLICT. */
  async retry(caller: Caller, project: ProjectRef, repository: string, id: number) {
    const scope = await this.#scope(project, repository);
    const before = await this.#executions.get(scope, id);
    const { mode } = before.facts as unknown as RunFacts;
    await this.#requireMode(caller, project, mode);
    if (before.endedAt === null) throw new AppError('PRECONDITION', `Run ${id} has not ended; stop it first.`);
    const selectedAt = await this.#selection.now();
    const items = await this.#runs.leftNow(id, scope.vendorId);
    const place = { project, repository, repositoryId: scope.vendorId, mode, selectedAt };
    const run = await this.#begin(caller, place, items);
    return this.get(project, repository, run);
  }

  #begin(
    caller: Caller,
    place: {
      readonly project: ProjectRef;
      readonly repository: string;
      readonly repositoryId: number;
      readonly mode: RemovalMode;
      readonly selectedAt: number;
    },
    items: readonly Omit<RunItem, 'item'>[],
  ): Promise<number> {
    const { project, repositoryId, mode, selectedAt } = place;
    if (items.length === 0)
      throw new AppError('PRECONDITION', 'Nothing that is there is selected; look at the list again.');
    const repository = scopeOf(project, place.repository).name;
    return this.#executions.startAlone(
      {
        vendorType: REMOVAL_VENDOR,
        vendorId: repositoryId,
        projectId: project.id,
        trigger: 'Manual',
        createdBy: nameOf(caller.principal),
        facts: { mode, total: items.length, repository } satisfies RunFacts,
        tasks: [
          planTask(removeInBackground, {
            projectId: project.id,
            repositoryId,
            selectedAt,
            mode,
            actor: actorOf(caller),
          }),
        ],
      },
      (transaction, id) => this.#runs.add(transaction, id, items),
    );
  }

  async #requireMode(caller: Caller, project: ProjectRef, mode: RemovalMode): Promise<void> {
    if (mode === 'untag') await this.#access.requireInProject(caller.principal, project, 'tag:delete');
  }

  async #scope(project: ProjectRef, repository: string): Promise<ExecutionScope & { readonly vendorId: number }> {
    const vendorId = await this.#selection.requireRepository(project, repository);
    return { vendorType: REMOVAL_VENDOR, vendorId, projectId: project.id };
  }
}
