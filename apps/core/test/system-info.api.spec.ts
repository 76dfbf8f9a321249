import { getHealth, getSystemInfo, getVolumes } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from './support/test-core.ts';

let core: TestCore;

beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

describe('what anyone may ask', () => {
  it('ping and versions', async () => {
    const ping = await fetch(`${core.url}/api/v2.0/ping`);
    expect([ping.status, await ping.text()]).toEqual([200, 'Pong']);
    expect(ping.headers.get('content-type')).toContain('text/plain');
    const version = await fetch(`${core.url}/api/version`);
    expect(await version.json()).toEqual({ version: 'v2.0' });
  });

  it('how to sign in, and nothing more', async () => {
    const { data } = await core.client().call(getSystemInfo, {});
    expect(data).toEqual({ auth_mode: 'db_auth', primary_auth_mode: false, self_registration: false });
  });

  it('health, without reasons', async () => {
    const { data } = await core.client().call(getHealth, {});
    // No worker runs beside this core.
    expect(data.status).toBe('unhealthy');
    expect(data.components).toContainEqual({ name: 'jobservice', status: 'unhealthy' });
    expect(data.components).toContainEqual({ name: 'registry', status: 'healthy' });
    expect(data.components).toContainEqual({ name: 'database', status: 'healthy' });
  });

  it('readiness, which needs no worker', async () => {
    expect((await fetch(`${core.url}/readyz`)).status).toBe(200);
  });
});

describe('what signed-in callers may ask', () => {
  it('facts of the installation', async () => {
    const { client } = await core.createUser('reader');
    const { data } = await client.call(getSystemInfo, {});
    expect(data).toMatchObject({
      harbor_version: expect.stringMatching(/^v2\./),
      moorage_version: expect.stringMatching(/^[0-9]+\.[0-9]+\.[0-9]+/),
      registry_storage_provider_name: 'filesystem',
      project_creation_restriction: 'everyone',
      external_url: core.url,
      registry_url: new URL(core.url).host,
    });
    await expect(client.call(getVolumes, {})).rejects.toMatchObject({ status: 403 });
  });

  it('volumes and reasons, as an administrator', async () => {
    const { data } = await core.admin.call(getVolumes, {});
    expect(data.storage[0]?.total).toBeGreaterThan(data.storage[0]?.free ?? Number.NaN);
    const { data: health } = await core.admin.call(getHealth, {});
    const jobs = health.components.find((component) => component.name === 'jobservice');
    expect(jobs?.error).toContain('no worker');
  });
});
