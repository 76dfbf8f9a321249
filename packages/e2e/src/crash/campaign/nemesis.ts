import { statfsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { Random } from '../ledger/random.ts';
import { runProgram } from '../../target/run-program.ts';
import type { RegistryUser } from './registry-user.ts';

export interface Harm {
  /** Processes ended by SIGKILL, and immediate stops of PostgreSQL. */
  readonly kills: { core: number; worker: number; database: number };
  frozen: number;
  redisFlushes: number;
  diskFilled: number;
  collections: number;
  retentions: number;
}

export interface NemesisOptions {
  readonly cluster: Cluster;
  readonly admin: RegistryUser;
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

  async run(signal: AbortSignal): Promise<void> {
    const { random, pace } = this.#options;
    while (!signal.aborted) {
      // Exponential gaps: bursts as well as quiet.
      await sleep(Math.min(4 * pace, -Math.log(1 - random.next()) * pace), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await random.weighted<() => unknown>([
        [38, () => this.#killCore()],
        [16, () => this.#killWorker()],
        [10, () => this.#killAll()],
        [12, () => this.#stopDatabase()],
        [4, () => this.#freeze()],
        [4, () => this.#flushRedis()],
        [3, () => this.#fillDisk()],
        [14, () => this.collect()],
        [9, () => this.retain()],
      ])();
    }
  }

  /** Asks for a collection of what nothing needs. */
  async collect(): Promise<void> {
    const answer = await this.#ask('/system/gc/schedule', {
      schedule: { type: 'Manual' },
      parameters: { delete_untagged: this.#options.random.next() < 0.5, dry_run: false, workers: 1 },
    });
    if (answer) this.harm.collections++;
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
    const { bavail, bsize } = statfsSync(volume.path);
    await runProgram('fallocate', ['-l', String(Math.max(bsize, bavail * bsize - 200_000)), filler]).catch(() => null);
    await sleep(1500);
    rmSync(filler, { force: true });
    this.harm.diskFilled++;
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
