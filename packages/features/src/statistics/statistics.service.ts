import type { Statistics } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { Clock } from '../clock/index.ts';
import type { Principal } from '../http/index.ts';
import { StatisticsStore } from './statistics.store.ts';

/** How old the total of stored bytes may be; counting it reads every blob row (S115). */
const STORED_FRESH_MS = 60_000;

/** Counts of what a principal may see (STA-1). */
@Injectable()
export class StatisticsService {
  readonly #store: StatisticsStore;
  readonly #access: AccessService;
  readonly #clock: Clock;
  #stored: { readonly at: number; readonly bytes: Promise<number> } | null = null;

  constructor(store: StatisticsStore, access: AccessService, clock: Clock) {
    this.#store = store;
    this.#access = access;
    this.#clock = clock;
  }

  /** Counts for one caller; the bytes are for system administrators, and up to a minute old. */
  async get(principal: Principal): Promise<Statistics> {
    const all = this.#access.decideInSystem(principal, 'project:list').allowed;
    const isSysadmin = principal.kind === 'user' && principal.isSysadmin;
    const [projects, repositories, storedBytes] = await Promise.all([
      this.#store.countProjects(principal, all),
      this.#store.countRepositories(principal, isSysadmin),
      isSysadmin ? this.#storedBytes() : 0,
    ]);
    return {
      private_project_count: projects.private,
      public_project_count: projects.public,
      total_project_count: projects.private + projects.public,
      private_repo_count: repositories.private,
      public_repo_count: repositories.public,
      total_repo_count: repositories.private + repositories.public,
      total_storage_consumption: storedBytes,
    };
  }

  #storedBytes(): Promise<number> {
    const now = this.#clock.now().getTime();
    if (this.#stored && Math.abs(now - this.#stored.at) < STORED_FRESH_MS) return this.#stored.bytes;
    const counted = { at: now, bytes: this.#store.storedBytes() };
    this.#stored = counted;
    counted.bytes.catch(() => {
      if (this.#stored === counted) this.#stored = null;
    });
    return counted.bytes;
  }
}
