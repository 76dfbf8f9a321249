import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createProject,
  type getProject,
  type getProjectDeletable,
  type getProjectSummary,
  type updateProject,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { AccessService, decideInProject, roleOf } from '../access/index.ts';
import { auditEntry } from '../audit/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type Principal, type ProjectRef } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { SettingsService } from '../settings/index.ts';
import {
  deletionObstacle,
  effectiveMetadata,
  INITIAL_SETTINGS,
  mergeSettings,
  type ProjectRow,
  type ProjectSettings,
  projectView,
} from './project.rules.ts';
import { type ProjectSelection, ProjectStore } from './project.store.ts';
import { ProjectCountsStore } from './project-counts.store.ts';
import { ProjectRemovalStore } from './project-removal.store.ts';

type ProjectAnswer = AnswerOf<typeof getProject>;

/** Projects: who sees which, who makes them, their settings and their end. */
@Injectable()
export class ProjectService {
  readonly #store: ProjectStore;
  readonly #counts: ProjectCountsStore;
  readonly #removals: ProjectRemovalStore;
  readonly #access: AccessService;
  readonly #settings: SettingsService;

  constructor(
    store: ProjectStore,
    counts: ProjectCountsStore,
    removals: ProjectRemovalStore,
    access: AccessService,
    settings: SettingsService,
  ) {
    this.#store = store;
    this.#counts = counts;
    this.#removals = removals;
    this.#access = access;
    this.#settings = settings;
  }

  /** The projects the principal may see. */
  async list(principal: Principal, selection: ProjectSelection, request: ListRequest): Promise<Page<ProjectAnswer>> {
    const { rows, total } = await this.#store.list(principal, this.#seesAll(principal), selection, request);
    return new Page(
      rows.map((row) => viewFor(principal, row)),
      total,
    );
  }

  /** Projects the principal may see whose name holds the text, best matches first. */
  async search(principal: Principal, text: string, limit: number): Promise<ProjectAnswer[]> {
    const rows = await this.#store.search(principal, this.#seesAll(principal), text, limit);
    return rows.map((row) => viewFor(principal, row));
  }

  /** Whether a project of that name exists; one the principal may not see does not (S54). */
  exists(principal: Principal, name: string): Promise<boolean> {
    return this.#store.isVisible(principal, this.#seesAll(principal), name);
  }

  async get(principal: Principal, project: ProjectRef): Promise<ProjectAnswer> {
    const row = await this.#store.find(project.id, principal);
    if (!row) throw gone(project);
    return viewFor(principal, row);
  }

