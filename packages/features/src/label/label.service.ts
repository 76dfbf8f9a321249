import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createLabel,
  type getLabel,
  type QueryOf,
  type listLabels,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { auditEntry } from '../audit/index.ts';
import { Authority } from '../authority/index.ts';
import { type Caller, type ListRequest, Page, type Principal, type ProjectRef } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { type LabelRow, labelScope, labelView } from './label.rules.ts';
import { LabelStore } from './label.store.ts';

type LabelAnswer = AnswerOf<typeof getLabel>;
type LabelBody = BodyOf<typeof createLabel>;

/** An artifact as labels are put on it. */
interface MarkedArtifact {
  readonly id: number;
  readonly repositoryName: string;
  readonly digest: string;
}

/** Labels and who may do what to them: the global ones need system permissions to change, a project's its own. */
@Injectable()
export class LabelService {
  readonly #store: LabelStore;
  readonly #access: AccessService;
  readonly #authority: Authority;

  constructor(store: LabelStore, access: AccessService, authority: Authority) {
    this.#store = store;
    this.#access = access;
    this.#authority = authority;
  }

  async list(
    principal: Principal,
    query: QueryOf<typeof listLabels>,
    request: ListRequest,
  ): Promise<Page<LabelAnswer>> {
    const projectId = labelScope(query);
    await this.#require(principal, projectId, 'list');
    const { rows, total } = await this.#store.list(projectId, query.name, request);
    return new Page(rows.map(labelView), total);
  }

  async get(principal: Principal, id: number): Promise<LabelAnswer> {
    return labelView(await this.#locate(principal, id, 'read'));
  }

  /** Throws BAD_REQUEST for an unclear scope and CONFLICT for a taken name; gives the new id. */
  async create(caller: Caller, body: LabelBody): Promise<number> {
    if (body.scope === undefined && body.project_id === undefined) {
      throw new AppError('BAD_REQUEST', 'scope: say g for a global label, or p with the project_id of the project.');
    }
    const projectId = labelScope(body);
    await this.#require(caller.principal, projectId, 'create');
    return this.#store.create(projectId, fieldsOf(body), (label) =>
      labelEvent(caller, 'label.created', 'create', label, { status: 201, after: fieldsOf(label) }),
    );
  }

  async update(caller: Caller, id: number, body: LabelBody): Promise<void> {
    const label = await this.#locate(caller.principal, id, 'update');
    const changed = await this.#store.change(label.projectId, id, fieldsOf(body), (before) =>
      labelEvent(caller, 'label.updated', 'update', before, { before: fieldsOf(before), after: fieldsOf(body) }),
    );
    if (!changed) throw missing(id);
  }

  async delete(caller: Caller, id: number): Promise<void> {
    const label = await this.#locate(caller.principal, id, 'delete');
    const event = labelEvent(caller, 'label.deleted', 'delete', label, { before: fieldsOf(label) });
    if (!(await this.#store.remove(label.projectId, id, event))) throw missing(id);
  }

  /** Puts a label of the project, or a global one, on an artifact. Throws NOT_FOUND, CONFLICT. */
  async attach(caller: Caller, project: ProjectRef, artifact: MarkedArtifact, labelId: number): Promise<void> {
    const event = markEvent(caller, 'artifact.labelled', 'create', project, artifact, labelId);
    const outcome = await this.#store.attach(project.id, artifact.id, labelId, event);
    if (outcome === 'missing') throw missing(labelId);
    if (outcome === 'exists') throw new AppError('CONFLICT', `The artifact has the label ${labelId} already.`);
  }

  /** Throws NOT_FOUND when the label is not on the artifact. */
  async detach(caller: Caller, project: ProjectRef, artifact: MarkedArtifact, labelId: number): Promise<void> {
    const event = markEvent(caller, 'artifact.unlabelled', 'delete', project, artifact, labelId);
    if (!(await this.#store.detach(project.id, artifact.id, labelId, event))) {
      throw new AppError('NOT_FOUND', `The artifact does not have the label ${labelId}.`);
    }
  }

  /** Everyone who is signed in may read global labels; there is nothing else that a project does not decide. */
  async #require(
    principal: Principal,
    projectId: number | null,
    action: 'create' | 'read' | 'update' | 'delete' | 'list',
  ): Promise<void> {
    if (projectId !== null) {
      const [project] = await this.#authority.findProjectsById([projectId]);
      const decision = project && (await this.#access.decideInProject(principal, project, `label:${action}`));
      if (decision?.allowed) return;
      if (!project && this.#authority.holdsEverywhere(principal, `label:${action}`)) {
        throw new AppError('NOT_FOUND', `There is no project with the id ${projectId}.`);
      }
      // Never the project's name: ids can be counted through.
      throw new AppError('FORBIDDEN', `You do not have label:${action} in this project, or it does not exist.`);
    }
    const isReading = action === 'read' || action === 'list';
    if (!isReading) this.#access.requireInSystem(principal, `label:${action}`);
    if (principal.kind === 'anonymous') throw new AppError('UNAUTHORIZED', 'Sign in to see labels.');
  }

  async #mayRead(principal: Principal, projectId: number | null): Promise<boolean> {
    if (projectId === null) return true;
    const [project] = await this.#authority.findProjectsById([projectId]);
    return project !== undefined && (await this.#access.decideInProject(principal, project, 'label:read')).allowed;
  }

  /** A label the principal may read; one that he may not is as one that is not there. */
  async #locate(principal: Principal, id: number, action: 'read' | 'update' | 'delete'): Promise<LabelRow> {
    if (principal.kind === 'anonymous') throw new AppError('UNAUTHORIZED', 'Sign in to see labels.');
    const label = await this.#store.locate(id);
    if (!label || !(await this.#mayRead(principal, label.projectId))) throw missing(id);
    if (action !== 'read') await this.#require(principal, label.projectId, action);
    return label;
  }
}

function fieldsOf({ name, description, color }: Pick<LabelRow, 'name' | 'description' | 'color'>) {
  return { name, description, color };
}

function labelEvent(
  caller: Caller,
  name: string,
  operation: string,
  label: LabelRow,
  change: { status?: number; before?: object; after?: object },
): DomainEvent {
  return {
    name,
    projectId: label.projectId,
    data: { labelId: label.id, name: label.name },
    audit: auditEntry(caller, { resourceType: 'label', resource: label.name, operation, ...change }),
  };
}

function markEvent(
  caller: Caller,
  name: string,
  operation: string,
  project: ProjectRef,
  artifact: MarkedArtifact,
  labelId: number,
): DomainEvent {
  const { repositoryName: repository, digest } = artifact;
  return {
    name,
    projectId: project.id,
    data: { repository, digest, artifactId: artifact.id, labelId },
    audit: auditEntry(caller, {
      resourceType: 'artifact_label',
      resource: `${repository}@${digest}`,
      operation,
      [operation === 'create' ? 'after' : 'before']: { label_id: labelId },
    }),
  };
}

function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no label with the id ${id} that you may use here.`);
}
