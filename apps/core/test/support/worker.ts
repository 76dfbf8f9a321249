import { openTransport, type Processor, WorkerRuntime } from '@moorage/jobs';
import { tellExecution } from '@moorage/features/execution';
import type { TestCore } from './test-core.ts';

/** Runs jobs beside a core, as a worker process would; stop it before the core. */
export async function startTestWorker(
  core: TestCore,
  processors: readonly Processor[],
): Promise<{ stop(): Promise<void> }> {
  const [row] = await core.database.query<{ name: string }>('select current_database() as name');
  const url = new URL(process.env.MOORAGE_TEST_DATABASE_URL ?? '');
  url.pathname = `/${row?.name}`;
  const worker = new WorkerRuntime({
    database: core.database,
    transport: await openTransport({ databaseUrl: url.href, redisUrl: undefined, onError: () => undefined }),
    processors,
    pulses: [],
    schedules: [],
    concurrency: 2,
    onError: () => undefined,
    tell: tellExecution,
  });
  await worker.start();
  return { stop: () => worker.stop() };
}
