import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, digestOf, type RepositoryScope } from '@moorage/distribution';
import { repeated } from '@moorage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change } from '../src/registry/testing/registry-fixture.ts';
import { measureUsage } from '../src/usage/index.ts';
import { GarbageWorld, type PushedBlob } from './garbage-world.ts';

/** The full size of R16 is that of `npm run thorough`. */
const PUSHES = repeated(250, 100_000);
const CYCLES = repeated(8, 1_000);
const PUSHERS = 16;
/** Layers that images share: so many that one is often forgotten, collected and pushed again. */
const SHARED = 300;
/** Artifacts of each pusher that stay; older ones are deleted. */
const KEPT = 12;
const CYCLE_PAUSE_MS = 200;
/** Longer than a push takes from sealing its bytes to storing its link, and shorter than in earnest. */
const ASIDE_SECONDS = 5;
const LIMIT_MS = repeated(180_000, 4 * 3_600_000);

let world: GarbageWorld;

beforeEach(async () => {
  world = await GarbageWorld.open();
  world.graceSeconds = 1;
  await world.test.database.query(`update projects set metadata = metadata || '{"trash_days": "0"}'`);
});
afterEach(() => world.close());

/** Collects again and again beside pushers, until there were so many pushes and collections, or something is wrong. */
class Race {
  readonly failures: string[] = [];
  pushes = 0;
  collections = 0;
  readonly #least: { readonly pushes: number; readonly collections: number };
  readonly #signal: AbortSignal;

  constructor(least: { readonly pushes: number; readonly collections: number }, signal: AbortSignal) {
    this.#least = least;
    this.#signal = signal;
  }

  get isOver(): boolean {
    const { pushes, collections } = this.#least;
    const isEnough = this.pushes >= pushes && this.collections >= collections;
    return isEnough || this.failures.length > 0 || this.#signal.aborted;
  }

  async run(pushers: number, push: (worker: number, round: number) => Promise<void>, collect: () => Promise<void>) {
    const repeat = async (act: (round: number) => Promise<void>): Promise<void> => {
      for (let round = 0; !this.isOver; round++) {
        await act(round).catch((error: unknown) => this.failures.push(String((error as Error).stack ?? error)));
      }
    };
    const collector = repeat(async () => {
      await collect();
      this.collections++;
      await sleep(CYCLE_PAUSE_MS);
    });
    await Promise.all([collector, ...Array.from({ length: pushers }, (_, worker) => repeat((at) => push(worker, at)))]);
    expect(this.failures).toEqual([]);
  }
}

function isUnknown(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as { code?: string }).code ?? '');
}

/** Rows and files are the same, and the account is right. */
async function expectWhole(): Promise<void> {
  const { stored, counted } = await measureUsage(world.test.database, world.projectId);
  expect(stored).toBe(counted);
  const files = new Set<string>(await world.files());
  expect((await world.rows()).filter((digest) => !files.has(digest))).toEqual([]);
}

