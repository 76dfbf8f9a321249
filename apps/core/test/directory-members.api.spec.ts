import { createProject, createProjectMember, listProjectMembers } from '@moorage/contracts';
import { describeWith, type Slapd, SLAPD_USER_PASSWORD, startSlapd } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const lead = { name: 'lead', password: USER_PASSWORD };
const developer = { name: 'developer', password: USER_PASSWORD };

describeWith(['slapd', 'openssl'], 'members out of a directory', () => {
  let core: TestCore;
  let head: Slapd;
  let branch: Slapd;
  const source: Record<string, number> = {};

  const call = async (who: { name: string; password: string }, method: string, path: string, body?: unknown) => {
    const { status, text } = await callApi(core, who, method, path, body);
    return { status, text, json: text === '' ? null : (JSON.parse(text) as unknown) };
  };
  const addMember = (who: { name: string; password: string }, member: object) =>
    call(who, 'POST', '/projects/team/members', { role_id: 3, ...member });
  const members = async () => {
    const { data } = await core.admin.call(listProjectMembers, { params: { project_name_or_id: 'team' } });
    return data.map(({ entity_name }) => entity_name);
  };
  const addSource = async (name: string, slapd: Slapd) => {
    const answer = await callApi(core, ADMIN, 'POST', '/identity-sources', {
      kind: 'ldap',
      name,
      enabled: true,
      ldap: {
        url: `ldap://127.0.0.1:${slapd.port}`,
        search_dn: slapd.searchDn,
        search_password: slapd.searchPassword,
        base_dn: `ou=people,${slapd.suffix}`,
        filter: '(objectClass=inetOrgPerson)',
        uid: 'uid',
        group_base_dn: `ou=groups,${slapd.suffix}`,
        group_attribute_name: 'cn',
        group_search_filter: '(objectClass=groupOfNames)',
      },
    });
    expect([answer.status, answer.text]).toEqual([201, '']);
    source[name] = Number(answer.headers.get('location')?.split('/').pop());
  };

  beforeAll(async () => {
    [head, branch] = await Promise.all([startSlapd(), startSlapd()]);
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    const ada = await head.addUser('ada', { displayName: 'Ada, Countess' });
    await head.addUser('both');
    await branch.addUser('both');
    const emil = await branch.addUser('emil');
    for (let n = 0; n < 25; n++) await head.addUser(`crowd-${n}`);
    await head.addGroup('makers', [ada]);
    await branch.addGroup('makers', [emil]);
    await addSource('Head office', head);
    await addSource('Branch', branch);
    for (const name of ['lead', 'developer']) await core.createUser(name);
    await core.admin.call(createProject, { body: { project_name: 'team', metadata: { public: 'false' } } });
    for (const [username, role_id] of [
      ['lead', 1],
      ['developer', 2],
    ] as const) {
      await core.admin.call(createProjectMember, {
        params: { project_name_or_id: 'team' },
        body: { role_id, member_user: { username } },
      });
    }
  }, 120_000);

  afterAll(async () => {
    await core?.stop();
    await Promise.all([head?.stop(), branch?.stop()]);
  });

  it('S47 shows a project admin a few people and groups by name, and nobody else any', async () => {
    expect((await call(lead, 'GET', '/projects/team/directory/users?username=ad')).json).toEqual([
      { username: 'ada', realname: 'Ada, Countess' },
    ]);
    const groups = `/projects/team/directory/groups?groupname=maker&source_id=${source.Branch}`;
    expect((await call(lead, 'GET', groups)).json).toEqual([
      { group_name: 'makers', group_type: 1, ldap_group_dn: `cn=makers,ou=groups,${branch.suffix}` },
    ]);
    expect((await call(lead, 'GET', '/projects/team/directory/users?username=crowd')).json).toHaveLength(20);
    for (const path of [groups, '/projects/team/directory/users?username=ada']) {
      expect((await call(developer, 'GET', path)).status).toBe(403);
      expect((await call(lead, 'GET', path.replace('team', 'library'))).status).toBe(403);
      expect((await fetch(`${core.url}/api/v2.0${path}`)).status).toBe(401);
    }
    expect((await call(lead, 'GET', '/ldap/groups/search?groupname=maker')).status).toBe(403);
    for (const text of ['', 'a', '%20a%20', '*']) {
      expect([text, (await call(lead, 'GET', `/projects/team/directory/users?username=${text}`)).status]).toEqual([
        text,
        422,
      ]);
    }
    expect((await call(lead, 'GET', '/projects/team/directory/users?username=**')).json).toEqual([]);
    expect((await call(lead, 'GET', '/projects/team/directory/users?username=ada&source_id=999')).status).toBe(412);
  });

  it('PRJ-6 LDAP-3 makes somebody of a directory a member before his first sign-in', async () => {
    expect((await addMember(developer, { member_user: { username: 'ada' } })).status).toBe(403);
    expect((await call(ADMIN, 'GET', '/users/search?username=ada')).json).toEqual([]);
    expect((await addMember(lead, { member_user: { username: 'ada' } })).status).toBe(201);
    expect(await members()).toContain('ada');
    const own = { name: 'ada', password: SLAPD_USER_PASSWORD };
    expect((await call(own, 'GET', '/projects/team')).status).toBe(200);
    expect((await addMember(lead, { member_user: { username: 'ADA' } })).status).toBe(409);
    expect((await addMember(lead, { member_user: { username: 'nobody' } })).status).toBe(404);
    expect((await addMember(lead, { member_user: { username: '*' } })).status).toBe(404);
  });

  it('S31 asks which of two people of one name is meant, and never takes one for another account', async () => {
    const twice = await addMember(lead, { member_user: { username: 'both' } });
    expect([twice.status, twice.text.includes('source_id')]).toEqual([400, true]);
    const ofBranch = { member_user: { username: 'both', source_id: source.Branch } };
    expect((await addMember(lead, ofBranch)).status).toBe(201);
    const ofHead = { member_user: { username: 'both', source_id: source['Head office'] } };
    expect((await addMember(lead, ofHead)).status).toBe(409);
    await head.addUser('developer');
    const twin = { member_user: { username: 'developer', source_id: source['Head office'] } };
    expect((await addMember(lead, twin)).status).toBe(409);
    const other = { member_user: { username: 'emil', source_id: source['Head office'] } };
    expect((await addMember(lead, other)).status).toBe(404);
  });

  it('GRP-1 refuses groups of a source that cannot have them, and takes the first source for what it is', async () => {
    const dn = `cn=makers,ou=groups,${head.suffix}`;
    const group = (more: object) => addMember(lead, { member_group: { ldap_group_dn: dn, ...more } });
    const made = await call(ADMIN, 'POST', '/usergroups', { group_type: 1, ldap_group_dn: dn, source_id: 999 });
    expect([made.status, made.text.includes('source_id')]).toEqual([400, true]);
    expect((await group({ source_id: 999 })).status).toBe(400);
    const single = { group_name: 'makers', group_type: 3, source_id: source.Branch };
    expect((await addMember(lead, { member_group: single })).status).toBe(400);
    expect((await group({ source_id: source.Branch })).status).toBe(201);
    expect((await group({ source_id: source['Head office'] })).status).toBe(201);
    // The same group: the first directory's groups are kept without its id.
    expect((await group({})).status).toBe(409);
    const emil = { name: 'emil', password: SLAPD_USER_PASSWORD };
    expect((await call(emil, 'GET', '/projects/team')).status).toBe(200);
  });

  it('S13 bounds how often one account searches, wherever it asks from', async () => {
    const search = async (who: typeof lead) =>
      (await call(who, 'GET', '/projects/team/directory/users?username=ada')).status;
    core.clock.advanceMinutes(2);
    const answers: number[] = [];
    for (let n = 0; n < 61; n++) answers.push(await search(lead));
    expect([answers.slice(0, 60).every((status) => status === 200), answers[60]]).toEqual([true, 429]);
    expect(await search(ADMIN)).toBe(200);
    core.clock.advanceMinutes(2);
    expect(await search(lead)).toBe(200);
  });
});