  /** Creates a project (PRJ-2). A storage limit is taken from those who may set quotas, and is the default for all others. */
  async create(caller: Caller, body: BodyOf<typeof createProject>): Promise<{ id: number; name: string }> {
    const { principal } = caller;
    if (principal.kind === 'anonymous') throw new AppError('UNAUTHORIZED', 'Creating a project needs sign-in.');
    if (principal.kind === 'federated') throw new AppError('FORBIDDEN', 'Jobs make no projects: make it beforehand.');
    const settings = await this.#settings.get();
    const isOpen = settings.project_creation_restriction === 'everyone' && principal.kind === 'user';
    if (!isOpen || !this.#access.tokenCoversInSystem(principal, 'project:create')) {
      this.#access.requireInSystem(principal, 'project:create');
    }
    if (body.registry_id) {
      this.#access.requireInSystem(principal, 'registry:read');
      throw new AppError('BAD_REQUEST', `registry_id: there is no registry ${body.registry_id}; leave it out.`);
    }
    const mayLimit = this.#access.decideInSystem(principal, 'quota:update').allowed;
    const defaultBytes = settings.quota_per_project_enable ? settings.storage_per_project : UNLIMITED;
    const initial = mergeSettings(INITIAL_SETTINGS, body);
    const name = body.project_name;
    const id = await this.#store.create(
      {
        name,
        settings: initial,
        hardBytes: (mayLimit && body.storage_limit) || defaultBytes,
        creator: principal.kind === 'user' ? { userId: principal.id } : { robotId: principal.id },
      },
      (projectId) =>
        changeEvent(
          'project.created',
          'create',
          caller,
          { id: projectId, name },
          { after: shown(initial), status: 201 },
        ),
    );
    return { id, name };
  }

  /** Changes settings. The storage limit and the registry are not settings: limits belong to the quota. */
  async update(caller: Caller, project: ProjectRef, body: BodyOf<typeof updateProject>): Promise<void> {
    if (body.project_name && body.project_name !== project.name) {
      throw new AppError('BAD_REQUEST', `project_name: a project cannot be renamed; it is ${project.name}.`);
    }
    if (body.registry_id) {
      throw new AppError('BAD_REQUEST', 'registry_id: the registry of a proxy cache is chosen at creation only.');
    }
    await this.changeSettings(caller, project, (current) => mergeSettings(current, body));
  }

  /** Applies a change to the settings and tells of it; throws NOT_FOUND when the project is gone. */
  async changeSettings(
    caller: Caller,
    project: ProjectRef,
    change: (current: ProjectSettings) => ProjectSettings,
  ): Promise<void> {
    const found = await this.#store.changeSettings(project.id, (current) => {
      const settings = change(current);
      const [before, after] = [shown(current), shown(settings)];
      if (JSON.stringify(before) === JSON.stringify(after)) return null;
      return { settings, event: changeEvent('project.updated', 'update', caller, project, { before, after }) };
    });
    if (!found) throw gone(project);
  }

  /** The settings that hold now. */
  async settings(principal: Principal, project: ProjectRef): Promise<ProjectSettings> {
    const row = await this.#store.find(project.id, principal);
    if (!row) throw gone(project);
    return row;
  }

  async deletable(project: ProjectRef): Promise<AnswerOf<typeof getProjectDeletable>> {
    const obstacle = deletionObstacle(project.name, await this.#counts.repositories(project.id));
    return obstacle === null ? { deletable: true } : { deletable: false, message: obstacle };
  }

  /** Moves a project to the trash; throws PRECONDITION naming what is in the way (PRJ-3), with `force` only holds and rules. */
  async delete(caller: Caller, project: ProjectRef, force: boolean): Promise<void> {
    const { principal } = caller;
    const actor = { kind: principal.kind, id: principal.kind === 'anonymous' ? null : principal.id };
    const outcome = await this.#removals.remove(
      { projectId: project.id, name: project.name, force, by: nameOf(principal), actor },
      (trashItemId) => {
        const event = changeEvent('project.deleted', 'delete', caller, project, {});
        return { ...event, data: { ...event.data, trashItemId } };
      },
    );
    if (outcome === 'missing') throw gone(project);
    if (outcome === 'deleted') return;
    throw new AppError('PRECONDITION', deletionObstacle(project.name, outcome.repositories) ?? '');
  }

  /** Counts and quota; who may not list members does not get their numbers. */
  async summary(principal: Principal, project: ProjectRef): Promise<AnswerOf<typeof getProjectSummary>> {
    const [summary, bindings] = await Promise.all([
      this.#counts.summary(project.id),
      this.#access.bindings(principal, project),
    ]);
    const may = (permission: 'member:list' | 'quota:read' | 'robot:list') =>
      decideInProject(principal, project, bindings, permission).allowed;
    return visibleSummary(summary, {
      members: may('member:list'),
      quota: may('quota:read'),
      robots: may('robot:list'),
    });
  }

  #seesAll(principal: Principal): boolean {
    return this.#access.decideInSystem(principal, 'project:list').allowed;
  }
}

const UNLIMITED = -1;

function visibleSummary(
  summary: AnswerOf<typeof getProjectSummary>,
  may: { members: boolean; quota: boolean; robots: boolean },
): AnswerOf<typeof getProjectSummary> {
  const {
    project_admin_count,
    maintainer_count,
    developer_count,
    guest_count,
    limited_guest_count,
    quota,
    robot_count,
    ...open
  } = summary;
  const members = { project_admin_count, maintainer_count, developer_count, guest_count, limited_guest_count };
  return {
    ...open,
    ...(may.members ? members : {}),
    ...(may.quota ? { quota } : {}),
    ...(may.robots ? { robot_count } : {}),
  };
}

function viewFor(principal: Principal, row: ProjectRow): ProjectAnswer {
  const bindings = row.roleIds.flatMap((id) => {
    const role = roleOf(id);
    return role ? [{ role }] : [];
  });
  const may = (permission: 'project:update' | 'quota:read') =>
    decideInProject(principal, row, bindings, permission).allowed;
  return projectView(row, { mayUpdate: may('project:update'), mayReadQuota: may('quota:read') });
}

/** What audit keeps of settings. */
function shown(settings: ProjectSettings): object {
  return { metadata: effectiveMetadata(settings), cve_allowlist: settings.cveAllowlist };
}

function changeEvent(
  name: string,
  operation: string,
  caller: Caller,
  project: { readonly id: number; readonly name: string },
  change: { before?: object; after?: object; status?: number },
): DomainEvent {
  return {
    name,
    projectId: project.id,
    data: { projectId: project.id, name: project.name },
    audit: auditEntry(caller, { resourceType: 'project', resource: project.name, operation, ...change }),
  };
}

function gone(project: ProjectRef): AppError {
  return new AppError('NOT_FOUND', `Project ${project.name} does not exist any more.`);
}
