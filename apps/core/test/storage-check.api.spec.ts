import {
  createGCSchedule,
  createProject,
  getKeptBytes,
  getScrubState,
  listKeptBlobs,
  listStorageFindings,
  startScrub,
  startStorageScan,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

describe('what is stored', () => {
  let core: TestCore;
  const params = { project_name_or_id: 'stored' };

  beforeAll(async () => {
    core = await startTestCore();
    await core.admin.call(createProject, { body: { project_name: 'stored' } });
    await pushImage(core, { name: 'admin', password: ADMIN_PASSWORD }, 'stored/app', 'v1');
  });
  afterAll(() => core.stop());

  it('is told to the project, with why and until when', async () => {
    const { data } = await core.admin.call(getKeptBytes, { params });
    expect(data.grace_seconds).toBe(7200);
    expect(data.next_collection_time).toBeUndefined();
    expect(data.manifest_bytes).toBeGreaterThan(0);
    expect(data.reasons).toMatchObject([{ reason: 'manifest' }]);
    const blobs = await core.admin.call(listKeptBlobs, { params, query: { q: 'reason=manifest' } });
    expect(blobs.total).toBe(data.reasons[0]?.count);
    expect(blobs.data[0]).toMatchObject({ repository_name: 'stored/app', reason: 'manifest' });
    const { client } = await core.createUser('curious');
    await expect(client.call(listKeptBlobs, { params })).rejects.toMatchObject({ status: 403 });
  });

  it('goes with the next collection once nothing needs it, and it says when that is', async () => {
    await core.admin.call(createGCSchedule, { body: { schedule: { type: 'Custom', cron: '0 30 2 * * *' } } });
    await core.database.query('delete from manifest_blobs');
    await core.database.query(`update blobs set last_touched_at = now() - interval '9 days'`);
    const { data } = await core.admin.call(getKeptBytes, { params });
    expect(data.reasons).toMatchObject([{ reason: 'unneeded' }]);
    expect(data.next_collection_time).toMatch(/T02:30:00/);
    const blobs = await core.admin.call(listKeptBlobs, { params });
    expect(blobs.data[0]).toMatchObject({ reason: 'unneeded', kept_until: data.next_collection_time });
  });

  it('is checked by hand, one run at a time, by administrators', async () => {
    const { location } = await core.admin.call(startStorageScan, { body: {} });
    expect(location).toMatch(/^\/api\/v2\.0\/executions\/[0-9]+$/);
    await expect(core.admin.call(startStorageScan, { body: {} })).rejects.toMatchObject({ status: 409 });
    await core.admin.call(startScrub, { body: {} });
    expect((await core.admin.call(getScrubState, {})).data).toMatchObject({ damaged_blobs: 0, last_pass_blobs: 0 });
    expect((await core.admin.call(listStorageFindings, {})).total).toBe(0);
    const { client } = await core.createUser('no-checker');
    await expect(client.call(startScrub, { body: {} })).rejects.toMatchObject({ status: 403 });
  });
});
