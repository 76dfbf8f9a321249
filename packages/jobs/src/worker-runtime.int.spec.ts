import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTransport } from './bullmq-transport.ts';
import {
  defineJob,
  PermanentFailure,
  type Processor,
  processor,
  type Pulse,
  type ScheduleDefinition,
} from './job-definition.ts';
import { JobLauncher, planTask } from './job-launcher.ts';
import type { JobTransport } from './job-transport.ts';
import { WorkerRuntime } from './worker-runtime.ts';

const greet = defineJob({
  name: 'test.greet',
  payload: z.object({ name: z.string() }),
  attempts: 3,
  backoffMs: 20,
  timeoutMs: 5_000,
});

const backends = [
  { backend: 'PostgreSQL', redisUrl: undefined },
  ...(process.env.MOORAGE_TEST_REDIS_URL ? [{ backend: 'Redis', redisUrl: process.env.MOORAGE_TEST_REDIS_URL }] : []),
];

describe.each(backends)('jobs on $backend', ({ redisUrl }) => {
  let test: TestDatabase;
  let launcher: JobLauncher;
  const open: { transports: JobTransport[]; workers: WorkerRuntime[] } = { transports: [], workers: [] };
  const errors: unknown[] = [];

  beforeEach(async () => {
    test = await createTestDatabase();
    const transport = await openTransport({ databaseUrl: test.url, redisUrl, onError: () => undefined });
    open.transports.push(transport);
    launcher = new JobLauncher(test.database, transport, (error) => errors.push(error));
  });

  afterEach(async () => {
    await Promise.all(open.workers.splice(0).map((worker) => worker.stop()));
    await Promise.all(open.transports.splice(0).map((transport) => transport.close()));
    await test.close();
    errors.length = 0;
  });

  async function startWorker(parts: {
    processors?: Processor[];
    pulses?: Pulse[];
    schedules?: ScheduleDefinition[];
  }): Promise<WorkerRuntime> {
    const worker = new WorkerRuntime({
      database: test.database,
      transport: await openTransport({ databaseUrl: test.url, redisUrl, onError: () => undefined }),
      processors: parts.processors ?? [],
      pulses: parts.pulses ?? [],
      schedules: parts.schedules ?? [],
      concurrency: 4,
      onError: (error) => errors.push(error),
    });
    open.workers.push(worker);
    await worker.start();
    return worker;
  }

  function launch(...names: string[]): Promise<number> {
    return launcher.launch({
      vendorType: 'TEST',
      vendorId: 1,
      trigger: 'Manual',
      createdBy: 'admin',
      tasks: names.map((name) => planTask(greet, { name })),
    });
  }

  async function execution(
    id: number,
  ): Promise<{ status: string; tasks: { status: string; attempts: number; status_message: string }[] }> {
    const [row] = await test.database.query<{ status: string }>('select status from executions where id = $1', [id]);
    const tasks = await test.database.query<{ status: string; attempts: number; status_message: string }>(
      'select status, attempts, status_message from tasks where execution_id = $1 order by id',
      [id],
    );
    return { status: row?.status ?? '', tasks };
  }

  const ended = (id: number) => expect.poll(async () => (await execution(id)).status, { timeout: 20_000 });

  it('runs every task of an execution and ends it', async () => {
    const greeted: string[] = [];
    await startWorker({ processors: [processor(greet, async ({ payload }) => void greeted.push(payload.name))] });
    const id = await launch('ada', 'bob', 'cyd');
    await ended(id).toBe('Success');
    expect(greeted.toSorted()).toEqual(['ada', 'bob', 'cyd']);
  });

  it('tries again after a failure, and says why when it gives up', async () => {
    let calls = 0;
    await startWorker({
      processors: [
        processor(greet, async ({ payload }) => {
          calls++;
          if (payload.name === 'flaky' && calls < 3) throw new Error('not yet');
          if (payload.name === 'broken') throw new PermanentFailure('no such name');
        }),
      ],
    });
    const flaky = await launch('flaky');
    await ended(flaky).toBe('Success');
    expect((await execution(flaky)).tasks).toMatchObject([{ attempts: 3 }]);
    const broken = await launch('broken');
    await ended(broken).toBe('Error');
    expect((await execution(broken)).tasks).toMatchObject([
      { attempts: 1, status: 'Error', status_message: 'no such name' },
    ]);
  });

  it('brings back what the queue never heard of', async () => {
    const greeted: string[] = [];
    const worker = await startWorker({
      processors: [processor(greet, async ({ payload }) => void greeted.push(payload.name))],
    });
    // Rows without an announcement: what a process leaves that dies between commit and queue, or a queue that was flushed.
    const { id } = await test.database.transaction((transaction) =>
      launcher.prepare(transaction, {
        vendorType: 'TEST',
        vendorId: 1,
        trigger: 'Event',
        createdBy: 'system',
        tasks: [planTask(greet, { name: 'lost' })],
      }),
    );
    await worker.reconcile();
    await ended(id).toBe('Success');
    expect(greeted).toEqual(['lost']);
  });

  it('takes over the task of a worker that died, and only then', async () => {
    const greeted: string[] = [];
    const worker = await startWorker({
      processors: [processor(greet, async ({ payload }) => void greeted.push(payload.name))],
    });
    const { id } = await test.database.transaction((transaction) =>
      launcher.prepare(transaction, {
        vendorType: 'TEST',
        vendorId: 1,
        trigger: 'Event',
        createdBy: 'system',
        tasks: [planTask(greet, { name: 'orphan' })],
      }),
    );
    await test.database.query(
      `update tasks set status = 'Running', attempts = 1, heartbeat_at = now() where execution_id = $1`,
      [id],
    );
    await worker.reconcile();
    expect((await execution(id)).tasks).toMatchObject([{ status: 'Running', attempts: 1 }]);
    await test.database.query(`update tasks set heartbeat_at = now() - interval '10 minutes' where execution_id = $1`, [
      id,
    ]);
    await worker.reconcile();
    await ended(id).toBe('Success');
    expect(greeted).toEqual(['orphan']);
  });

  it('does not run a stopped execution', async () => {
    const greeted: string[] = [];
    const { id, deliveries } = await test.database.transaction((transaction) =>
      launcher.prepare(transaction, {
        vendorType: 'TEST',
        vendorId: 1,
        trigger: 'Manual',
        createdBy: 'admin',
        tasks: [planTask(greet, { name: 'stopped' })],
      }),
    );
    await launcher.stop(id);
    await startWorker({ processors: [processor(greet, async ({ payload }) => void greeted.push(payload.name))] });
    await launcher.announce(deliveries);
    const after = await launch('next');
    await ended(after).toBe('Success');
    expect(greeted).toEqual(['next']);
    expect((await execution(id)).status).toBe('Stopped');
  });

  it('starts each due tick once, however many workers look (R38)', async () => {
    const schedule: ScheduleDefinition = {
      name: 'test-greet',
      vendorType: 'TEST',
      cron: '* * * * *',
      job: greet,
      payload: { name: 'tick' },
    };
    const processors = [processor(greet, async () => undefined)];
    const workers = await Promise.all([
      startWorker({ processors, schedules: [schedule] }),
      startWorker({ processors, schedules: [schedule] }),
    ]);
    await test.database.query(`update schedules set created_at = now() - interval '10 minutes'`);
    await Promise.all([...workers, ...workers].map((worker) => worker.startDueSchedules()));
    const rows = await test.database.query<{ ticks: number; executions: number }>(
      `select count(distinct tick) as ticks, (select count(*) from executions where trigger = 'Schedule') as executions from schedule_ticks`,
    );
    // Ten missed minutes are one execution; a minute may pass while the test runs.
    expect(rows[0]?.executions).toBeLessThanOrEqual(2);
    expect(rows[0]?.executions).toBeGreaterThanOrEqual(1);
  });

  it('repeats pulses, also after one failed', async () => {
    let beats = 0;
    await startWorker({
      pulses: [
        {
          name: 'test.beat',
          everyMs: 100,
          run: async () => {
            beats++;
            if (beats === 1) throw new Error('first beat fails');
          },
        },
      ],
    });
    await expect.poll(() => beats, { timeout: 20_000 }).toBeGreaterThan(2);
  });

  it('S109 parks tasks it does not know and payloads that do not fit, without running them', async () => {
    const greeted: unknown[] = [];
    await startWorker({
      processors: [
        processor(greet, async ({ payload }) => {
          greeted.push(payload);
        }),
      ],
    });
    const hostile = [
      { job: 'test.greet', payload: { name: { toString: 'x' } } },
      { job: 'test.greet', payload: {} },
      { job: 'test.greet', payload: JSON.parse('{"__proto__":{"name":"ada"}}') as Record<string, unknown> },
      { job: 'test.greet; drop table tasks', payload: { name: 'ada' } },
      { job: '__proto__', payload: { name: 'ada' } },
      { job: 'constructor', payload: { name: 'ada' } },
    ];
    const id = await launcher.launch({
      vendorType: 'TEST',
      vendorId: 1,
      trigger: 'Manual',
      createdBy: 'admin',
      tasks: hostile,
    });
    await ended(id).toBe('Error');
    const { tasks } = await execution(id);
    expect(tasks.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(hostile.map(() => 'Error 1'));
    expect(greeted).toEqual([]);
    const honest = await launch('ada');
    await ended(honest).toBe('Success');
    expect(greeted).toEqual([{ name: 'ada' }]);
  });

  it('refuses a payload that does not fit when the task is planned', () => {
    expect(() => planTask(greet, { name: 1 as never })).toThrow();
  });
});
