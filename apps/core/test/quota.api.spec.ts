import {
  createProject,
  listExecutions,
  listQuotaReminders,
  listQuotas,
  syncQuota,
  updateQuota,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

describe('quotas', () => {
  let core: TestCore;

  beforeAll(async () => {
    core = await startTestCore();
    await core.admin.call(createProject, { body: { project_name: 'tight', storage_limit: 10 } });
    await core.admin.call(createProject, { body: { project_name: 'roomy', storage_limit: 1_000_000 } });
  });
  afterAll(() => core.stop());

  it('are counted anew at the path of Harbor, by administrators, one run at a time (QUO-4)', async () => {
    const { client } = await core.createUser('counter');
    await expect(client.call(syncQuota, { body: {} })).rejects.toMatchObject({ status: 403 });
    await core.admin.call(syncQuota, { body: {} });
    await expect(core.admin.call(syncQuota, { body: {} })).rejects.toMatchObject({ status: 409 });
    const { data } = await core.admin.call(listExecutions, { query: { q: 'vendor_type=QUOTA_PROOF' } });
    expect(data).toMatchObject([{ trigger: 'MANUAL', created_by: 'admin' }]);
  });

  it('remind of projects that are nearly full', async () => {
    await core.admin.call(updateQuota, { params: { id: await quotaOf('tight') }, body: { hard: { storage: -1 } } });
    await pushImage(core, { name: 'admin', password: ADMIN_PASSWORD }, 'tight/app', 'v1');
    expect((await core.admin.call(listQuotaReminders, {})).data).toEqual([]);
    await core.admin.call(updateQuota, { params: { id: await quotaOf('tight') }, body: { hard: { storage: 10 } } });
    expect((await core.admin.call(listQuotaReminders, {})).data).toMatchObject([
      { project_name: 'tight', hard: { storage: 10, count: -1 }, used: { count: 1 }, full: true },
    ]);
    const { client } = await core.createUser('passer-by');
    expect((await client.call(listQuotaReminders, {})).data).toEqual([]);
  });

  async function quotaOf(name: string): Promise<number> {
    const { data } = await core.admin.call(listQuotas, { query: { q: `name=${name}` } });
    return data[0]?.id ?? 0;
  }
});
