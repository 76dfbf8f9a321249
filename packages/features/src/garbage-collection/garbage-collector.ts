import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectableBlobStore } from '@moorage/distribution';
import { asideSeconds, batchFor, type DigestRange, inUnits, pauseAfter } from './garbage.rules.ts';
import type { GarbageStore } from './garbage.store.ts';

/** Blobs looked at by one statement, and blobs decided about by one transaction. */
const SLICE = 10_000;
const BATCH = 500;
const ASIDE_BATCH = 1_000;

/** What a collection has done so far, or with a dry run would do. */
export interface Tally {
  scanned: number;
  links: number;
  blobs: number;
  bytes: number;
}

export interface CollectorOptions {
  readonly store: GarbageStore;
  readonly blobs: CollectableBlobStore;
  /** Leases must be older than this. */
  readonly ageSeconds: number;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
  /** How many blobs may be removed a second, asked before each batch; 0 is as many as can be. */
  readonly blobsPerSecond: () => Promise<number>;
  /** What a run that was cut short had done already. */
  readonly done?: Readonly<Tally>;
  /** Called after each batch with everything so far, and how far each range is. */
  readonly progress: (tally: Readonly<Tally>, positions: readonly string[]) => Promise<void>;
}

/**
 * Looks through all blobs and takes what nothing needs. Everything can be done twice and side by side; what was stopped
 * goes on at its positions.
 */
export class GarbageCollector {
  readonly #options: CollectorOptions;
  readonly #tally: Tally;
  readonly #positions: string[] = [];

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#tally = { scanned: 0, links: 0, blobs: 0, bytes: 0, ...options.done };
  }

  /** Runs to the end, or until the signal aborts, which it throws. `positions` are those of a run that was cut short. */
  async run(ranges: readonly DigestRange[], dryRun: boolean, positions: readonly string[] = []): Promise<Tally> {
    ranges.forEach((range, place) => {
      this.#positions[place] =
        positions.length === ranges.length ? (positions[place] as string) : range.after.toString('hex');
    });
    for (const [place, range] of ranges.entries()) await this.#sweep(range, place, dryRun);
    return this.#tally;
  }

  async #sweep(range: DigestRange, place: number, dryRun: boolean): Promise<void> {
    const { store, signal, ageSeconds, progress } = this.#options;
    for (let after: Buffer = Buffer.from(this.#positions[place] as string, 'hex'); ; ) {
      signal.throwIfAborted();
      const { last, scanned } = await store.slice(after, range.before, SLICE);
      if (last === null) return;
      const found = await store.look(after, last, ageSeconds);
      if (dryRun) this.#count(found);
      else await this.#takeAll(found.digests, place);
      this.#tally.scanned += scanned;
      this.#positions[place] = last.toString('hex');
      after = last;
      await progress(this.#tally, this.#positions);
    }
  }

  #count(found: { links: number; blobs: number; bytes: number }): void {
    this.#tally.links += found.links;
    this.#tally.blobs += found.blobs;
    this.#tally.bytes += found.bytes;
    if (found.blobs > 0) {
      this.#options.log(`would remove ${found.blobs} blobs, ${inUnits(found.bytes)}, and ${found.links} links`);
    }
  }

  async #takeAll(digests: readonly Buffer[], place: number): Promise<void> {
    const { blobsPerSecond, progress } = this.#options;
    for (let start = 0; start < digests.length; ) {
      const pace = await blobsPerSecond();
      const batch = digests.slice(start, start + batchFor(pace, BATCH));
      await this.#take(batch, pace);
      start += batch.length;
      this.#positions[place] = (batch.at(-1) as Buffer).toString('hex');
      await progress(this.#tally, this.#positions);
    }
  }

  async #take(digests: readonly Buffer[], blobsPerSecond: number): Promise<void> {
    const { store, blobs, signal, ageSeconds, log } = this.#options;
    signal.throwIfAborted();
    const began = performance.now();
    const gone = await store.collect(digests, ageSeconds);
    this.#tally.links += gone.links;
    if (gone.digests.length > 0) {
      this.#tally.blobs += gone.digests.length;
      this.#tally.bytes += gone.bytes;
      // The rows are gone for good: from here on nobody is told of these blobs unless he uploads them.
      await blobs.setAside(gone.digests);
      await store.markAside(gone.digests);
      log(`removed ${gone.digests.length} blobs, ${inUnits(gone.bytes)}, and ${gone.links} links`);
    }
    const pause = pauseAfter(performance.now() - began, gone.digests.length, blobsPerSecond);
    await sleep(pause, undefined, { signal });
  }
}

/**
 * Brings the bytes of removed blobs further on their way: aside where a process died before it could, and away after the
 * time they wait there. Returns how many went. Safe at any time and on several processes.
 */
export async function giveUpBytes(
  store: GarbageStore,
  blobs: CollectableBlobStore,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const left = await store.listNotAside(ASIDE_BATCH);
    if (left.length === 0 || signal.aborted) break;
    await blobs.setAside(left);
    await store.markAside(left);
  }
  let ended = 0;
  while (!signal.aborted) {
    const count = await store.settle(asideSeconds(graceSeconds), ASIDE_BATCH, async (back, dead) => {
      await blobs.putBack(back);
      await blobs.discardAside(dead);
    });
    ended += count;
    if (count < ASIDE_BATCH) break;
  }
  return ended;
}
