import {
  addUserGroupMember,
  createProject,
  createProjectMember,
  getUserGroup,
  listProjectMembers,
  listProjects,
  removeUserGroupMember,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

describe('user groups over the wire', () => {
  let core: TestCore;
  const ada = { name: 'ada', password: USER_PASSWORD };

  beforeAll(async () => {
    core = await startTestCore();
    await core.createUser('ada');
    await core.admin.call(createProject, { body: { project_name: 'team', metadata: { public: 'false' } } });
    await pushImage(core, { name: 'admin', password: ADMIN_PASSWORD }, 'team/app', 'v1', 'layer');
  });

  afterAll(() => core.stop());

  it('answers as Harbor does, with a Location of the new group', async () => {
    const created = await callApi(core, admin(), 'POST', '/usergroups', { group_name: 'devs', group_type: 3 });
    expect(created.status).toBe(201);
    const location = created.headers.get('location') ?? '';
    expect(location).toMatch(/\/usergroups\/[0-9]+$/);
    const path = location.slice(location.indexOf('/usergroups'));
    expect(JSON.parse((await callApi(core, admin(), 'GET', path)).text)).toMatchObject({
      group_name: 'devs',
      group_type: 3,
      ldap_group_dn: '',
    });
    const again = { group_name: 'devs', group_type: 3 };
    expect((await callApi(core, admin(), 'POST', '/usergroups', again)).status).toBe(409);
    expect((await callApi(core, admin(), 'POST', '/usergroups', { group_name: 'x', group_type: 1 })).status).toBe(400);
    const listed = await callApi(core, admin(), 'GET', '/usergroups?group_name=dev&page=1&page_size=10');
    expect(listed.headers.get('x-total-count')).toBe('1');
    expect((await callApi(core, ada, 'GET', '/usergroups')).status).toBe(403);
    expect((await callApi(core, ada, 'GET', '/usergroups/search?groupname=devs')).status).toBe(200);
    expect((await callApi(core, undefined, 'GET', '/usergroups/search?groupname=devs')).status).toBe(401);
    expect(
      (await callApi(core, admin(), 'PUT', path, JSON.parse((await callApi(core, admin(), 'GET', path)).text))).status,
    ).toBe(200);
    expect((await callApi(core, admin(), 'DELETE', path)).status).toBe(200);
    expect((await callApi(core, admin(), 'GET', path)).status).toBe(404);
  });

  it('S11 gives and takes rights by membership, for the API at once', async () => {
    const groupId = await create('makers', 4);
    await core.admin.call(createProjectMember, {
      params: { project_name_or_id: 'team' },
      body: { role_id: 2, member_group: { id: groupId } },
    });
    const client = core.client(ada);
    expect((await client.call(listProjects, {})).data).toEqual([]);
    await core.admin.call(addUserGroupMember, { params: { group_id: groupId }, body: { username: 'ada' } });
    expect((await core.admin.call(getUserGroup, { params: { group_id: groupId } })).data.member_count).toBe(1);
    const [project] = (await client.call(listProjects, {})).data;
    expect(project).toMatchObject({ name: 'team', current_user_role_id: 2, current_user_role_ids: [2] });
    await pushImage(core, ada, 'team/app', 'v2', 'second layer');
    const { data: members } = await client.call(listProjectMembers, { params: { project_name_or_id: 'team' } });
    expect(members.find((member) => member.entity_type === 'g')).toMatchObject({ entity_name: 'makers', role_id: 2 });
    const me = JSON.parse((await callApi(core, ada, 'GET', '/users/current')).text) as { user_id: number };
    const mine = await callApi(core, ada, 'GET', `/users/${me.user_id}/groups`);
    expect(JSON.parse(mine.text)).toMatchObject([{ group_name: 'makers' }]);
    await core.admin.call(removeUserGroupMember, { params: { group_id: groupId, user_id: me.user_id } });
    expect((await client.call(listProjects, {})).data).toEqual([]);
  });

  const admin = () => ({ name: 'admin', password: ADMIN_PASSWORD });
  const create = async (name: string, type: number) => {
    const answer = await callApi(core, admin(), 'POST', '/usergroups', { group_name: name, group_type: type });
    return Number((answer.headers.get('location') ?? '').split('/').at(-1));
  };
});
