import { type EgressRefusal, REFUSAL_REASONS } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type ListRequest, Page } from '../http/index.ts';
import { type RefusalRow, RefusalStore } from './refusal.store.ts';

/** Reading which connections were refused. */
@Injectable()
export class RefusalService {
  readonly #store: RefusalStore;

  constructor(store: RefusalStore) {
    this.#store = store;
  }

  async list(request: ListRequest): Promise<Page<RefusalRow & Pick<EgressRefusal, 'explanation'>>> {
    const { rows, total } = await this.#store.list(request);
    return new Page(
      rows.map((row) => ({ ...row, explanation: REFUSAL_REASONS[row.reason] })),
      total,
    );
  }
}
