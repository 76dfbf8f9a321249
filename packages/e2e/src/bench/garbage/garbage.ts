import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '@moorage/database';
import { startEmbeddedPostgres } from '@moorage/database/embedded';
import { type RunningProduct, startMeasured } from '../registry/moorage.ts';
import type { GarbageResult, GarbageRow } from './result.ts';
import { forgetImages, seedBlobs } from './seed.ts';
import { runTraffic } from './traffic.ts';

const WORKERS = 2;
const IMAGES_PER_SECOND = 10;
const IDLE_SECONDS = 60;
/** How long what is told of stays, and for how long files stay aside: hours in earnest. */
const GRACE_SECONDS = 30;
const POLL_MS = 250;
/** A run that takes longer than the slowest bar, and its files. */
const RUN_LIMIT_MS = 45 * 60_000;

interface Bench {
  readonly product: RunningProduct;
  readonly database: Database;
  readonly log: (line: string) => void;
}

/**
 * Collects a twentieth of many blobs, and then all of them, through the product's API, while images are pushed and pulled.
 * PostgreSQL and files are as durable as in earnest. Takes about a quarter of an hour for a million.
 */
export async function runGarbage(run: {
  readonly blobs: number;
  readonly stores: string;
  readonly log: (line: string) => void;
}): Promise<GarbageResult> {
  const { log, blobs: all } = run;
  const directory = join(run.stores, 'garbage');
  mkdirSync(directory, { mode: 0o755 });
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'postgres'), log });
  const database = await Database.open({
    url: postgres.url,
    poolSize: 2,
    applicationName: 'bench',
    onConnectionError: () => undefined,
  });
  try {
    const product = await startMeasured(directory, { MOORAGE_DATABASE_URL: postgres.url });
    try {
      return await measureCollections({ product, database, log }, join(directory, 'data', 'registry'), all);
    } finally {
      await product.stop();
    }
  } finally {
    await database.close();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function measureCollections(bench: Bench, registry: string, all: number): Promise<GarbageResult> {
  const { database, log, product } = bench;
  await expectStatus(product.api('PUT', '/configurations', { gc_grace_seconds: GRACE_SECONDS }), 200);
  const dead = all / 20;
  const began = performance.now();
  await seedBlobs(database, registry, { from: 0, to: all - dead }, { images: true });
  await seedBlobs(database, registry, { from: all - dead, to: all }, { images: false });
  await database.query('vacuum analyze');
  log(`gc: ${all} blobs seeded in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const idle = await runTraffic(product, IMAGES_PER_SECOND, sleep(IDLE_SECONDS * 1000));
  log(`gc: idle, push p99 ${idle.pushP99Ms.toFixed(1)} ms, pull p99 ${idle.pullP99Ms.toFixed(1)} ms`);
  const some = await collect(bench, { dead, all, mustSeconds: 300, goalSeconds: 60 });
  // As many dead ones as there are blobs in all.
  await seedBlobs(database, registry, { from: all, to: all + dead }, { images: false });
  await forgetImages(database);
  const whole = await collect(bench, { dead: all, all, mustSeconds: 1800, goalSeconds: 300 });
  return { workers: WORKERS, imagesPerSecond: IMAGES_PER_SECOND, idle, rows: [some, whole] };
}

type Size = Pick<GarbageRow, 'dead' | 'all' | 'mustSeconds' | 'goalSeconds'>;

async function collect(bench: Bench, size: Size): Promise<GarbageRow> {
  const { product, database, log } = bench;
  const run = timeRun(product, size.dead);
  const traffic = await runTraffic(product, IMAGES_PER_SECOND, run);
  const files = timeFiles(database);
  const filesTraffic = await runTraffic(product, IMAGES_PER_SECOND, files);
  const row = {
    ...size,
    seconds: await run,
    filesSeconds: await files,
    waitSeconds: GRACE_SECONDS,
    traffic,
    filesTraffic,
  };
  log(
    `gc: ${row.dead} dead of ${row.all} in ${row.seconds.toFixed(1)} s, files after ${row.filesSeconds.toFixed(0)} s more; push p99 ${traffic.pushP99Ms.toFixed(1)} ms, pull p99 ${traffic.pullP99Ms.toFixed(1)} ms, ${traffic.failures} of ${traffic.images} failed`,
  );
  return row;
}

async function timeRun(product: RunningProduct, dead: number): Promise<number> {
  const start = performance.now();
  await expectStatus(
    product.api('POST', '/system/gc/schedule', {
      schedule: { type: 'Manual' },
      parameters: { delete_untagged: false, dry_run: false, workers: WORKERS },
    }),
    201,
  );
  const facts = await endOfRun(product, start);
  const seconds = (performance.now() - start) / 1000;
  // Images of the traffic have nothing to collect, but uploads that were cut short may.
  if (!(facts.purged_blobs >= dead)) throw new Error(`the run removed ${facts.purged_blobs} blobs, not ${dead}`);
  return seconds;
}

async function timeFiles(database: Database): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < RUN_LIMIT_MS) {
    if ((await database.query('select from removed_blobs limit 1')).length === 0) break;
    await sleep(POLL_MS);
  }
  return (performance.now() - start) / 1000;
}

async function endOfRun(product: RunningProduct, start: number): Promise<{ readonly purged_blobs: number }> {
  while (performance.now() - start < RUN_LIMIT_MS) {
    const { body } = await expectStatus(product.api('GET', '/system/gc?page_size=1'), 200);
    const [run] = JSON.parse(body) as { job_status: string; job_parameters: string }[];
    if (run?.job_status === 'Success') return JSON.parse(run.job_parameters) as { purged_blobs: number };
    if (run?.job_status === 'Error' || run?.job_status === 'Stopped') throw new Error(`the run ended: ${body}`);
    await sleep(POLL_MS);
  }
  throw new Error('the run took longer than any bar');
}

async function expectStatus(
  call: Promise<{ readonly status: number; readonly body: string }>,
  status: number,
): Promise<{ readonly body: string }> {
  const answer = await call;
  if (answer.status !== status) throw new Error(`answered ${answer.status}, not ${status}: ${answer.body}`);
  return answer;
}
