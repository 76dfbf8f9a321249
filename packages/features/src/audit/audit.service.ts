import type { AnswerOf, listAuditLogExts } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type ListRequest, Page, type Principal, type ProjectRef } from '../http/index.ts';
import { type AuditRow, AuditStore } from './audit.store.ts';

type AuditAnswer = AnswerOf<typeof listAuditLogExts>[number];

/** Reading the audit log. */
@Injectable()
export class AuditService {
  readonly #store: AuditStore;

  constructor(store: AuditStore) {
    this.#store = store;
  }

  /** The log of the installation, or of one project. Values before and after a change are shown to people, not to robots. */
  async list(principal: Principal, project: ProjectRef | null, request: ListRequest): Promise<Page<AuditAnswer>> {
    const { rows, total } = await this.#store.list(project?.id ?? null, request);
    return new Page(
      rows.map((row) => viewOf(row, principal.kind === 'user')),
      total,
    );
  }
}

function viewOf(row: AuditRow, withChange: boolean): AuditAnswer {
  const { project_id, before, after, ...rest } = row;
  return {
    ...rest,
    ...(project_id === null ? {} : { project_id }),
    ...(withChange && before ? { before } : {}),
    ...(withChange && after ? { after } : {}),
  };
}
