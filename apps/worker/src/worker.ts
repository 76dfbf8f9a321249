import { join } from 'node:path';
import { type Config, ensureSecretKey, externalUrlOf } from '@moorage/config';
import { Database } from '@moorage/database';
import { openFilesystemContent } from '@moorage/distribution/stores';
import { SystemClock } from '@moorage/features/clock';
import { EgressEnvironment } from '@moorage/features/egress';
import { tellExecution } from '@moorage/features/execution';
import { ExternalAddress } from '@moorage/features/http';
import type { Logger } from '@moorage/features/platform';
import { SqlMetadataStore } from '@moorage/features/registry';
import { openTransport, WorkerRuntime } from '@moorage/jobs';
import { NestFactory } from '@nestjs/core';
import { roomJobs } from './room-jobs.ts';
import { SCHEDULES } from './schedules.ts';
import { WorkerModule } from './worker.module.ts';

/** Tasks one worker process runs at once. */
const CONCURRENCY = 4;
const POOL_SIZE = 12;

export interface RunningWorker {
  /** Hands running tasks back to the queue, then disconnects. */
  stop(): Promise<void>;
}

/** Opens the database, the store and the queue, and starts running jobs. */
export async function startWorker(config: Config, logger: Logger): Promise<RunningWorker> {
  if (config.databaseUrl === undefined) throw new Error('MOORAGE_DATABASE_URL is needed; npm start sets it by itself');
  const url = config.databaseUrl.reveal();
  const lost = (part: string) => (error: Error) => logger.warn('connection lost', { part, error });
  const database = await Database.open({
    url,
    poolSize: POOL_SIZE,
    applicationName: 'moorage-worker',
    onConnectionError: lost('database'),
  });
  await database.migrate();
  const clock = new SystemClock();
  const app = await NestFactory.createApplicationContext(
    WorkerModule.with(
      { database, clock, logger, address: new ConfiguredAddress(config) },
      ensureSecretKey(config),
      new EgressEnvironment(config),
    ),
    { logger, abortOnError: false },
  );
  const content = await openFilesystemContent(join(config.dataDir, 'registry'));
  const metadata = new SqlMetadataStore(database, content.blobs);
  const transport = await openTransport({
    databaseUrl: url,
    redisUrl: config.redisUrl?.reveal(),
    onError: lost('queue'),
  });
  const runtime = new WorkerRuntime({
    database,
    transport,
    ...roomJobs({ app, database, clock, content: { blobs: content.blobs, uploads: content.uploads, metadata } }),
    schedules: SCHEDULES,
    concurrency: CONCURRENCY,
    tell: tellExecution,
    onError: (error, facts) => logger.error('job failed', { ...facts, error }),
  });
  await runtime.start();
  return {
    stop: async () => {
      await runtime.stop();
      await content.close();
      await app.close();
      await database.close();
    },
  };
}

/** The worker does not listen; addresses in what it writes are the configured ones. */
class ConfiguredAddress extends ExternalAddress {
  readonly url: string;
  readonly isConfigured: boolean;

  constructor(config: Config) {
    super();
    this.url = externalUrlOf(config, config.port);
    this.isConfigured = config.externalUrl !== undefined;
  }
}
