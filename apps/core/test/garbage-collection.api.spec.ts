import {
  createGCSchedule,
  getGC,
  getGCHistory,
  getGCSchedule,
  stopGC,
  updateConfigurations,
  updateGCSchedule,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

describe("garbage collection on Harbor's wire", () => {
  let core: TestCore;

  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  const manual = { schedule: { type: 'Manual' as const } };

  it('starts a run by hand, one at a time, and shows and stops it', async () => {
    const body = { ...manual, parameters: { delete_untagged: false, dry_run: true, workers: 3 } };
    const { location } = await core.admin.call(createGCSchedule, { body });
    const id = Number(location?.split('/').pop());
    expect(location).toBe(`/api/v2.0/system/gc/${id}`);
    const { data } = await core.admin.call(getGC, { params: { gc_id: id } });
    expect(data).toMatchObject({
      id,
      job_name: 'GARBAGE_COLLECTION',
      job_kind: 'Manual',
      job_status: 'Pending',
      deleted: false,
    });
    expect(JSON.parse(data.job_parameters ?? '')).toEqual({ delete_untagged: false, dry_run: true, workers: 3 });
    await expect(core.admin.call(createGCSchedule, { body: manual })).rejects.toMatchObject({ status: 409 });
    await core.admin.call(stopGC, { params: { gc_id: id }, body: {} });
    const history = await core.admin.call(getGCHistory, {});
    expect(history.total).toBe(1);
    expect(history.data).toMatchObject([{ id, job_status: 'Stopped' }]);
    const ends = await core.database.query(
      `select payload -> 'data' as data from outbox_events where name = 'garbage-collection.ended'`,
    );
    expect(ends).toMatchObject([{ data: { executionId: id, status: 'Stopped' } }]);
    const log = await fetch(`${core.url}/api/v2.0/system/gc/${id}/log`, {
      headers: { authorization: basic('admin', ADMIN_PASSWORD) },
    });
    expect(log.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    await expect(core.admin.call(getGC, { params: { gc_id: 99999 } })).rejects.toMatchObject({ status: 404 });
  });

  it('keeps a schedule', async () => {
    const none = (await core.admin.call(getGCSchedule, {})).data;
    expect(none).toMatchObject({ schedule: { type: 'None', cron: '' } });
    await core.admin.call(createGCSchedule, {
      body: { schedule: { type: 'Daily', cron: '0 0 0 * * *' }, parameters: { delete_untagged: true, workers: 2 } },
    });
    const { data } = await core.admin.call(getGCSchedule, {});
    expect(data.schedule).toMatchObject({ type: 'Daily', cron: '0 0 0 * * *' });
    expect(Date.parse(data.schedule?.next_scheduled_time ?? '')).toBeGreaterThan(core.clock.now().getTime());
    expect(JSON.parse(data.job_parameters ?? '')).toMatchObject({ delete_untagged: true, dry_run: false, workers: 2 });
    await core.admin.call(updateGCSchedule, { body: { schedule: { type: 'Weekly' } } });
    expect((await core.admin.call(getGCSchedule, {})).data.schedule?.cron).toBe('0 0 0 * * 0');
    await core.admin.call(updateGCSchedule, { body: { schedule: { type: 'None', cron: '' } } });
    expect((await core.admin.call(getGCSchedule, {})).data.schedule?.type).toBe('None');
    const events = await core.database.query<{ operation: string; before: object; after: object }>(
      `select payload #>> '{audit,operation}' as operation, payload #> '{audit,before}' as before, payload #> '{audit,after}' as after
       from outbox_events where name = 'garbage-collection.scheduled' order by id`,
    );
    expect(events).toMatchObject([
      { operation: 'update', before: null, after: { kind: 'Daily', deleteUntagged: true } },
      { operation: 'update', before: { kind: 'Daily', cron: '0 0 0 * * *' }, after: { kind: 'Weekly' } },
      { operation: 'delete', before: { kind: 'Weekly' }, after: null },
    ]);
  });

  it.each([
    [{ schedule: { type: 'Custom', cron: '* * * * *' } }, 400],
    [{ schedule: { type: 'Custom', cron: '5 0 0 * * *' } }, 400],
    [{ schedule: { type: 'Custom' } }, 400],
    [{ schedule: { type: 'Yearly' } }, 422],
    [{ ...manual, parameters: { workers: 0 } }, 400],
    [{ ...manual, parameters: { workers: 11 } }, 400],
    [{ ...manual, parameters: { workers: 'many' } }, 422],
  ])('refuses %j with %i', async (body, status) => {
    await expect(core.admin.call(createGCSchedule, { body: body as never })).rejects.toMatchObject({ status });
  });

  it('collects nothing in read-only mode', async () => {
    await core.admin.call(updateConfigurations, { body: { read_only: true } });
    await expect(core.admin.call(createGCSchedule, { body: manual })).rejects.toMatchObject({ status: 412 });
    await core.admin.call(updateConfigurations, { body: { read_only: false } });
  });

  it('is for administrators', async () => {
    const { client } = await core.createUser('no-collector');
    await expect(client.call(createGCSchedule, { body: manual })).rejects.toMatchObject({ status: 403 });
    await expect(client.call(getGCHistory, {})).rejects.toMatchObject({ status: 403 });
  });
});
