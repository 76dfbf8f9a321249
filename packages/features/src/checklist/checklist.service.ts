import type { Checklist } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { ChecklistStore } from './checklist.store.ts';

/** The first steps of a new user. */
@Injectable()
export class ChecklistService {
  readonly #store: ChecklistStore;

  constructor(store: ChecklistStore) {
    this.#store = store;
  }

  read(userId: number): Promise<Checklist> {
    return this.#store.read(userId);
  }
}
