import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTransport } from './bullmq-transport.ts';
import {
  defineJob,
  PermanentFailure,
  planTask,
  type Processor,
  processor,
  type Pulse,
  type ScheduleDefinition,
} from './job-definition.ts';
import { ExecutionStore } from './execution.store.ts';
import { JobLauncher } from './job-launcher.ts';
import type { JobTransport } from './job-transport.ts';
import { QueueStore } from './queue.store.ts';
import { ScheduleStore } from './schedule.store.ts';
import { TaskLogStore } from './task-log.store.ts';
import { type ExecutionChange, TaskStore, type TellChange } from './task.store.ts';
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
    tell?: TellChange;
  }): Promise<WorkerRuntime> {
    const worker = new WorkerRuntime({
      database: test.database,
      transport: await openTransport({ databaseUrl: test.url, redisUrl, onError: () => undefined }),
      processors: parts.processors ?? [],
      pulses: parts.pulses ?? [],
      schedules: parts.schedules ?? [],
      concurrency: 4,
      onError: (error) => errors.push(error),
      ...(parts.tell ? { tell: parts.tell } : {}),
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

  const ended = (id: number) => expect.poll(async () => (await execution(id)).status, { timeout: 90_000 });

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
    await test.database.query(`update schedules set counts_from = now() - interval '10 minutes'`);
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
    await expect.poll(() => beats, { timeout: 90_000 }).toBeGreaterThan(2);
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

  it('runs what was only written, without anybody telling the queue', async () => {
    const greeted: string[] = [];
    await startWorker({ processors: [processor(greet, async ({ payload }) => void greeted.push(payload.name))] });
    const id = await new TaskStore(test.database)
      .insertExecution(test.database, {
        vendorType: 'TEST',
        vendorId: 1,
        trigger: 'Manual',
        createdBy: 'admin',
        tasks: [planTask(greet, { name: 'written' })],
      })
      .then((prepared) => prepared.id);
    await ended(id).toBe('Success');
    expect(greeted).toEqual(['written']);
  });

  it('keeps what a task says, its facts, and the tasks it adds', async () => {
    const changes: ExecutionChange[] = [];
    const tell = async (_sql: unknown, change: ExecutionChange) => void changes.push(change);
    await startWorker({
      tell,
      processors: [
        processor(greet, async ({ payload, log, report, summarise, spawn }) => {
          log(`hello\n${payload.name}`);
          await report({ greeted: 1 });
          await report({ greeted: 2 });
          if (payload.name !== 'ada') return;
          await summarise({ guests: 2 });
          await spawn([planTask(greet, { name: 'bob' })]);
          throw new PermanentFailure('ada left');
        }),
      ],
    });
    const id = await launch('ada');
    await ended(id).toBe('Error');
    const found = await new ExecutionStore(test.database).find({ vendorType: 'TEST' }, id);
    expect(found).toMatchObject({ facts: { guests: 2 }, taskCounts: { Error: 1, Success: 1 } });
    const logs = new TaskLogStore(test.database);
    const [first, second] = await new ExecutionStore(test.database).taskIds(id, 10);
    expect((await logs.page(first as number, 0, 10)).map(({ level, text }) => `${level} ${text}`)).toEqual([
      'INFO hello ada',
      'ERROR Ended early: ada left',
    ]);
    expect(await logs.page(second as number, 0, 10)).toHaveLength(1);
    expect(changes.filter(({ task }) => task?.id === first).at(-1)).toMatchObject({
      executionId: id,
      task: { status: 'Error', facts: { greeted: 2 } },
    });
    expect(changes.at(-1)).toMatchObject({ status: 'Error' });
  });

  it('adds up what the tasks of a run did, and tells once of its end', async () => {
    const ends: ExecutionChange[] = [];
    await startWorker({
      tell: async (_sql, change) => void (change.hasEnded && ends.push(change)),
      processors: [
        processor(greet, async ({ payload, count, spawn }) => {
          if (payload.name === 'ada') await spawn(['b', 'cc', 'ddd'].map((name) => planTask(greet, { name })));
          const done = { add: { letters: payload.name.length, never: 0 }, names: { letters: 'all_letters' } };
          const begun = Array.from({ length: 10 }, (_, place) =>
            test.database.transaction((sql) => count(sql, { ...done, facts: { place } })),
          );
          // What is undone was not done.
          const undone = test.database.transaction(async (sql) => {
            await count(sql, done);
            throw new Error('no');
          });
          await Promise.allSettled([...begun, undone]);
        }),
      ],
    });
    const id = await launch('ada');
    await ended(id).toBe('Success');
    const found = await new ExecutionStore(test.database).find({ vendorType: 'TEST' }, id);
    expect(found?.facts).toEqual({ all_letters: 90, never: 0 });
    const { rows } = await new ExecutionStore(test.database).listTasks(id, {
      page: 1,
      pageSize: 9,
      conditions: [],
      sort: [{ key: 'id', descending: false }],
    });
    expect(rows.map(({ facts }) => facts.letters)).toEqual([30, 10, 20, 30]);
    expect(ends).toMatchObject([{ executionId: id, status: 'Success', facts: { all_letters: 90 } }]);
  });

  it('begins nothing of a kind of work that is paused, and goes on afterwards', async () => {
    const greeted: string[] = [];
    const queues = new QueueStore(test.database);
    await queues.pause('TEST', 'admin');
    const worker = await startWorker({
      processors: [processor(greet, async ({ payload }) => void greeted.push(payload.name))],
    });
    const id = await launch('ada');
    await test.database.query(`update tasks set enqueued_at = null`);
    await worker.reconcile();
    expect(await queues.list([])).toMatchObject([{ vendorType: 'TEST', waiting: 1, paused: true }]);
    expect((await execution(id)).tasks).toMatchObject([{ status: 'Pending', attempts: 0 }]);
    await queues.resume('TEST');
    await ended(id).toBe('Success');
    expect(await queues.pools()).toMatchObject([{ concurrency: 4, pid: process.pid }]);
  });

  it('starts what a schedule somebody set asks for, from the moment it was set', async () => {
    const schedules = new ScheduleStore(test.database);
    const schedule = {
      vendorType: 'TEST',
      vendorId: 7,
      kind: 'Custom',
      cron: '0 0 * * * *',
      job: greet.name,
      payload: { name: 'tick' },
      projectId: null,
      createdBy: 'ada',
    };
    await schedules.put(schedule);
    const worker = await startWorker({ processors: [processor(greet, async () => undefined)] });
    const runs = async () =>
      (await test.database.query('select vendor_id, created_by, extra_attrs from executions order by id')).map(
        (row) => row,
      );
    await test.database.query(`update schedules set counts_from = now() - interval '5 hours'`);
    await worker.startDueSchedules();
    expect(await runs()).toEqual([{ vendor_id: 7, created_by: 'ada', extra_attrs: { name: 'tick' } }]);
    await schedules.put({ ...schedule, cron: '0 0 0 1 1 *' });
    await test.database.query('delete from schedule_ticks');
    await worker.startDueSchedules();
    expect(await runs()).toHaveLength(1);
    expect(await schedules.remove({ vendorType: 'TEST', vendorId: 7 })).toBe(true);
    expect(await schedules.find({ vendorType: 'TEST', vendorId: 7 })).toBeNull();
  });

  it('refuses a payload that does not fit when the task is planned', () => {
    expect(() => planTask(greet, { name: 1 as never })).toThrow();
  });
});