describe('pushes that race with collections', { timeout: LIMIT_MS }, () => {
  it('R18 lose no bytes, even when leases end before their time', async ({ signal }) => {
    const repository = world.repository('shared');
    const contents = Array.from({ length: 12 }, () => randomBytes(64));
    const race = new Race({ pushes: repeated(60, 5_000), collections: repeated(6, 200) }, signal);
    const push = async (worker: number, round: number): Promise<void> => {
      const target = world.repository(`race-${worker % 3}`);
      const bytes = contents[(worker * 5 + round) % contents.length] as Buffer;
      const blob = await world.pushBlob(target, bytes);
      expect(await world.read(target, blob.digest)).toEqual(bytes);
      const mounted = await world.operations.mountBlob(change(repository), blob.digest, target);
      if (round % 3 === 0) {
        const digest = await world.pushManifest(target, null, [blob]);
        if (round % 2 === 0) await world.operations.deleteManifest(change(target), { digest });
      }
      if (mounted) await world.operations.findBlob(repository, blob.digest);
      race.pushes++;
    };
    // What ends before its time may be missed by whoever was told of it; anything else may not happen.
    const known = ['BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN', 'MANIFEST_UNKNOWN', 'MANIFEST_INVALID'];
    await race.run(
      6,
      (worker, round) =>
        push(worker, round).catch((error: unknown) => {
          if (!isUnknown(error, ...known)) throw error;
        }),
      async () => {
        await world.age(3);
        await world.collect({ workers: 2 });
        await world.giveUp(ASIDE_SECONDS);
      },
    );
    await world.giveUp();
    await expectWhole();
  });

  it(`R16 R17 R21 never miss what they were told of within the grace time (${PUSHES} pushes, ${CYCLES} collections)`, async ({
    signal,
  }) => {
    const layers = Array.from({ length: SHARED }, () => randomBytes(64));
    const kept = Array.from({ length: PUSHERS }, (): { digest: Digest; blobs: PushedBlob[] }[] => []);
    const home = (worker: number) => world.repository(`keep-${worker % (PUSHERS / 2)}`);
    const race = new Race({ pushes: PUSHES, collections: CYCLES }, signal);
    const push = async (worker: number, round: number): Promise<void> => {
      const target = home(worker);
      const fresh = await world.pushBlob(target);
      const bytes = layers[(worker * 31 + round * 7) % SHARED] as Buffer;
      const base = await obtain(target, home(worker + 1), bytes, round % 3);
      // A client that takes its time before the manifest, though less than the grace time.
      if ((worker + round) % 8 === 0) await sleep(400);
      const digest = await world.pushManifest(target, `t${worker}-${round % 5}`, [fresh, base]);
      race.pushes++;
      const own = kept[worker] ?? [];
      own.push({ digest, blobs: [fresh, base] });
      const oldest = own.length > KEPT ? own.shift() : undefined;
      if (oldest) await world.operations.deleteManifest(change(target), { digest: oldest.digest });
    };
    await race.run(
      PUSHERS,
      async (worker, round) => {
        const since = performance.now();
        await push(worker, round).catch((error: unknown) => {
          // A machine that holds a push up for longer than the grace time breaks no promise.
          const isLate = performance.now() - since >= world.graceSeconds * 1000;
          if (!isLate || !isUnknown(error, 'BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN')) throw error;
        });
      },
      async () => {
        await world.collect({ workers: 2 });
        await world.giveUp(ASIDE_SECONDS);
      },
    );
    // What was set aside while it was pushed again comes back.
    await world.giveUp();
    await expectWhole();
    for (const [worker, artifacts] of kept.entries()) {
      for (const blob of artifacts.flatMap(({ blobs }) => blobs))
        expect(await world.read(home(worker), blob.digest)).toEqual(blob.bytes);
    }
    // Nothing else is left once all leases have ended.
    await world.age();
    await world.collect();
    await world.giveUp();
    const needed = [...new Set(kept.flat().flatMap(({ blobs }) => blobs.map(({ digest }) => digest)))].toSorted();
    expect(await world.rows()).toEqual(needed);
    expect(await world.files()).toEqual(needed);
  });
});

/** A layer the way clients come by one: they ask whether it is there, mount it, or upload it. */
async function obtain(
  target: RepositoryScope,
  neighbour: RepositoryScope,
  bytes: Buffer,
  way: number,
): Promise<PushedBlob> {
  const blob = { bytes, digest: digestOf(bytes) };
  if (way === 0 && (await isThere(target, blob.digest))) return blob;
  if (way === 1 && (await world.operations.mountBlob(change(target), blob.digest, neighbour))) return blob;
  return world.pushBlob(target, bytes);
}

async function isThere(target: RepositoryScope, digest: Digest): Promise<boolean> {
  return world.operations.findBlob(target, digest).then(
    () => true,
    (error: unknown) => {
      if (!isUnknown(error, 'BLOB_UNKNOWN')) throw error;
      return false;
    },
  );
}
