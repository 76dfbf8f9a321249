import { createProject, getProject, getSystemInfo } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest, rawStatus, sendRaw } from './support/api.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

/** What a client may claim to be somebody else, or to be here by other ways. */
const CLAIMS = {
  'x-forwarded-for': '203.0.113.9',
  'x-real-ip': '203.0.113.9',
  forwarded: 'for=203.0.113.9;proto=https;host=evil.example',
  x_forwarded_for: '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
  'user-agent': 'kube-probe/1.33',
};

async function auditedAddress(core: TestCore, name: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(`${core.url}/api/v2.0/projects`, {
    method: 'POST',
    headers: { ...headers, authorization: basic('admin', ADMIN_PASSWORD), 'content-type': 'application/json' },
    body: JSON.stringify({ project_name: name }),
  });
  expect(response.status).toBe(201);
  const [row] = await core.database.query<{ address: string; status: number }>(
    `select payload -> 'audit' ->> 'clientAddress' as address, (payload -> 'audit' ->> 'status')::int as status
     from outbox_events where name = 'project.created' and payload -> 'data' ->> 'name' = $1`,
    [name],
  );
  expect(row?.status).toBe(201);
  return row?.address ?? '';
}

/** Statuses of wrong sign-ins, each said to be from another address. */
async function guesses(core: TestCore, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) {
    const response = await fetch(`${core.url}/api/v2.0/users/current`, {
      headers: { authorization: basic('victim', 'Wrong-Passw0rd'), 'x-forwarded-for': `203.0.113.${index + 1}` },
    });
    statuses.push(response.status);
  }
  return statuses;
}

const cookieOf = async (core: TestCore) =>
  (
    await fetch(`${core.url}/c/login`, {
      method: 'POST',
      headers: CLAIMS,
      body: new URLSearchParams({ principal: 'admin', password: ADMIN_PASSWORD }),
    })
  ).headers.getSetCookie()[0] ?? '';

describe('S8 without trusted proxies', () => {
  let core: TestCore;
  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  it('S8 no header changes the audited address, the cookie, the addresses in answers or the limit of guesses', async () => {
    expect(await auditedAddress(core, 'audited', CLAIMS)).toBe('127.0.0.1');
    expect(await cookieOf(core)).not.toMatch(/; secure/i);
    const challenge = await fetch(`${core.url}/v2/`, { headers: CLAIMS });
    expect(challenge.headers.get('www-authenticate')).toContain(`realm="${core.url}/service/token"`);
    expect(challenge.headers.get('strict-transport-security')).toBeNull();
    expect((await guesses(core, 12)).slice(-2)).toEqual([429, 429]);
  });

  it('gives the creator the role of a project admin, also an administrator', async () => {
    await core.admin.call(createProject, { body: { project_name: 'own' } });
    const { data } = await core.admin.call(getProject, { params: { project_name_or_id: 'own' } });
    expect(data).toMatchObject({ current_user_role_id: 1, current_user_role_ids: [1] });
  });

  it('S110 takes headers of 31 KiB and answers larger ones with 431', async () => {
    const send = (size: number) => sendRaw(core, rawRequest('GET /api/v2.0/ping', [`X-Large: ${'x'.repeat(size)}`]));
    expect(rawStatus(await send(31 * 1024))).toBe(200);
    expect(rawStatus(await send(33 * 1024))).toBe(431);
  });
});

describe('S8 behind trusted proxies', () => {
  let core: TestCore;
  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_TRUSTED_PROXIES: '127.0.0.0/8' });
  });
  afterAll(() => core.stop());

  it('S8 the address before the proxies is audited and limited, and TLS at the edge is known', async () => {
    expect(await auditedAddress(core, 'audited', CLAIMS)).toBe('203.0.113.9');
    const chain = { 'x-forwarded-for': '10.6.6.6, 198.51.100.7, 127.0.0.2' };
    expect(await auditedAddress(core, 'chained', chain)).toBe('198.51.100.7');
    expect(await cookieOf(core)).toMatch(/^__Host-.*; secure/i);
    const challenge = await fetch(`${core.url}/v2/`, { headers: CLAIMS });
    expect(challenge.headers.get('www-authenticate')).toContain(
      `realm="${core.url.replace('http:', 'https:')}/service/token"`,
    );
    const info = await core.admin.call(getSystemInfo, {});
    expect(info.data.external_url).toBe(core.url);
    expect(new Set(await guesses(core, 12))).toEqual(new Set([401]));
  });
});
