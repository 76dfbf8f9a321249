import { Database, type Sql } from '@moorage/database';
import { type NewSchedule, type Schedule, ScheduleStore, type VendorRef } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';

/** When things recur. Workers look at the rows every few seconds and start what is due, each time once. */
@Injectable()
export class ScheduleService {
  readonly #store: ScheduleStore;

  constructor(database: Database) {
    this.#store = new ScheduleStore(database);
  }

  find(ref: VendorRef): Promise<Schedule | null> {
    return this.#store.find(ref);
  }

  /** Sets the schedule of one thing; its next run is the first tick after now. */
  put(schedule: NewSchedule, sql?: Sql): Promise<number> {
    return this.#store.put(schedule, sql);
  }

  /** Ends the schedule of one thing; none is fine too. */
  async remove(ref: VendorRef, sql?: Sql): Promise<void> {
    await this.#store.remove(ref, sql);
  }

  /** Keeps a schedule that the product would make again, but lets it start nothing. */
  disable(ref: VendorRef, sql?: Sql): Promise<void> {
    return this.#store.disable(ref, sql);
  }

  /** All schedules of the installation, those of the product too. */
  list(limit: number, offset: number): Promise<{ rows: Schedule[]; total: number }> {
    return this.#store.list(limit, offset);
  }
}
