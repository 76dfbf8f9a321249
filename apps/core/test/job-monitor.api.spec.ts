import {
  actionPendingJobs,
  getExecution,
  getSchedulePaused,
  getWorkerPools,
  getWorkers,
  listExecutions,
  listExecutionTasks,
  listJobQueues,
  listSchedules,
  rerunExecution,
  stopExecution,
  stopRunningJob,
} from '@moorage/contracts';
import { TaskLogStore, TaskStore } from '@moorage/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

describe('runs of long work', () => {
  let core: TestCore;

  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  let things = 0;
  const start = async (...payloads: object[]) => {
    const { id } = await new TaskStore(core.database).insertExecution(core.database, {
      vendorType: 'RETENTION',
      vendorId: ++things,
      trigger: 'Manual',
      createdBy: 'ada',
      facts: { dry_run: true },
      tasks: payloads.map((payload) => ({ job: 'test.work', payload: payload as Record<string, unknown> })),
    });
    const tasks = await core.admin.call(listExecutionTasks, { params: { execution_id: id } });
    return { id, tasks: tasks.data.map((task) => task.id) };
  };
  const text = (path: string) =>
    fetch(`${core.url}/api/v2.0${path}`, { headers: { authorization: basic('admin', ADMIN_PASSWORD) } });

  it('are listed with what their tasks are at, and never with payloads', async () => {
    const { id } = await start({ secret: 'x' }, {});
    const { data } = await core.admin.call(listExecutions, { query: { q: 'vendor_type=RETENTION,status=Pending' } });
    expect(data[0]).toMatchObject({
      id,
      vendor_id: things,
      status: 'Pending',
      trigger: 'MANUAL',
      created_by: 'ada',
      extra_attrs: { dry_run: true },
      metrics: { task_count: 2, pending_task_count: 2 },
    });
    const tasks = await core.admin.call(listExecutionTasks, { params: { execution_id: id } });
    expect(JSON.stringify(tasks.data)).not.toContain('secret');
    await expect(core.admin.call(getExecution, { params: { execution_id: 9999 } })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('stop, and can be asked for again once they have ended', async () => {
    const { id } = await start({ name: 'ada' });
    const params = { execution_id: id };
    await expect(core.admin.call(rerunExecution, { params, body: {} })).rejects.toMatchObject({ status: 412 });
    await core.admin.call(stopExecution, { params, body: { status: 'Stopped' } });
    expect((await core.admin.call(getExecution, { params })).data.status).toBe('Stopped');
    const again = await core.admin.call(rerunExecution, { params, body: {} });
    const newId = Number(again.location?.split('/').pop());
    expect((await core.admin.call(getExecution, { params: { execution_id: newId } })).data).toMatchObject({
      extra_attrs: { rerun_of: id },
      metrics: { task_count: 1 },
    });
    await expect(core.admin.call(rerunExecution, { params, body: {} })).rejects.toMatchObject({ status: 409 });
    const audited = await core.database.query(
      `select payload #>> '{audit,username}' as username, payload #>> '{audit,operation}' as operation
       from outbox_events where name = 'execution.rerun' and (payload #>> '{data,executionId}')::bigint = $1`,
      [newId],
    );
    expect(audited).toEqual([{ username: 'admin', operation: 'rerun' }]);
    await core.admin.call(actionPendingJobs, { params: { job_type: 'RETENTION' }, body: { action: 'stop' } });
    expect((await core.admin.call(getExecution, { params: { execution_id: newId } })).data.status).toBe('Stopped');
  });

  it('have a log as text, by run and by task', async () => {
    const { id, tasks } = await start({}, {});
    await new TaskLogStore(core.database).append(tasks[0] as number, [
      { level: 'INFO', text: 'one' },
      { level: 'WARNING', text: '<script>two' },
    ]);
    const answer = await text(`/executions/${id}/tasks/${tasks[0]}/log`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await answer.text()).split('\n').map((line) => line.slice(25))).toEqual([
      '[INFO] one',
      '[WARNING] <script>two',
      '',
    ]);
    expect(await (await text(`/executions/${id}/tasks/${tasks[1]}/log`)).text()).toBe('');
    expect((await text(`/executions/${id}/tasks/99999/log`)).status).toBe(404);
    expect((await text(`/executions/9999/tasks/${tasks[0]}/log`)).status).toBe(404);
    expect((await text(`/jobservice/jobs/${tasks[0]}/log`)).status).toBe(200);
    expect((await text(`/jobservice/jobs/0x1/log`)).status).toBe(404);
    await core.admin.call(stopRunningJob, { params: { job_id: String(tasks[0]) }, body: {} });
    expect((await core.admin.call(getExecution, { params: { execution_id: id } })).data.status).toBe('Stopped');
  });

  it('wait while their kind is paused', async () => {
    const paused = async () => {
      const { data } = await core.admin.call(listJobQueues, {});
      return data.filter((queue) => queue.paused).map((queue) => queue.job_type);
    };
    await core.admin.call(actionPendingJobs, { params: { job_type: 'retention' }, body: { action: 'pause' } });
    expect(await paused()).toEqual(['RETENTION']);
    await core.admin.call(actionPendingJobs, { params: { job_type: 'SCHEDULER' }, body: { action: 'pause' } });
    expect((await core.admin.call(getSchedulePaused, { params: { job_type: 'all' } })).data).toEqual({ paused: true });
    await core.admin.call(actionPendingJobs, { params: { job_type: 'all' }, body: { action: 'resume' } });
    expect(await paused()).toEqual([]);
    expect((await core.admin.call(getSchedulePaused, { params: { job_type: 'all' } })).data).toEqual({ paused: false });
    await expect(
      core.admin.call(actionPendingJobs, { params: { job_type: 'no way' }, body: { action: 'pause' } }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('are done by processes that show what they do', async () => {
    const { tasks } = await start({});
    const pool = '0f3c1b5e-6a55-4f3b-9a8c-0d1d2e3f4a5b';
    await core.database.query(`insert into worker_pools (id, host, pid, concurrency) values ($1, 'here', 4711, 4)`, [
      pool,
    ]);
    await core.database.query(
      `update tasks set status = 'Running', worker_id = $2, started_at = now(), extra_attrs = '{"done": 3}' where id = $1`,
      [tasks[0], pool],
    );
    expect((await core.admin.call(getWorkerPools, {})).data).toMatchObject([{ worker_pool_id: pool, pid: 4711 }]);
    expect((await core.admin.call(getWorkers, { params: { pool_id: 'all' } })).data).toMatchObject([
      { pool_id: pool, job_name: 'test.work', job_id: String(tasks[0]), check_in: '{"done":3}' },
    ]);
    await expect(core.admin.call(getWorkers, { params: { pool_id: 'nobody' } })).rejects.toMatchObject({ status: 404 });
  });

  it('are for those who hold jobservice-monitor', async () => {
    const { client } = await core.createUser('nobody-special');
    await expect(client.call(listExecutions, {})).rejects.toMatchObject({ status: 403 });
    await expect(client.call(listSchedules, {})).rejects.toMatchObject({ status: 403 });
    await expect(
      fetch(`${core.url}/api/v2.0/events?topics=executions`, {
        headers: { authorization: basic('nobody-special', 'User-Passw0rd-of-tests') },
      }).then((response) => response.status),
    ).resolves.toBe(403);
  });

  it('are told live to who may see them', async () => {
    const { id } = await start({});
    const answer = await fetch(`${core.url}/api/v2.0/events?topics=execution:${id}`, {
      headers: { authorization: basic('admin', ADMIN_PASSWORD) },
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let heard = (await reader.read()).value ?? '';
    await core.admin.call(stopExecution, { params: { execution_id: id }, body: { status: 'Stopped' } });
    while (!heard.includes('execution.updated')) heard += (await reader.read()).value ?? '';
    await reader.cancel();
    expect(heard).toContain(`"executionId":${id}`);
    expect(heard).toContain('"status":"Stopped"');
  });
});
