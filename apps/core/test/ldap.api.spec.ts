import { createProject, createProjectMember, listUserGroups } from '@moorage/contracts';
import { describeWith, type Slapd, SLAPD_USER_PASSWORD, startSlapd } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const as = (name: string, password = SLAPD_USER_PASSWORD) => ({ name, password });

describeWith(['slapd', 'openssl'], 'a directory as source of accounts', () => {
  let core: TestCore;
  let slapd: Slapd;

  const call = (method: string, path: string, body?: unknown) => callApi(core, ADMIN, method, path, body);
  const configure = async (settings: object) => {
    const answer = await call('PUT', '/configurations', settings);
    expect([answer.status, answer.text]).toEqual([200, '']);
  };
  const whoIs = async (name: string, password?: string) => {
    const answer = await callApi(core, as(name, password), 'GET', '/users/current');
    return { status: answer.status, user: JSON.parse(answer.text) as { user_id: number; [key: string]: unknown } };
  };
  const statusOf = async (name: string, password?: string) => (await whoIs(name, password)).status;
  const groupsOf = async (name: string) => {
    const { user } = await whoIs(name);
    const answer = await callApi(core, as(name), 'GET', `/users/${user.user_id}/groups`);
    return (JSON.parse(answer.text) as { group_name: string }[]).map((group) => group.group_name).sort();
  };
  /** Lets remembered passwords and group entries grow old. */
  const forget = () => core.clock.advanceMinutes(6);

  beforeAll(async () => {
    slapd = await startSlapd({ allowsUnauthenticatedBind: true });
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    const [ada] = [await slapd.addUser('ada', { displayName: 'Ada, Countess' }), await slapd.addUser('bob')];
    await slapd.addGroup('makers', [ada]);
    await slapd.addGroup('everybody', [`cn=makers,ou=groups,${slapd.suffix}`]);
    const round = await slapd.addGroup('round-a', [ada]);
    const trip = await slapd.addGroup('round-b', [round]);
    await slapd.changeMember('add', round, trip);
    await configure({
      auth_mode: 'ldap_auth',
      ldap_url: `ldap://127.0.0.1:${slapd.port}`,
      ldap_search_dn: slapd.searchDn,
      ldap_search_password: slapd.searchPassword,
      ldap_base_dn: `ou=people,${slapd.suffix}`,
      ldap_filter: '(objectClass=inetOrgPerson)',
      ldap_uid: 'uid',
      ldap_group_base_dn: `ou=groups,${slapd.suffix}`,
      ldap_group_attribute_name: 'cn',
      ldap_group_search_filter: '(objectClass=groupOfNames)',
    });
  }, 60_000);

  afterAll(async () => {
    await core?.stop();
    await slapd?.stop();
  });

  it('LDAP-3 makes the account at the first sign-in, and local accounts go on', async () => {
    const { status, user } = await whoIs('ada');
    expect(status).toBe(200);
    expect(user).toMatchObject({ username: 'ada', email: 'ada@example.org', sysadmin_flag: false });
    expect(await statusOf('ADA')).toBe(200);
    expect(await statusOf('ada', 'wrong')).toBe(401);
    expect(await statusOf('nobody')).toBe(401);
    expect(await statusOf('admin', ADMIN_PASSWORD)).toBe(200);
    await core.createUser('local');
    expect(await statusOf('local', USER_PASSWORD)).toBe(200);
    const token = await fetch(`${core.url}/service/token?service=harbor-registry`, {
      headers: { authorization: `Basic ${Buffer.from(`ada:${SLAPD_USER_PASSWORD}`).toString('base64')}` },
    });
    expect(token.status).toBe(200);
  });

  it('LDAP-4 RBAC-2 groups of the directory give roles, also through groups, and circles end', async () => {
    expect(await groupsOf('ada')).toEqual(['makers', 'round-a']);
    await core.admin.call(createProject, { body: { project_name: 'team', metadata: { public: 'false' } } });
    await core.admin.call(createProjectMember, {
      params: { project_name_or_id: 'team' },
      body: { role_id: 3, member_group: { ldap_group_dn: `CN=everybody, ou=groups,${slapd.suffix}` } },
    });
    expect((await callApi(core, as('ada'), 'GET', '/projects/team')).status).toBe(403);
    await configure({ ldap_group_nesting: 'walk' });
    forget();
    expect(await groupsOf('ada')).toEqual(['everybody', 'makers', 'round-a', 'round-b']);
    expect((await callApi(core, as('ada'), 'GET', '/projects/team')).status).toBe(200);
    expect((await callApi(core, as('bob'), 'GET', '/projects/team')).status).toBe(403);
    // The same where entries do not name their groups.
    await configure({ ldap_group_membership_attribute: '' });
    forget();
    expect(await groupsOf('ada')).toEqual(['everybody', 'makers', 'round-a', 'round-b']);
    await configure({ ldap_group_membership_attribute: 'memberof' });
    const { data } = await core.admin.call(listUserGroups, {});
    expect(data.every((group) => group.group_type === 1 && group.ldap_group_dn !== '')).toBe(true);
  });

  it('LDAP-5 S31 the group of administrators makes one, and leaving it ends that at the next sign-in', async () => {
    await configure({ ldap_group_admin_dn: `CN=Makers,OU=groups,${slapd.suffix}` });
    forget();
    expect((await whoIs('ada')).user).toMatchObject({ admin_role_in_auth: true });
    expect((await callApi(core, as('ada'), 'GET', '/users')).status).toBe(200);
    expect((await callApi(core, as('bob'), 'GET', '/users')).status).toBe(403);
    await configure({ ldap_group_admin_dn: `cn=nobody,ou=groups,${slapd.suffix}` });
    forget();
    expect((await whoIs('ada')).user).toMatchObject({ admin_role_in_auth: false });
    expect((await callApi(core, as('ada'), 'GET', '/users')).status).toBe(403);
  });

  it('LDAP-6 tries settings that are not saved, and the saved password goes to no other address (S96)', async () => {
    const ping = async (body?: object) => {
      const answer = await call('POST', '/ldap/ping', body);
      return { status: answer.status, ...(JSON.parse(answer.text) as { success?: boolean; message?: string }) };
    };
    expect(await ping()).toMatchObject({ status: 200, success: true });
    expect(await ping({ ldap_search_password: 'wrong' })).toMatchObject({ status: 200, success: false });
    expect((await ping({ ldap_filter: '(((' })).message).toContain('filter');
    const elsewhere = { ldap_url: 'ldap://127.0.0.1:1' };
    expect((await ping(elsewhere)).status).toBe(400);
    expect(await ping({ ...elsewhere, ldap_search_password: 'x' })).toMatchObject({ status: 200, success: false });
    const test = await call('POST', '/identity-sources/test', {
      kind: 'ldap',
      ldap: { url: `ldap://127.0.0.1:${slapd.port}`, base_dn: slapd.suffix, uid: 'uid' },
    });
    const { ok, checks } = JSON.parse(test.text) as {
      ok: boolean;
      checks: { name: string; result: string; code?: string }[];
    };
    expect(checks.map(({ code }) => code)).toEqual([
      'connection-plain',
      'search-account-none',
      'users-found',
      'identifier-stable',
      'groups-unread',
    ]);
    expect(ok).toBe(true);
    expect(checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'connection warning',
      'search account warning',
      'users passed',
      'identifier passed',
      'groups skipped',
    ]);
  });

  it('LDAP-6 searches users and groups and imports, naming who failed', async () => {
    const users = JSON.parse((await call('GET', '/ldap/users/search?username=b')).text) as { username: string }[];
    expect(users).toEqual([{ username: 'bob', realname: 'bob', email: 'bob@example.org' }]);
    const groups = await call('GET', '/ldap/groups/search?groupname=maker');
    expect(JSON.parse(groups.text)).toEqual([
      { group_name: 'makers', group_type: 1, ldap_group_dn: `cn=makers,ou=groups,${slapd.suffix}` },
    ]);
    const byDn = `/ldap/groups/search?groupdn=${encodeURIComponent(`cn=makers,ou=groups,${slapd.suffix}`)}`;
    expect(JSON.parse((await call('GET', byDn)).text)).toHaveLength(1);
    expect((await call('GET', '/ldap/groups/search?groupdn=nonsense')).status).toBe(400);
    expect((await call('GET', '/ldap/groups/search')).status).toBe(400);
    await slapd.addUser('carl');
    await slapd.addUser('local');
    const imported = await call('POST', '/ldap/users/import', { ldap_uid_list: ['carl', 'ada', 'nobody', 'local'] });
    expect(imported.status).toBe(404);
    expect((JSON.parse(imported.text) as { uid: string }[]).map(({ uid }) => uid)).toEqual(['nobody', 'local']);
    expect((await call('POST', '/ldap/users/import', { ldap_uid_list: ['carl'] })).status).toBe(200);
    expect((await call('GET', '/users/search?username=carl')).text).toContain('carl');
    expect((await callApi(core, as('bob'), 'GET', '/ldap/users/search?username=a')).status).toBe(403);
    // A person of the directory is never taken for the local account of that name.
    expect(await statusOf('local')).toBe(401);
    expect(await statusOf('local', USER_PASSWORD)).toBe(200);
  });

  it('S34 what is typed never becomes a filter or a DN', async () => {
    const typed = [
      '*',
      'a*',
      ')(uid=*',
      'ada)(|(uid=*',
      '\\2a',
      '\\00',
      '#',
      ',dc=',
      '+',
      ' ada',
      'ada\u0000',
      'a'.repeat(256),
    ];
    for (const name of typed) expect([name, await statusOf(name)]).toEqual([name, 401]);
    for (const text of ['*', ')(uid=*', '\\2a']) {
      const found = await call('GET', `/ldap/users/search?username=${encodeURIComponent(text)}`);
      expect([found.status, found.text]).toEqual([200, '[]']);
    }
    expect(await statusOf('bob')).toBe(200);
  });

  it('S34 any text at all finds nobody but the one it names', async () => {
    const special = fc.constantFrom(
      '*',
      '(',
      ')',
      '\\',
      '|',
      '&',
      '=',
      '!',
      ',',
      '+',
      '#',
      '\u0000',
      ' ',
      'é',
      '2a',
      'uid',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(special, fc.string({ maxLength: 3 })), { maxLength: 8 }), async (pieces) => {
        const text = pieces.join('').replaceAll('\u0000', '');
        const found = await call('GET', `/ldap/users/search?username=${encodeURIComponent(text)}`);
        const names = (JSON.parse(found.text) as { username: string }[]).map(({ username }) => username);
        expect(found.status).toBe(200);
        const wanted = text.trim().toLowerCase();
        expect(names.filter((name) => !name.includes(wanted))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('S35 no password, spaces and NUL let nobody in, although the server would say yes', async () => {
    const client = await slapd.connect();
    await client.bind(`uid=ada,ou=people,${slapd.suffix}`, '');
    await client.unbind();
    for (const password of ['', ' ', '\u0000', `\u0000${SLAPD_USER_PASSWORD}`]) {
      expect([password, await statusOf('ada', password)]).toEqual([password, 401]);
    }
  });

  it('S35 two entries of one name are nobody', async () => {
    const client = await slapd.connect();
    await client.add(`ou=more,ou=people,${slapd.suffix}`, { objectClass: 'organizationalUnit', ou: 'more' });
    const twin = {
      objectClass: 'inetOrgPerson',
      uid: 'twin',
      cn: 'twin',
      sn: 'twin',
      userPassword: SLAPD_USER_PASSWORD,
    };
    await client.add(`uid=twin,ou=people,${slapd.suffix}`, twin);
    expect(await statusOf('twin')).toBe(200);
    forget();
    await client.add(`uid=twin,ou=more,ou=people,${slapd.suffix}`, twin);
    await client.unbind();
    expect(await statusOf('twin')).toBe(401);
  });

  it('S11 a disabled entry signs in no more, and an account disabled here neither', async () => {
    await slapd.addUser('gone', { userAccountControl: '514' });
    expect(await statusOf('gone')).toBe(401);
    await slapd.addUser('kept', { userAccountControl: '512' });
    expect(await statusOf('kept')).toBe(200);
    await core.database.query(
      `update users set is_disabled = true, credential_version = credential_version + 1 where username = 'kept'`,
    );
    expect(await statusOf('kept')).toBe(401);
  });

  it('S11 LDAP-6 import makes nobody of a disabled entry, and ends no lapse: signing in does', async () => {
    const take = async (name: string) => {
      const answer = await call('POST', '/ldap/users/import', { ldap_uid_list: [name] });
      return { status: answer.status, text: answer.text };
    };
    await slapd.addUser('retired', { userAccountControl: '514' });
    expect(await take('retired')).toMatchObject({ status: 404, text: expect.stringContaining('disabled') });
    expect((await call('GET', '/users/search?username=retired')).text).not.toContain('retired');
    await slapd.addUser('leaver', { userAccountControl: '512' });
    expect((await take('leaver')).status).toBe(200);
    const lapsed = async () =>
      (await core.database.query(`select 1 from users where username = 'leaver' and lapsed_at is not null`)).length;
    await core.database.query(
      `update users set lapsed_at = now(), credential_version = credential_version + 1 where username = 'leaver'`,
    );
    expect([(await take('leaver')).status, await lapsed()]).toEqual([200, 1]);
    expect([await statusOf('leaver'), await lapsed()]).toEqual([200, 0]);
  });

  it('a renamed entry keeps its account, and its name can be somebody else only as somebody else', async () => {
    await slapd.addUser('before');
    const { user } = await whoIs('before');
    const client = await slapd.connect();
    await client.modifyDN(`uid=before,ou=people,${slapd.suffix}`, `uid=after,ou=people,${slapd.suffix}`);
    await client.unbind();
    forget();
    expect((await whoIs('after')).user.user_id).toBe(user.user_id);
    await slapd.addUser('before');
    forget();
    expect(await statusOf('before')).toBe(401);
  });

  it('S36 StartTLS and ldaps check the certificate against the authority of the source', async () => {
    const secret = { search_dn: slapd.searchDn, search_password: slapd.searchPassword };
    const tried = async (ldap: object) => {
      const body = { kind: 'ldap', ldap: { base_dn: slapd.suffix, uid: 'uid', ...secret, ...ldap } };
      const answer = JSON.parse((await call('POST', '/identity-sources/test', body)).text) as {
        ok: boolean;
        checks: { name: string; result: string; message: string }[];
      };
      return { ok: answer.ok, first: answer.checks[0] };
    };
    const plain = `ldap://127.0.0.1:${slapd.port}`;
    const tls = `ldaps://127.0.0.1:${slapd.tlsPort}`;
    for (const ldap of [{ url: plain, start_tls: true }, { url: tls }]) {
      expect(await tried(ldap)).toMatchObject({ ok: false, first: { name: 'connection', result: 'failed' } });
      expect(await tried({ ...ldap, ca_certificate: slapd.caPem })).toMatchObject({
        ok: true,
        first: { result: 'passed' },
      });
      expect(await tried({ ...ldap, verify_cert: false })).toMatchObject({ ok: true, first: { result: 'warning' } });
    }
    expect(await tried({ url: `ldaps://127.0.0.1:${slapd.port}`, ca_certificate: slapd.caPem })).toMatchObject({
      ok: false,
    });
    await configure({ ldap_start_tls: true, ldap_ca_certificate: slapd.caPem });
    forget();
    expect(await statusOf('ada')).toBe(200);
    expect(await groupsOf('ada')).toContain('everybody');
    await configure({ ldap_start_tls: false });
  });

  it('S9 a remembered password asks the directory nothing; without it 503 is told from 401', async () => {
    expect(await statusOf('ada')).toBe(200);
    await slapd.kill();
    expect(await statusOf('ada')).toBe(200);
    expect(await statusOf('ada', 'wrong')).toBe(503);
    expect(await statusOf('never-seen')).toBe(503);
    expect(await statusOf('local', USER_PASSWORD)).toBe(200);
    expect(await statusOf('local', 'wrong')).toBe(401);
    forget();
    const away = await callApi(core, as('ada'), 'GET', '/users/current');
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).not.toBeNull();
    expect(away.text).not.toContain('127.0.0.1');
    await slapd.start();
    expect(await statusOf('ada')).toBe(200);
    expect(await statusOf('ada', 'wrong')).toBe(401);
  });
});
