import { FAKE_USER_DN, type FakeDirectory, IN_CHAIN_RULE, startFakeDirectory } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { authorization, fetchToken, pushImage, withToken } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const ADA = { name: 'ada', password: 'Passw0rd-of-ada' };
const INNER = 'cn=inner,ou=groups,dc=example,dc=com';
const OUTER = 'cn=outer,ou=groups,dc=example,dc=com';

describe('a directory is asked no more than needed', () => {
  let core: TestCore;
  let fake: FakeDirectory;

  beforeAll(async () => {
    fake = await startFakeDirectory();
    fake.search = 'active directory';
    fake.groups = [INNER, OUTER];
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    const settings = {
      auth_mode: 'ldap_auth',
      ldap_url: `ldap://127.0.0.1:${fake.port}`,
      ldap_search_dn: 'cn=search,dc=example,dc=com',
      ldap_search_password: 'search-password',
      ldap_base_dn: 'dc=example,dc=com',
      ldap_uid: 'uid',
      ldap_group_base_dn: 'ou=groups,dc=example,dc=com',
      ldap_group_attribute_name: 'cn',
      ldap_group_nesting: 'active_directory',
      ldap_group_admin_dn: 'cn=admins,ou=groups,dc=example,dc=com',
    };
    const { status, text } = await callApi(core, ADMIN, 'PUT', '/configurations', settings);
    expect([status, text]).toEqual([200, '']);
    const make = async (path: string, body: object) =>
      expect((await callApi(core, ADMIN, 'POST', path, body)).status).toBe(201);
    await make('/projects', { project_name: 'team', metadata: { public: 'false' } });
    await make('/projects/team/members', { role_id: 3, member_group: { ldap_group_dn: OUTER, group_type: 1 } });
    await pushImage(core, ADMIN, 'team/app', 'v1');
  });
  afterAll(async () => {
    await core.stop();
    await fake.stop();
  });
  beforeEach(() => {
    core.clock.advanceMinutes(20);
    fake.groups = [INNER, OUTER];
    fake.takeSearches();
  });

  /** What a container client does for one pull: challenge, token, manifest, config, layer. */
  async function pull(): Promise<number[]> {
    const challenge = await fetch(`${core.url}/v2/`);
    const { token, status } = await fetchToken(core, ADA, ['repository:team/app:pull']);
    const manifest = await withToken(core, token, 'GET', '/v2/team/app/manifests/v1');
    const { config, layers } = (await manifest.json()) as { config: { digest: string }; layers: { digest: string }[] };
    const blobs = [];
    for (const { digest } of [config, ...layers]) {
      const blob = await withToken(core, token, 'GET', `/v2/team/app/blobs/${digest}`);
      await blob.body?.cancel();
      blobs.push(blob.status);
    }
    return [challenge.status, status, manifest.status, ...blobs];
  }

  it('LDAP-4 RBAC-2 takes the groups in groups that Active Directory finds by its own rule, with one search', async () => {
    const { status, text } = await callApi(core, ADA, 'GET', '/users/current');
    expect(status).toBe(200);
    const searches = fake.takeSearches();
    expect(searches.filter((filter) => filter.includes(IN_CHAIN_RULE) && filter.includes('ou=groups'))).not.toEqual([]);
    expect(searches.every((filter) => !filter.includes(IN_CHAIN_RULE) || filter.includes(FAKE_USER_DN))).toBe(true);
    // The user, his groups, the group of administrators.
    expect(searches.length).toBeLessThanOrEqual(3);
    const { user_id: id } = JSON.parse(text) as { user_id: number };
    const groups = await callApi(core, ADA, 'GET', `/users/${id}/groups`);
    const names = (JSON.parse(groups.text) as { group_name: string }[]).map(({ group_name }) => group_name);
    expect(names.sort()).toEqual(['inner', 'outer']);
    expect((await callApi(core, ADA, 'GET', '/projects/team')).status).toBe(200);
    fake.groups = [INNER];
    core.clock.advanceMinutes(16);
    expect((await callApi(core, ADA, 'GET', '/projects/team')).status).toBe(403);
  });

  it('S9 pulls with a directory password search once, however many there are', async () => {
    expect(await pull()).toEqual([401, 200, 200, 200, 200]);
    const first = fake.takeSearches().length;
    expect(first).toBeGreaterThan(0);
    const binds = fake.passwords.length;
    for (let turn = 0; turn < 10; turn++) {
      core.clock.advanceMinutes(0.05);
      expect(await pull()).toEqual([401, 200, 200, 200, 200]);
    }
    const direct = await fetch(`${core.url}/v2/team/app/manifests/v1`, { headers: authorization(ADA) });
    expect(direct.status).toBe(200);
    expect(fake.takeSearches()).toEqual([]);
    expect(fake.passwords.length).toBe(binds);
    // Once it is forgotten the password is proven anew: that costs what the first one cost, not more.
    core.clock.advanceMinutes(2);
    await pull();
    expect(fake.takeSearches().length).toBeLessThanOrEqual(first);
  });

  it('a token once issued pulls for a quarter of an hour without a question to the directory', async () => {
    const { token } = await fetchToken(core, ADA, ['repository:team/app:pull']);
    fake.takeSearches();
    for (let minutes = 0; minutes < 14; minutes += 2) {
      expect((await withToken(core, token, 'GET', '/v2/team/app/manifests/v1')).status).toBe(200);
      core.clock.advanceMinutes(2);
    }
    expect(fake.takeSearches()).toEqual([]);
  });
});
