import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPostgres } from '@moorage/database/embedded';
import { CpuMoment, peakResidentMb, residentMb, resetPeak } from '../machine/processes.ts';
import { PROJECT } from '../registry/contender.ts';
import { type RunningProduct, startMeasured } from '../registry/moorage.ts';
import { seedTags } from '../registry/seed-tags.ts';
import type { DryRunResult, RetentionResult, RetentionRow } from './result.ts';

const REPOSITORY = `${PROJECT}/retention`;
const ROUNDS = 5;
const POLL_MS = 50;
const RUN_LIMIT_MS = 600_000;

const POLICIES: readonly { readonly title: string; readonly rules: readonly object[] }[] = [
  { title: 'retain the newest 1,000', rules: [{ action: 'retain', newest: { count: 1000 } }] },
  { title: 'delete by age', rules: [{ action: 'delete', select: { pushed_before_days: 90 } }] },
  {
    title: 'newest 10 of each minor version, by age, by pattern',
    rules: [
      { action: 'retain', newest: { count: 10, by: 'version', per: 'minor' } },
      { action: 'retain', select: { pushed_within_days: 30, tags: [{ pattern: 'v*' }] } },
      { action: 'delete', select: { pushed_before_days: 7, tags: [{ kind: 'regex', pattern: '-rc' }] } },
    ],
  },
];

/** Previews of whole policies over one repository, each an evaluation of all its tags. Takes about two minutes. */
export async function runRetention(run: {
  readonly tags: number;
  readonly stores: string;
  readonly log: (line: string) => void;
}): Promise<RetentionResult> {
  const directory = join(run.stores, 'retention');
  mkdirSync(directory, { mode: 0o755 });
  const postgres = await startTestPostgres();
  try {
    const product = await startMeasured(directory, { MOORAGE_DATABASE_URL: postgres.url });
    try {
      await seedTags(postgres.url, REPOSITORY, run.tags);
      const idleMb = residentMb(product.servingPid);
      resetPeak(product.servingPid);
      const rows: RetentionRow[] = [];
      for (const { title, rules } of POLICIES) {
        const row = await measurePolicy(product, title, rules);
        run.log(`retention: ${title}: ${row.milliseconds.toFixed(0)} ms, ${row.tagsDeleted} of ${run.tags} would go`);
        rows.push(row);
      }
      const peakMb = peakResidentMb(product.servingPid);
      const dryRun = await measureDryRun(product);
      run.log(
        `retention: dry run in ${dryRun.milliseconds.toFixed(0)} ms, worker from ${dryRun.idleMb.toFixed(0)} to ${dryRun.peakMb.toFixed(0)} MB`,
      );
      return { tags: run.tags, rounds: ROUNDS, rows, idleMb, peakMb, dryRun };
    } finally {
      await product.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function measureDryRun(product: RunningProduct): Promise<DryRunResult> {
  const path = `/projects/${PROJECT}/retention`;
  const call = async (method: string, where: string, body?: object) => {
    const answer = await product.api(method, where, body);
    if (answer.status >= 300) throw new Error(`${method} ${where} answered ${answer.status}: ${answer.body}`);
    return answer.body;
  };
  await call('PUT', path, { rules: POLICIES.at(-1)?.rules });
  const idleMb = residentMb(product.workingPid);
  resetPeak(product.workingPid);
  const start = performance.now();
  await call('POST', `${path}/runs`, { dry_run: true });
  for (;;) {
    const [run] = JSON.parse(await call('GET', `${path}/runs?page_size=1`)) as { status: string }[];
    if (run?.status === 'Success') break;
    if (run?.status === 'Error' || performance.now() - start > RUN_LIMIT_MS) throw new Error('the dry run failed');
    await sleep(POLL_MS);
  }
  return { milliseconds: performance.now() - start, idleMb, peakMb: peakResidentMb(product.workingPid) };
}

async function measurePolicy(product: RunningProduct, title: string, rules: readonly object[]): Promise<RetentionRow> {
  let milliseconds = Number.POSITIVE_INFINITY;
  let cpuMilliseconds = Number.POSITIVE_INFINITY;
  let tagsDeleted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = new CpuMoment().ofTree(product.rootPid);
    const start = performance.now();
    const path = `/projects/${PROJECT}/retention/preview?page_size=50&decision=delete`;
    const { status, body } = await product.api('POST', path, { rules });
    milliseconds = Math.min(milliseconds, performance.now() - start);
    cpuMilliseconds = Math.min(cpuMilliseconds, (new CpuMoment().ofTree(product.rootPid) - before) * 1000);
    if (status !== 200) throw new Error(`the preview answered ${status}: ${body}`);
    tagsDeleted = (JSON.parse(body) as { totals: { tags_deleted: number } }).totals.tags_deleted;
  }
  return { title, milliseconds, cpuMilliseconds, tagsDeleted };
}
