import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from '@moorage/database';
import type { CollectableBlobStore } from '@moorage/distribution';
import {
  asideSeconds,
  batchFor,
  type DigestRange,
  inUnits,
  NO_STRAIN,
  pauseAfter,
  strainAfter,
} from './garbage.rules.ts';
import type { Collected, Findings, GarbageStore } from './garbage.store.ts';

/** Blobs looked at by one statement, and blobs decided about by one transaction. */
const SLICE = 5_000;
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
  /**
   * Keeps what was just done, and how far each range is: within the transaction that did it, so that neither is kept
   * without the other; without one where only was looked.
   */
  readonly count: (done: Readonly<Tally>, positions: readonly string[], transaction?: Transaction) => Promise<void>;
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
  #strain = NO_STRAIN;

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
    const { store, signal, ageSeconds, count } = this.#options;
    for (let after: Buffer = Buffer.from(this.#positions[place] as string, 'hex'); ; ) {
      signal.throwIfAborted();
      const began = performance.now();
      const { last, scanned } = await store.slice(after, range.before, SLICE);
      if (last === null) return;
      const found = await store.look(after, last, ageSeconds);
      const pause = pauseAfter(performance.now() - began, 0, 0);
      const taken = dryRun ? 0 : await this.#takeAll(found, place);
      const rest = { scanned: scanned - taken, ...(dryRun ? wouldGo(found) : NOTHING) };
      const positions = this.#positions.with(place, last.toString('hex'));
      await count(rest, positions);
      if (rest.blobs + rest.links > 0) {
        this.#options.log(`would remove ${rest.blobs} blobs, ${inUnits(rest.bytes)}, and ${rest.links} links`);
      }
      await this.#advance(rest, positions);
      after = last;
      await this.#rest(pause);
    }
  }

  /** Returns how many blobs of the slice come up to the last one taken. */
  async #takeAll({ digests, places }: Findings, place: number): Promise<number> {
    let taken = 0;
    for (let start = 0; start < digests.length; ) {
      const pace = await this.#options.blobsPerSecond();
      const batch = digests.slice(start, start + batchFor(pace, BATCH, this.#strain));
      start += batch.length;
      const upTo = places[start - 1] ?? taken;
      const positions = this.#positions.with(place, (batch.at(-1) as Buffer).toString('hex'));
      await this.#take(batch, pace, { scanned: upTo - taken, positions });
      taken = upTo;
    }
    return taken;
  }

  async #take(
    digests: readonly Buffer[],
    blobsPerSecond: number,
    { scanned, positions }: { readonly scanned: number; readonly positions: string[] },
  ): Promise<void> {
    const { store, blobs, signal, ageSeconds, count, log } = this.#options;
    signal.throwIfAborted();
    const began = performance.now();
    const done = (gone: Collected): Tally => ({
      scanned,
      links: gone.links,
      blobs: gone.digests.length,
      bytes: gone.bytes,
    });
    const gone = await store.collect(digests, ageSeconds, (transaction, found) =>
      count(done(found), positions, transaction),
    );
    if (gone.digests.length > 0) {
      // The rows are gone for good: from here on nobody is told of these blobs unless he uploads them.
      await blobs.setAside(gone.digests);
      await store.markAside(gone.digests);
      log(`removed ${gone.digests.length} blobs, ${inUnits(gone.bytes)}, and ${gone.links} links`);
    }
    const took = performance.now() - began;
    this.#strain = strainAfter(this.#strain, took, digests.length);
    await this.#advance(done(gone), positions);
    await this.#rest(pauseAfter(took, gone.digests.length, blobsPerSecond, this.#strain));
  }

  /** Throws why the run is to end when it is. */
  async #rest(milliseconds: number): Promise<void> {
    const { signal } = this.#options;
    await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  #advance(done: Readonly<Tally>, positions: readonly string[]): Promise<void> {
    this.#tally.scanned += done.scanned;
    this.#tally.links += done.links;
    this.#tally.blobs += done.blobs;
    this.#tally.bytes += done.bytes;
    this.#positions.splice(0, positions.length, ...positions);
    return this.#options.progress(this.#tally, this.#positions);
  }
}

const NOTHING = { links: 0, blobs: 0, bytes: 0 };

function wouldGo({ links, blobs, bytes }: Findings): Omit<Tally, 'scanned'> {
  return { links, blobs, bytes };
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
