import {
  createProject,
  getRetentionRun,
  listRepositoryTags,
  listRetentionRunTasks,
  type LiveEvent,
  operateRetentionRun,
  putProjectRetention,
  startRetentionRun,
} from '@moorage/contracts';
import { retentionProcessors } from '@moorage/features/retention';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushImage } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';
import { startTestWorker } from './support/worker.ts';

const PROJECT = 'live-retention';
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const params = { project_name_or_id: PROJECT };

let core: TestCore;
let scene: Scene;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
  worker = await startTestWorker(
    core,
    retentionProcessors(core.database, () => Promise.resolve({ retention_confirm_share: 50, read_only: false })),
  );
  await core.admin.call(createProject, { body: { project_name: PROJECT, metadata: { public: 'false' } } });
  for (const repository of ['app', 'tool']) {
    for (const tag of ['v1', 'v2', 'v3']) {
      await pushImage(core, ADMIN, `${PROJECT}/${repository}`, tag, `${repository} ${tag}`);
    }
  }
  const rules = [{ action: 'delete' as const, newest: { count: 1 } }];
  await core.admin.call(putProjectRetention, { params, body: { rules, confirm_share: 0 } });
});
afterAll(async () => {
  await worker.stop();
  await core.stop();
});

const open = (run: number, authorization = basic('admin', ADMIN_PASSWORD)) =>
  fetch(`${core.url}/api/v2.0/events?topics=execution:${run}`, { headers: { authorization } });

/** What a stream tells of the run until it has this status. */
async function readUntil(response: Response, status: string): Promise<LiveEvent['data'][]> {
  const told: LiveEvent['data'][] = [];
  let text = '';
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      const event = data === undefined ? undefined : (JSON.parse(data) as LiveEvent);
      if (event?.name === 'execution.updated') told.push(event.data);
    }
    if (told.at(-1)?.status === status) return told;
  }
  throw new Error(`the stream ended before ${status}`);
}

/** A run that waits to be confirmed. */
async function waitingRun(): Promise<number> {
  const { headers } = await core.admin.call(startRetentionRun, { params, body: {} });
  const run = Number(headers.get('location')?.split('/').pop());
  await expect.poll(() => statusOf(run), { timeout: 60_000, interval: 100 }).toBe('Waiting');
  return run;
}

const statusOf = async (run: number) =>
  (await core.admin.call(getRetentionRun, { params: { ...params, run_id: run } })).data.status;
const operate = (run: number, action: 'stop' | 'confirm') =>
  core.admin.call(operateRetentionRun, { params: { ...params, run_id: run }, body: { action } });
const tagsOf = async (repository: string) =>
  (
    await core.admin.call(listRepositoryTags, { params: { project_name: PROJECT, repository_name: repository } })
  ).data.map(({ name }) => name);

describe('a run of retention, live', () => {
  it('tells who follows it that it was stopped, and removes nothing any more', async () => {
    const run = await waitingRun();
    const stream = await open(run);
    await operate(run, 'stop');
    expect((await readUntil(stream, 'Stopped')).at(-1)).toMatchObject({ executionId: run, vendorType: 'RETENTION' });
    const { data: tasks } = await core.admin.call(listRetentionRunTasks, { params: { ...params, run_id: run } });
    expect(tasks.map(({ status }) => status)).toEqual(['Stopped', 'Stopped']);
    await expect(operate(run, 'confirm')).rejects.toMatchObject({ status: 412 });
    expect(await tagsOf('app')).toHaveLength(3);
    await operate(run, 'stop');
    expect(await statusOf(run)).toBe('Stopped');
  });

  it('tells every step of a run with its counts, repository by repository', async () => {
    const run = await waitingRun();
    const stream = await open(run);
    await operate(run, 'confirm');
    const everything = await readUntil(stream, 'Success');
    // What happened before may still come in a stream that was opened afterwards.
    const told = everything.slice(everything.findIndex(({ facts }) => 'confirmed_by' in (facts as object)));
    expect(told[0]).toMatchObject({ status: 'Running', facts: { confirmed_by: 'admin', totals: { tags_deleted: 4 } } });
    const tasks = told.flatMap(({ task }) => (task ? [task as { id: number; status: string; facts: object }] : []));
    for (const id of new Set(tasks.map((task) => task.id))) {
      const [first, ...more] = tasks.filter((task) => task.id === id);
      expect(first?.status).toBe('Running');
      expect(more.at(-1)).toMatchObject({
        status: 'Success',
        facts: { total: 3, retained: 1, tags: 3, tags_deleted: 2, tags_removed: 2, artifacts_removed: 2 },
      });
    }
    expect(new Set(tasks.map((task) => task.id)).size).toBe(2);
    expect(told.at(-1)).toMatchObject({ facts: { tags_removed: 4, artifacts_removed: 4 } });
    expect([...(await tagsOf('app')), ...(await tagsOf('tool'))]).toEqual(['v3', 'v3']);
  });

  it('is followed by nobody who may not see it', async () => {
    const [row] = await core.database.query<{ id: number }>(`select max(id) as id from executions`);
    const outside = await open(row?.id ?? 0, basic(scene.nobody.name, USER_PASSWORD));
    expect([403, 404]).toContain(outside.status);
    expect((await fetch(`${core.url}/api/v2.0/events?topics=execution:${row?.id}`)).status).toBe(401);
  });
});
