import { getConfigurations, listIdentitySources, updateConfigurations } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const OIDC = { endpoint: 'https://sso.example.com', client_id: 'moorage', client_secret: 'the-client-secret' };

describe('identity sources', () => {
  let core: TestCore;

  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  const call = (method: string, path: string, body?: unknown) => callApi(core, ADMIN, method, path, body);
  const configure = async (body: object): Promise<number> => (await call('PUT', '/configurations', body)).status;
  const configurations = async () =>
    (await core.admin.call(getConfigurations, {})).data as unknown as Record<string, { value: unknown }>;

  it("AUTH-1 OIDC-1 LDAP-1 PROXY-1 answers Harbor's defaults while nothing is set", async () => {
    const now = await configurations();
    expect(now.auth_mode?.value).toBe('db_auth');
    expect(now.oidc_verify_cert?.value).toBe(true);
    expect(now.oidc_auto_onboard?.value).toBe(false);
    expect(now.oidc_extra_redirect_parms?.value).toBe('{}');
    expect(now.ldap_uid?.value).toBe('cn');
    expect(now.ldap_scope?.value).toBe(2);
    expect(now.http_authproxy_verify_cert?.value).toBe(true);
    expect(await configure({ auth_mode: 'uaa_auth' })).toBe(422);
  });

  it('AUTH-1 a mode needs its source filled in, and an update is all or nothing', async () => {
    const refused = await call('PUT', '/configurations', { auth_mode: 'oidc_auth', banner_message: 'lost' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('endpoint, client_id');
    expect((await configurations()).banner_message?.value).toBe('');
  });

  it("OIDC-1 S116 S117 Harbor's keys are the first provider's settings, the secret write-only", async () => {
    const harbor = {
      auth_mode: 'oidc_auth',
      primary_auth_mode: true,
      oidc_name: 'corp',
      oidc_endpoint: OIDC.endpoint,
      oidc_client_id: OIDC.client_id,
      oidc_client_secret: OIDC.client_secret,
      oidc_scope: 'openid,email,offline_access',
      oidc_extra_redirect_parms: '{"prompt":"login"}',
    };
    expect(await configure(harbor)).toBe(200);
    const { data } = await core.admin.call(listIdentitySources, {});
    expect(data).toMatchObject([
      {
        kind: 'oidc',
        name: 'corp',
        enabled: true,
        is_first: true,
        oidc: { client_id: 'moorage', client_secret_set: true },
      },
    ]);
    expect(data[0]?.oidc?.extra_redirect_parms).toEqual({ prompt: 'login' });
    expect((await configurations()).oidc_extra_redirect_parms?.value).toBe('{"prompt":"login"}');
    const shown = await call('GET', '/configurations');
    expect(shown.text).not.toContain('secret');
    const [row] = await core.database.query<{ settings: object; sealed: string; audit: string }>(
      `select settings, encode(sealed_secrets, 'escape') as sealed,
         (select string_agg(payload::text, ' ') from outbox_events) as audit from identity_sources`,
    );
    expect(JSON.stringify(row)).not.toContain(OIDC.client_secret);
    expect(row?.sealed).toBeTruthy();
  });

  it('tells the sign-in page of what is enabled, without signing in', async () => {
    const response = await fetch(`${core.url}/api/v2.0/signin-options`);
    expect(await response.json()).toMatchObject({
      auth_mode: 'oidc_auth',
      primary_auth_mode: true,
      sources: [{ kind: 'oidc', name: 'corp', is_first: true }],
    });
  });

  it('AUTH-2 S12 refuses another mode once there are accounts; further sources may come at any time', async () => {
    await core.createUser('first');
    const refused = await call('PUT', '/configurations', { auth_mode: 'db_auth' });
    expect([refused.status, refused.text.includes('auth_mode')]).toEqual([400, true]);
    expect(await configure({ auth_mode: 'oidc_auth', oidc_logout: true })).toBe(200);
    const second = { kind: 'oidc', name: 'Partner', oidc: { ...OIDC, endpoint: 'https://id.example.net' } };
    expect((await call('POST', '/identity-sources', second)).status).toBe(201);
    expect((await call('POST', '/identity-sources', { ...second, name: 'again' })).status).toBe(409);
    expect((await call('POST', '/identity-sources', { ...second, name: 'PARTNER' })).status).toBe(409);
    expect(
      await core
        .client({ name: 'first', password: USER_PASSWORD })
        .call(getConfigurations, {})
        .catch((e: { status: number }) => e.status),
    ).toBe(403);
  });

  it('S96 a stored secret is not used with another address', async () => {
    const { data } = await core.admin.call(listIdentitySources, {});
    const corp = data.find((source) => source.name === 'corp');
    const elsewhere = { endpoint: 'https://evil.example.org' };
    expect(await configure({ oidc_endpoint: elsewhere.endpoint })).toBe(400);
    expect((await call('PUT', `/identity-sources/${corp?.id}`, { oidc: elsewhere })).status).toBe(400);
    const draft = { kind: 'oidc', source_id: corp?.id, oidc: elsewhere };
    const tried = await call('POST', '/identity-sources/test', draft);
    expect([tried.status, tried.text.includes('client_secret')]).toEqual([400, true]);
    expect(await configure({ oidc_endpoint: `${OIDC.endpoint}/tenant` })).toBe(200);
    expect(await configure({ oidc_endpoint: elsewhere.endpoint, oidc_client_secret: 'another' })).toBe(200);
  });

  it('changes and removes a source; what is incomplete cannot be enabled', async () => {
    const created = await call('POST', '/identity-sources', {
      kind: 'ldap',
      name: 'Directory',
      enabled: false,
      ldap: {},
    });
    const path = `/identity-sources/${created.headers.get('location')?.split('/').pop()}`;
    expect((await call('PUT', path, { enabled: true })).status).toBe(400);
    expect((await call('PUT', path, { oidc: {} })).status).toBe(400);
    const ldap = { url: 'ldaps://ldap.example.com', base_dn: 'dc=example', search_password: 'pw' };
    expect((await call('PUT', path, { enabled: true, position: 3, ldap })).status).toBe(200);
    const shown = JSON.parse((await call('GET', path)).text) as object;
    expect(shown).toMatchObject({ enabled: true, position: 3, ldap: { scope: 2, search_password_set: true } });
    expect((await configurations()).ldap_url?.value).toBe(ldap.url);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('AUTH-3 the first administrator still signs in locally while the mode is that of a provider', async () => {
    expect(await core.admin.call(updateConfigurations, { body: {} }).then(() => 'in')).toBe('in');
  });
});
