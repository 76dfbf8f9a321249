import type { RunningRegistry } from '../registry/contender.ts';
import { askPlan, type TokenRun } from './asking.ts';
import type { Asker, Askers } from './callers.ts';
import type { WavePart } from './result.ts';

const REQUESTS = 10_000;

interface Share {
  readonly title: string;
  readonly callers: readonly Asker[];
  readonly requests: number;
  readonly connections: number;
}

/** R44: 10 000 requests of all kinds at once as soon as a product without anything in memory says it is ready. */
export async function runWave(
  run: TokenRun,
  askers: Askers,
  start: () => Promise<RunningRegistry>,
): Promise<readonly WavePart[]> {
  const shares = sharesOf(askers);
  const product = await start();
  try {
    return await Promise.all(shares.map((share) => send(run, product, share)));
  } finally {
    await product.stop();
  }
}

/** Robots ask most, as machines do. Without a directory they ask in its place too. */
function sharesOf({ robots, personalTokens, local, directory }: Askers): readonly Share[] {
  const others: readonly Share[] = [
    { title: 'personal access tokens', callers: personalTokens, requests: 2000, connections: 16 },
    { title: 'local passwords', callers: local, requests: 1000, connections: 32 },
    { title: 'LDAP passwords', callers: directory, requests: 1000, connections: 32 },
  ].filter(({ callers }) => callers.length > 0);
  const left = others.reduce((sum, { requests }) => sum - requests, REQUESTS);
  return [{ title: 'robots', callers: robots, requests: left, connections: 64 }, ...others];
}

async function send(run: TokenRun, product: RunningRegistry, share: Share): Promise<WavePart> {
  const { title, callers, connections } = share;
  const asking = Array.from({ length: share.requests }, (_, number) => callers[number % callers.length]);
  const plan = askPlan(asking.flatMap((caller) => caller ?? []));
  const settings = { port: product.port, headers: [], connections, ownAddresses: true };
  const { requests, seconds, p50Ms, p99Ms, statuses } = await run.client.run(plan, settings);
  run.log(`  wave, ${title}: ${JSON.stringify(statuses)} in ${seconds.toFixed(1)} s, p99 ${p99Ms.toFixed(0)} ms`);
  return { title, connections, requests, seconds, p50Ms, p99Ms, statuses };
}
