import { type AnswerOf, AppError, type getQuota } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { type Caller, type ListRequest, Page } from '../http/index.ts';
import { type Quota, QuotaStore } from './quota.store.ts';

type QuotaAnswer = AnswerOf<typeof getQuota>;

/** How much each project stores and may store (QUO-1). Keeping usage right is the registry's part. */
@Injectable()
export class QuotaService {
  readonly #store: QuotaStore;

  constructor(store: QuotaStore) {
    this.#store = store;
  }

  async list(projectId: number | undefined, request: ListRequest): Promise<Page<QuotaAnswer>> {
    const { rows, total } = await this.#store.list(projectId, request);
    return new Page(rows.map(viewOf), total);
  }

  async get(id: number): Promise<QuotaAnswer> {
    const quota = await this.#store.find(id);
    if (!quota) throw missing(id);
    return viewOf(quota);
  }

  /** Sets the limit in bytes, -1 for none. A limit below the usage stands: it stops further pushes. */
  async changeLimit(caller: Caller, id: number, hardBytes: number): Promise<void> {
    const found = await this.#store.changeLimit(id, hardBytes, (before) => ({
      name: 'quota.updated',
      projectId: before.projectId,
      data: { projectId: before.projectId, quotaId: id, hardBytes },
      audit: auditEntry(caller, {
        resourceType: 'quota',
        resource: before.projectName,
        operation: 'update',
        before: { hard: { storage: before.hardBytes } },
        after: { hard: { storage: hardBytes } },
      }),
    }));
    if (!found) throw missing(id);
  }
}

function viewOf(quota: Quota): QuotaAnswer {
  return {
    id: quota.id,
    ref: { id: quota.projectId, name: quota.projectName, owner_name: quota.ownerName },
    hard: { storage: quota.hardBytes },
    used: { storage: quota.usedBytes },
    creation_time: quota.createdAt,
    update_time: quota.updatedAt,
  };
}

function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no quota ${id}.`);
}
