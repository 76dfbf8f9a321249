import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Delivery, JobTransport } from './job-transport.ts';

const TASKS = 'moorage-tasks';
const PULSES = 'moorage-pulses';
/** A finished delivery has no further use: the row is the record. */
const FORGET = { removeOnComplete: true, removeOnFail: true } as const;

export interface TransportOptions {
  readonly databaseUrl: string;
  /** Switches from PostgreSQL to Redis. */
  readonly redisUrl?: string | undefined;
  readonly onError: (error: Error) => void;
}

/** The transport over BullMQ: on Redis when its URL is given, else on PostgreSQL in a schema of its own. */
export async function openTransport(options: TransportOptions): Promise<JobTransport> {
  if (options.redisUrl !== undefined) {
    // BullMQ's blocking reads need a connection that retries for ever.
    const connection = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
    connection.on('error', options.onError);
    return new BullmqTransport(
      createRedisBackend as BackendFactory<IQueueBackend, unknown>,
      connection,
      async () => void (await connection.quit().catch(() => undefined)),
      options.onError,
    );
  }
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 10,
    options: '-c search_path=bullmq',
    application_name: 'moorage-jobs',
  });
  pool.on('error', options.onError);
  // A connection that breaks while a transaction holds it must not end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.setMaxListeners(50);
  await migrateQueueSchema(options.databaseUrl);
  return new BullmqTransport(
    createPostgresBackend as unknown as BackendFactory<IQueueBackend, unknown>,
    pool,
    () => pool.end(),
    options.onError,
  );
}

/** BullMQ migrates only when asked, on one connection; its advisory lock makes processes wait for each other. */
async function migrateQueueSchema(databaseUrl: string): Promise<void> {
  const { Queue } = withBackend(createPostgresBackend);
  const queue = new Queue(TASKS, { connection: { connectionString: databaseUrl, migrate: true, max: 1 } });
  queue.on('error', () => undefined);
  try {
    await queue.waitUntilReady();
  } finally {
    await queue.close();
  }
}

class BullmqTransport implements JobTransport {
  readonly #classes: ReturnType<typeof withBackend<IQueueBackend, unknown>>;
  readonly #connection: unknown;
  readonly #disconnect: () => Promise<void>;
  readonly #onError: (error: Error) => void;
  readonly #tasks;
  readonly #pulses;
  readonly #workers: { close(): Promise<void> }[] = [];
  readonly #pulseHandlers = new Map<string, () => Promise<void>>();

  constructor(
    factory: BackendFactory<IQueueBackend, unknown>,
    connection: unknown,
    disconnect: () => Promise<void>,
    onError: (error: Error) => void,
  ) {
    this.#classes = withBackend(factory);
    this.#connection = connection;
    this.#disconnect = disconnect;
    this.#onError = onError;
    this.#tasks = this.#listened(new this.#classes.Queue<{ taskId: number }>(TASKS, { connection }));
    this.#pulses = this.#listened(new this.#classes.Queue<object>(PULSES, { connection }));
  }

  async send(deliveries: readonly Delivery[], delayMs = 0): Promise<void> {
    await this.#tasks.addBulk(
      deliveries.map(({ taskId, attempt }) => ({
        name: 'task',
        data: { taskId },
        opts: { ...FORGET, jobId: `task-${taskId}-${attempt}`, delay: delayMs },
      })),
    );
  }

  consume(concurrency: number, handle: (taskId: number) => Promise<void>): void {
    const worker = new this.#classes.Worker<{ taskId: number }>(TASKS, (job) => handle(job.data.taskId), {
      connection: this.#connection,
      concurrency,
    });
    this.#workers.push(this.#listened(worker));
  }

  async pulse(name: string, everyMs: number, handle: () => Promise<void>): Promise<void> {
    if (this.#pulseHandlers.size === 0) {
      const run = async (job: { name: string }): Promise<void> => this.#pulseHandlers.get(job.name)?.();
      this.#workers.push(
        this.#listened(new this.#classes.Worker<object>(PULSES, run, { connection: this.#connection, concurrency: 4 })),
      );
    }
    this.#pulseHandlers.set(name, handle);
    await this.#pulses.upsertJobScheduler(name, { every: everyMs }, { name, opts: { ...FORGET } });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    await Promise.all([this.#tasks.close(), this.#pulses.close()]);
    await this.#disconnect();
  }

  #listened<T extends { on(event: 'error', listener: (error: Error) => void): unknown }>(source: T): T {
    source.on('error', this.#onError);
    return source;
  }
}
