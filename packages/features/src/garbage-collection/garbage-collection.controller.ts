import {
  createGCSchedule,
  getGC,
  getGCHistory,
  getGCLog,
  getGCSchedule,
  stopGC,
  updateGCSchedule,
} from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { sendLog } from '../execution/index.ts';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { GarbageCollectionService } from './garbage-collection.service.ts';

@Controller()
export class GarbageCollectionController {
  readonly #collections: GarbageCollectionService;

  constructor(collections: GarbageCollectionService) {
    this.#collections = collections;
  }

  @Serve(getGCHistory)
  list(@Input() { list }: Call<typeof getGCHistory>) {
    return this.#collections.list(list);
  }

  /** Before the address of one collection, which would take the word for an id. */
  @Serve(getGCSchedule)
  schedule() {
    return this.#collections.schedule();
  }

  @Serve(createGCSchedule)
  async create(@Input() { caller, body }: Call<typeof createGCSchedule>) {
    const id = await this.#collections.set(caller, body);
    return new Created(id === null ? '/api/v2.0/system/gc/schedule' : `/api/v2.0/system/gc/${id}`);
  }

  @Serve(updateGCSchedule)
  async update(@Input() { caller, body }: Call<typeof updateGCSchedule>) {
    await this.#collections.set(caller, body);
  }

  @Serve(getGC)
  get(@Input() { params }: Call<typeof getGC>) {
    return this.#collections.get(params.gc_id);
  }

  @Serve(stopGC)
  stop(@Input() { params }: Call<typeof stopGC>) {
    return this.#collections.stop(params.gc_id);
  }

  @Serve(getGCLog)
  async log(@Input() { params }: Call<typeof getGCLog>, @Res() response: Response): Promise<void> {
    await sendLog(response, await this.#collections.log(params.gc_id));
  }
}
