import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@moorage/database/embedded';
import type { LoadClient } from '../client/load-client.ts';
import { planOf } from '../client/plan.ts';
import { CpuMoment } from '../machine/processes.ts';
import { type RunningProduct, startMeasured } from '../registry/moorage.ts';
import { type ListCall, listCalls } from './calls.ts';
import type { ListResult, ListRound, ListRow } from './result.ts';
import { seedWorld } from './seed.ts';
import { hundredth, LARGE, SIGNED, type World } from './world.ts';

export interface ListRun {
  readonly client: LoadClient;
  readonly world: World;
  readonly rounds: number;
  readonly stores: string;
  readonly log: (line: string) => void;
}

/** A product with its content, and the calls that ask for it. */
interface Side {
  readonly product: RunningProduct;
  readonly headers: Readonly<Record<ListCall['as'], readonly string[]>>;
  readonly calls: readonly ListCall[];
  readonly stop: () => Promise<void>;
}

const READER = { username: 'reader', password: 'Reader-12345' };
/** What a round may take in each world, and between which numbers of calls it settles for that. */
const ROUND_MS = 1500;
const [FEWEST, MOST] = [5, 200];
const DELETIONS = 20;

/** Asks a full world and one of a hundredth for the same lists in turn, on one connection. Takes up to ten minutes. */
export async function runLists(run: ListRun): Promise<ListResult> {
  const sides: Side[] = [];
  try {
    for (const [name, world] of [['large', run.world] as const, ['small', hundredth(run.world)] as const]) {
      const began = performance.now();
      sides.push(await startSide(join(run.stores, `lists-${name}`), world));
      run.log(`lists: ${world.artifacts} artifacts stored in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
    const [large, small] = sides as [Side, Side];
    const rows: ListRow[] = [];
    for (const [at, call] of large.calls.entries()) {
      const row = await measureCall(run, [large, call], [small, small.calls[at] as ListCall]);
      rows.push(row);
      run.log(`  ${row.id}: ${row.rounds.map(roundText).join(', ')}${row.failures ? `, ${row.failures} FAILED` : ''}`);
    }
    return { world: run.world, rows };
  } finally {
    for (const side of sides) await side.stop();
  }
}

function roundText({ large, small }: ListRound): string {
  return `${large.p95Ms.toFixed(1)}/${small.p95Ms.toFixed(1)}`;
}

async function startSide(directory: string, world: World): Promise<Side> {
  mkdirSync(directory, { mode: 0o755 });
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }),
  ];
  const stop = async () => {
    for (const step of stops.toReversed()) await step();
  };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'database'), log: () => undefined });
    stops.push(() => postgres.stop());
    const product = await startMeasured(directory, { MOORAGE_DATABASE_URL: postgres.url });
    stops.push(() => product.stop());
    const { status, body } = await product.api('POST', '/users', {
      ...READER,
      realname: 'Reader',
      email: 'reader@example.org',
    });
    if (status !== 201) throw new Error(`POST /users answered ${status}: ${body}`);
    await seedWorld(postgres.url, world, READER.username);
    const headers = {
      admin: [`Authorization: ${product.basic}`],
      reader: [`Authorization: ${basicOf(READER)}`],
      registry: await product.authorize({ repositories: [LARGE, SIGNED] }),
    };
    const calls = await listCalls(world, (path, rows) => cursorAfter(product, path, rows));
    return { product, headers, calls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function basicOf({ username, password }: typeof READER): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** The cursor behind the page of a hundred that ends with so many rows. */
async function cursorAfter(product: RunningProduct, path: string, rows: number): Promise<string> {
  const answer = await fetch(new URL(`${path}&page=${rows / 100}`, product.origin), {
    headers: { authorization: product.basic },
  });
  const cursor = answer.headers.get('x-next-cursor');
  if (!answer.ok || cursor === null) throw new Error(`${path} answered ${answer.status} without a cursor`);
  await answer.arrayBuffer();
  return cursor;
}

async function measureCall(
  { client, rounds }: ListRun,
  large: readonly [Side, ListCall],
  small: readonly [Side, ListCall],
): Promise<ListRow> {
  const [, { id, title, promised, method }] = large;
  let [failures, asked] = [0, 0];
  const ask = async ([side, call]: readonly [Side, ListCall], count: number) => {
    const result = await client.run(planOf(method, call.paths(asked, count)), {
      port: side.product.port,
      headers: side.headers[call.as],
      connections: 1,
    });
    failures += result.failures;
    return result;
  };
  const warm = await ask(large, FEWEST);
  await ask(small, FEWEST);
  asked += FEWEST;
  const calls =
    method === 'delete'
      ? DELETIONS
      : Math.min(MOST, Math.max(FEWEST, Math.floor(ROUND_MS / Math.max(warm.p50Ms, 0.1))));
  const measured: ListRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = new CpuMoment();
    const [ours, theirs] = [await ask(large, calls), await ask(small, calls)];
    const after = new CpuMoment();
    asked += calls;
    const other = after.outside(process.pid) - before.outside(process.pid);
    measured.push({
      large: { p50Ms: ours.p50Ms, p95Ms: ours.p95Ms },
      small: { p50Ms: theirs.p50Ms, p95Ms: theirs.p95Ms },
      otherCpu: Math.max(0, other / ((after.at - before.at) / 1000)),
    });
  }
  return { id, title, promised, calls, failures, rounds: measured };
}
