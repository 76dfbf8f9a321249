import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

describe('the served API', () => {
  let core: TestCore;

  beforeAll(async () => {
    core = await startTestCore();
  });

  afterAll(() => core.stop());

  it('serves every declared endpoint', async () => {
    const missing: string[] = [];
    for (const endpoint of ENDPOINTS) {
      const response = await fetch(core.url + examplePath(endpoint), {
        method: endpoint.method,
        headers: { authorization: basic('admin', ADMIN_PASSWORD) },
        signal: AbortSignal.timeout(60_000),
      }).catch(() => null);
      const text = await (endpoint.id === 'streamEvents' ? response?.body?.cancel() : response?.text());
      if (response?.status === 404 && text?.includes('There is nothing at this address')) missing.push(endpoint.id);
      if (response && response.status >= 500) missing.push(`${endpoint.id} answered ${response.status}`);
    }
    expect(missing).toEqual([]);
  });

  it('refuses what is not declared', async () => {
    const response = await fetch(`${core.url}/api/v2.0/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });
});

function examplePath(endpoint: Endpoint): string {
  return (
    (endpoint.base ?? '/api/v2.0') +
    endpoint.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
      name.endsWith('id') && name !== 'project_name_or_id' ? '999999' : 'example',
    )
  );
}
