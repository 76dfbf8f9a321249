import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { type FakeDirectory, startFakeDirectory } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

describe('a directory that misbehaves', () => {
  let core: TestCore;
  let fake: FakeDirectory;
  let contacts = 0;
  const listen = async (address: string): Promise<Server> => {
    const server = createServer((socket) => {
      contacts++;
      socket.destroy();
    });
    server.listen(0, address);
    await once(server, 'listening');
    return server;
  };
  const portOf = (server: Server): number => (server.address() as { port: number }).port;
  let referred: Server;
  let forbidden: Server;

  const call = (method: string, path: string, body?: unknown) =>
    callApi(core, { name: 'admin', password: ADMIN_PASSWORD }, method, path, body);
  const statusOf = async (name: string) =>
    (await callApi(core, { name, password: 'Secret-of-the-person1' }, 'GET', '/users/current')).status;

  beforeAll(async () => {
    referred = await listen('127.0.0.1');
    forbidden = await listen('127.0.0.2');
    fake = await startFakeDirectory(`ldap://127.0.0.1:${portOf(referred)}/dc=example,dc=org`);
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    const answer = await call('PUT', '/configurations', {
      auth_mode: 'ldap_auth',
      ldap_url: `ldap://127.0.0.1:${fake.port}`,
      ldap_search_dn: 'cn=search,dc=example,dc=org',
      ldap_search_password: 'search-password',
      ldap_base_dn: 'dc=example,dc=org',
      ldap_uid: 'uid',
      ldap_timeout: 3,
    });
    expect(answer.status).toBe(200);
  });

  afterAll(async () => {
    await core.stop();
    await fake.stop();
    referred.close();
    forbidden.close();
  });

  it('S35 lets nobody in by saying yes to every password', async () => {
    fake.search = 'nobody';
    expect(await statusOf('ada')).toBe(401);
    fake.search = 'entry without DN';
    expect(await statusOf('ada')).toBe(401);
    expect(fake.passwords).toEqual(['search-password']);
  });

  it('S36 is not followed to where it refers', async () => {
    fake.search = 'referral';
    expect(await statusOf('bob')).toBe(503);
    expect(contacts).toBe(0);
  });

  it('S36 cannot hold anybody up: silence, a closed connection and endless answers end', async () => {
    for (const search of ['silence', 'hang up', 'endless entries'] as const) {
      fake.search = search;
      expect([search, await statusOf(`of-${search.replaceAll(' ', '-')}`)]).toEqual([search, 503]);
    }
    fake.search = 'nobody';
    expect(await statusOf('carl')).toBe(401);
  });

  it('S36 gets no password when StartTLS is taken out', async () => {
    const before = fake.passwords.length;
    expect((await call('PUT', '/configurations', { ldap_start_tls: true })).status).toBe(200);
    expect(await statusOf('dora')).toBe(503);
    expect(fake.passwords.slice(before)).toEqual([]);
    const test = await call('POST', '/ldap/ping');
    expect(JSON.parse(test.text)).toMatchObject({ success: false });
    expect(test.text).toContain('StartTLS');
    expect(fake.passwords.slice(before)).toEqual([]);
  });

  it('S88 S36 is not asked at an address this installation may not call', async () => {
    const at = (address: string, server: Server) => ({
      kind: 'ldap',
      ldap: { url: `ldap://${address}:${portOf(server)}`, base_dn: 'dc=x', uid: 'uid' },
    });
    const test = await call('POST', '/identity-sources/test', at('127.0.0.2', forbidden));
    expect(JSON.parse(test.text)).toMatchObject({ ok: false, checks: [{ name: 'connection', result: 'failed' }] });
    expect(contacts).toBe(0);
    // The positive control: an allowed one is called.
    await call('POST', '/identity-sources/test', at('127.0.0.1', referred));
    expect(contacts).toBeGreaterThan(0);
  });
});
