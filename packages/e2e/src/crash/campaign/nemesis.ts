import { statfsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { Random } from '../ledger/random.ts';
import { runProgram } from '../../target/run-program.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RegistryUser } from './registry-user.ts';

export interface Harm {
  /** Processes ended by SIGKILL, and immediate stops of PostgreSQL. */
  readonly kills: { core: number; worker: number; database: number };
  frozen: number;
  redisFlushes: number;
  diskFilled: number;
  /** Runs that were asked for and begun; how many came to their end is asked of the database. */
  collections: number;
  retentions: number;
}

/** How long a collection that was asked for is left alone before the next is. */
const COLLECT_EVERY_MS = 1500;
/** A disk that has no room for this is full. */
const SMALLEST_BYTES = 16_384;
/** After a harm so much must be acknowledged before the next, or so much time go by: a slow machine is not only killed. */
const BETWEEN = { acknowledged: 12, milliseconds: 20_000 };

export interface NemesisOptions {
  readonly cluster: Cluster;
  readonly admin: RegistryUser;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Mean milliseconds from one harm to the next. */
  readonly pace: number;
  readonly retentionPolicy: number | null;
}

/** Does harm after harm, one at a time, until told to stop. */
export class Nemesis {
  readonly harm: Harm = {
    kills: { core: 0, worker: 0, database: 0 },
    frozen: 0,
    redisFlushes: 0,
    diskFilled: 0,
    collections: 0,
    retentions: 0,
  };
  readonly #options: NemesisOptions;

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  /** Processes and databases ended so far. */
  get kills(): number {
    const { core, worker, database } = this.harm.kills;
    return core + worker + database;
  }

  /** Every harm once in some order, so that none is left to chance, then by weight; collections all the while. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#harmOn(signal), this.#collectOn(signal)]);
  }

  async #harmOn(signal: AbortSignal): Promise<void> {
    const { random, pace } = this.#options;
    const harms: readonly (readonly [number, () => unknown])[] = [
      [40, () => this.#killCore()],
      [18, () => this.#killWorker()],
      [10, () => this.#killAll()],
      [12, () => this.#stopDatabase()],
      [4, () => this.#freeze()],
      [4, () => this.#flushRedis()],
      [3, () => this.#fillDisk()],
      [9, () => this.retain()],
    ];
    const first = [...harms];
    while (!signal.aborted) {
      // Exponential gaps: bursts as well as quiet.
      await sleep(Math.min(4 * pace, -Math.log(1 - random.next()) * pace), undefined, { signal }).catch(() => {});
      await this.#progress(signal);
      if (signal.aborted) return;
      const [, harm] = first.splice(random.below(first.length), 1)[0] ?? [0, random.weighted(harms)];
      await harm();
    }
  }

  async #progress(signal: AbortSignal): Promise<void> {
    const { ledger } = this.#options;
    const enough = ledger.acknowledgedWrites + BETWEEN.acknowledged;
    const end = performance.now() + BETWEEN.milliseconds;
    while (!signal.aborted && ledger.acknowledgedWrites < enough && performance.now() < end) await sleep(20);
  }

  async #collectOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.collect();
      await sleep(COLLECT_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Asks for a collection of what nothing needs. */
  async collect(): Promise<void> {
    const isBegun = await this.#ask('/system/gc/schedule', {
      schedule: { type: 'Manual' },
      parameters: { delete_untagged: this.#options.random.next() < 0.5, dry_run: false, workers: 1 },
    });
    if (isBegun) this.harm.collections++;
  }

  async retain(): Promise<void> {
    const { retentionPolicy } = this.#options;
    if (retentionPolicy === null) return;
    if (await this.#ask(`/retentions/${retentionPolicy}/executions`, { dry_run: false })) this.harm.retentions++;
  }

  #killCore(): void {
    const { cluster, random } = this.#options;
    random.one(cluster.cores).kill();
    this.harm.kills.core++;
  }

  #killWorker(): void {
    const { cluster, random } = this.#options;
    random.one(cluster.workers).kill();
    this.harm.kills.worker++;
  }

  #killAll(): void {
    const { cluster } = this.#options;
    for (const member of [...cluster.cores, ...cluster.workers]) member.kill();
    this.harm.kills.core += cluster.cores.length;
    this.harm.kills.worker += cluster.workers.length;
  }

  #stopDatabase(): void {
    if (this.#options.cluster.stopDatabase()) this.harm.kills.database++;
  }

  async #freeze(): Promise<void> {
    const { cluster, random } = this.#options;
    await random.one([...cluster.cores, ...cluster.workers]).freeze(500 + random.below(2500));
    this.harm.frozen++;
  }

  async #flushRedis(): Promise<void> {
    if (await this.#options.cluster.flushRedis()) this.harm.redisFlushes++;
  }

  /** Takes all but a little of the content's file system, for a moment. */
  async #fillDisk(): Promise<void> {
    const { volume } = this.#options.cluster;
    if (volume === null) return;
    const filler = join(volume.path, 'filler');
    try {
      const { bfree, bsize } = statfsSync(volume.path);
      let taken = 0;
      // Some of what is free is not for anybody, and whoever writes meanwhile takes his part: halve until nothing fits.
      for (let next = bfree * bsize; next >= SMALLEST_BYTES; ) {
        const isDone = await runProgram('fallocate', ['-o', String(taken), '-l', String(next), filler]).then(
          () => true,
          () => false,
        );
        if (isDone) taken += next;
        else next = Math.floor(next / 2);
      }
      this.harm.diskFilled++;
      await sleep(1500);
    } finally {
      rmSync(filler, { force: true });
    }
  }

  async #ask(path: string, body: object): Promise<boolean> {
    // Whoever was killed a moment ago is back within seconds.
    for (let attempt = 0; attempt < 10; attempt++) {
      const answer = await this.#options.admin.api('POST', path, body).catch(() => null);
      if (answer !== null && answer.status < 500) return answer.status < 300;
      await sleep(500);
    }
    return false;
  }
}
