import {
  AppError,
  type BodyOf,
  type createImmutableRule,
  type previewImmutableRule,
  type updateImmutableRule,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { type Caller, type ListRequest, Page, type ProjectRef } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { type RuleRow, ruleText, ruleView, selectorsOf } from './immutability.rules.ts';
import { ImmutabilityStore, type NewRule, type RuleChange } from './immutability.store.ts';

type RuleBody = BodyOf<typeof createImmutableRule>;

/** The immutability rules of a project. A rule holds for everything that begins after the answer to its change. */
@Injectable()
export class ImmutabilityService {
  readonly #store: ImmutabilityStore;

  constructor(store: ImmutabilityStore) {
    this.#store = store;
  }

  async list(project: ProjectRef, request: ListRequest) {
    const { rows, total } = await this.#store.list(project.id, request);
    return new Page(rows.map(ruleView), total);
  }

  /** Gives the id; throws BAD_REQUEST for a bad pattern, CONFLICT for a twin, PRECONDITION for too many. */
  create(caller: Caller, project: ProjectRef, body: RuleBody): Promise<number> {
    const rule = ruleOf(body);
    return this.#store.create(project.id, rule, (id) =>
      ruleEvent(caller, project, 'created', 'create', id, { status: 201, after: summaryOf(rule) }),
    );
  }

  /** Changes a rule; without selectors only whether it is disabled. Throws NOT_FOUND, else as {@link create}. */
  async update(
    caller: Caller,
    project: ProjectRef,
    id: number,
    body: BodyOf<typeof updateImmutableRule>,
  ): Promise<void> {
    const { tag_selectors, scope_selectors } = body;
    const change: RuleChange =
      tag_selectors && scope_selectors
        ? ruleOf({ ...body, tag_selectors, scope_selectors })
        : { isDisabled: body.disabled };
    const changed = await this.#store.change(project.id, id, change, (before) =>
      ruleEvent(caller, project, 'updated', 'update', id, {
        before: summaryOf(before),
        after: summaryOf({ ...before, ...change }),
      }),
    );
    if (!changed) throw missing(id);
  }

  async delete(caller: Caller, project: ProjectRef, id: number): Promise<void> {
    const removed = await this.#store.remove(project.id, id, (before) =>
      ruleEvent(caller, project, 'deleted', 'delete', id, { before: summaryOf(before) }),
    );
    if (!removed) throw missing(id);
  }

  /** The tags that a rule with these selectors covers now. */
  async preview(project: ProjectRef, body: BodyOf<typeof previewImmutableRule>, request: ListRequest) {
    const { rows, total } = await this.#store.listCovered(project.id, selectorsOf(body), request);
    return new Page(rows, total);
  }
}

function ruleOf(body: RuleBody): NewRule {
  return { priority: body.priority, isDisabled: body.disabled, selectors: selectorsOf(body) };
}

function summaryOf(rule: Pick<RuleRow, 'selectors' | 'isDisabled'>) {
  return { rule: ruleText(rule), disabled: rule.isDisabled };
}

function ruleEvent(
  caller: Caller,
  project: ProjectRef,
  happened: string,
  operation: string,
  id: number,
  change: { status?: number; before?: object; after?: object },
): DomainEvent {
  return {
    name: `immutable-rule.${happened}`,
    projectId: project.id,
    data: { ruleId: id },
    audit: auditEntry(caller, {
      resourceType: 'immutable_rule',
      resource: `${project.name}/${id}`,
      operation,
      ...change,
    }),
  };
}

function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `The project has no immutability rule ${id}.`);
}
