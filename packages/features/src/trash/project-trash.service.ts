import { AppError } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { auditEntry } from '../audit/index.ts';
import { type Caller, type ListRequest, Page, type Principal } from '../http/index.ts';
import { type DeletedProject, ProjectTrashStore } from './project-trash.store.ts';
import { itemView } from './trash.service.ts';
import { TrashStore } from './trash.store.ts';

/** Deleted projects: for administrators, and each for the one who deleted it. */
@Injectable()
export class ProjectTrashService {
  readonly #store: ProjectTrashStore;
  readonly #items: TrashStore;
  readonly #access: AccessService;

  constructor(database: Database, access: AccessService) {
    this.#store = new ProjectTrashStore(database);
    this.#items = new TrashStore(database);
    this.#access = access;
  }

  async list(principal: Principal, request: ListRequest) {
    const { rows, total } = await this.#items.listProjects(
      this.#seesAll(principal) ? null : actorOf(principal),
      request,
    );
    return new Page(rows.map(itemView), total);
  }

  /** Brings a project back. Throws NOT_FOUND for whoever may not, CONFLICT when the name is taken. */
  async restore(caller: Caller, itemId: number, newName: string | undefined) {
    const project = await this.#store.find(itemId);
    if (!project || !this.#mayRestore(caller.principal, project)) throw missing(itemId);
    const name = newName ?? project.name;
    const restored = await this.#store.restore(project, name, {
      name: 'project.restored',
      projectId: project.projectId,
      data: { projectId: project.projectId, name, trashItemId: itemId },
      audit: auditEntry(caller, {
        resourceType: 'project',
        resource: name,
        operation: 'restore',
        description: `restore the project ${project.name}${name === project.name ? '' : ` as ${name}`} from the trash`,
      }),
    });
    if (!restored) throw missing(itemId);
    return { project_id: project.projectId, name };
  }

  /** From the answer on nobody can restore it; the worker takes it away. */
  async purge(caller: Caller, itemId: number): Promise<void> {
    const project = await this.#store.find(itemId);
    if (!project) throw missing(itemId);
    const marked = await this.#store.mark(itemId, {
      name: 'project.purge-requested',
      projectId: project.projectId,
      data: { projectId: project.projectId, name: project.name, trashItemId: itemId },
      audit: auditEntry(caller, {
        resourceType: 'project',
        resource: project.name,
        operation: 'purge',
        description: `delete the project ${project.name} from the trash for good`,
      }),
    });
    if (!marked) throw missing(itemId);
  }

  #mayRestore(principal: Principal, project: DeletedProject): boolean {
    if (this.#access.decideInSystem(principal, 'trash:update').allowed) return true;
    const actor = actorOf(principal);
    return project.actor?.kind === actor.kind && project.actor.id === actor.id;
  }

  #seesAll(principal: Principal): boolean {
    return this.#access.decideInSystem(principal, 'trash:list').allowed;
  }
}

/** Only people bring back what they deleted, and not through a credential that may do less than they. */
function actorOf(principal: Principal): { readonly kind: string; readonly id: number } {
  if (principal.kind === 'user' && principal.narrowed === undefined) return { kind: 'user', id: principal.id };
  return { kind: 'nobody', id: 0 };
}

function missing(itemId: number): AppError {
  return new AppError('NOT_FOUND', `There is no deleted project ${itemId} that you may restore; it may have expired.`);
}
