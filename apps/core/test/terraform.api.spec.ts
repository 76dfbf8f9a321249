import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, callApi } from './support/api.ts';
import { pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
/** Go's zero time, which Go programs write where they have none. */
const NO_TIME = '0001-01-01T00:00:00Z';

/**
 * The calls of Terraform's provider for Harbor (goharbor/terraform-provider-harbor), as its client writes them: `null` is
 * the body of every call that has none, whole structs are sent with fields that mean nothing there, ids come from
 * Location, and any status but the expected one is a failure.
 */
describe("the calls of Terraform's provider", () => {
  let core: TestCore;
  let project: string;

  const call = async (method: string, path: string, status: number, body: unknown = null): Promise<ApiAnswer> => {
    const answer = await callApi(core, ADMIN, method, path, JSON.stringify(body));
    expect([answer.status, answer.text], `${method} ${path}`).toEqual([status, expect.anything()]);
    return answer;
  };
  /** fetch cannot send a body with GET. Harbor's server, like ours, does not look at one. */
  const read = async <T = Record<string, unknown>>(path: string): Promise<T> => {
    const answer = await callApi(core, ADMIN, 'GET', path);
    expect(answer.status, path).toBe(200);
    return JSON.parse(answer.text) as T;
  };
  /** Creates and gives the address the provider keeps as its id. */
  const create = async (path: string, body: unknown): Promise<string> => {
    const location = (await call('POST', path, 201, body)).headers.get('location') ?? '';
    expect(location).toMatch(/^\/api\/v2\.0\//);
    return location.slice('/api/v2.0'.length);
  };
  const gone = async (path: string): Promise<void> => {
    await call('DELETE', path, 200);
    expect((await callApi(core, ADMIN, 'GET', path)).status).toBe(404);
  };
  const projectBody = (name: string, publicly: string, limit: number) => ({
    project_name: name,
    cve_allowlist: {},
    storage_limit: limit,
    metadata: {
      enable_content_trust: 'false',
      auto_scan: 'true',
      severity: 'low',
      reuse_sys_cve_allowlist: 'true',
      public: publicly,
      prevent_vul: 'false',
    },
  });

  beforeAll(async () => {
    core = await startTestCore();
    project = await create('/projects', projectBody('managed', 'false', -1));
    expect(project).toMatch(/^\/projects\/\d+$/);
  });
  afterAll(() => core.stop());

  // First: the kind of sign-in can be changed as long as there is nobody beside the first administrator.
  it('harbor_config_system and harbor_config_auth: what was left out in Terraform is sent as false', async () => {
    const zero = {
      oidc_verify_cert: false,
      oidc_auto_onboard: false,
      self_registration: false,
      scan_all_policy: { parameter: {} },
      read_only: false,
      quota_per_project_enable: true,
      email_insecure: false,
      email_ssl: false,
    };
    await call('PUT', '/configurations', 200, {
      ...zero,
      project_creation_restriction: 'adminonly',
      robot_token_duration: 30,
    });
    await call('PUT', '/configurations', 200, {
      ...zero,
      auth_mode: 'oidc_auth',
      oidc_name: 'sso',
      oidc_endpoint: 'https://sso.example.com',
      oidc_client_id: 'moorage',
      oidc_client_secret: 'a-secret-of-the-client',
      oidc_groups_claim: 'groups',
      oidc_scope: 'openid,email',
      oidc_verify_cert: true,
      oidc_user_claim: 'preferred_username',
    });
    expect(await read('/configurations')).toMatchObject({
      project_creation_restriction: { value: 'adminonly' },
      robot_token_duration: { value: 30 },
      auth_mode: { value: 'oidc_auth' },
      oidc_name: { value: 'sso' },
      oidc_verify_cert: { value: true },
      oidc_auto_onboard: { value: false },
      oidc_scope: { value: 'openid,email' },
    });
    await call('PUT', '/configurations', 200, { ...zero, auth_mode: 'db_auth' });
  });

  it('harbor_project: is changed, its quota too, and destroyed with what is in it', async () => {
    const id = await create('/projects', projectBody('short-lived', 'true', 5 * 2 ** 30));
    const quotas = await read<{ id: number; ref: { id: number } }[]>('/quotas/?page=1&page_size=100');
    const quota = quotas.find(({ ref }) => id === `/projects/${ref.id}`);
    await call('PUT', `/quotas/${quota?.id}`, 200, { hard: { storage: 6 * 2 ** 30 } });
    await call('PUT', id, 200, projectBody('short-lived', 'false', 6 * 2 ** 30));
    expect(await read(id)).toMatchObject({ name: 'short-lived', metadata: { public: 'false', auto_scan: 'true' } });
    await pushImage(core, ADMIN, 'short-lived/some/app', 'v1');
    await call('DELETE', id, 412);
    await call('DELETE', '/projects/short-lived/repositories/some%252Fapp', 200);
    await gone(id);
  });

  it('harbor_label', async () => {
    const body = {
      description: '',
      color: '#FFFFFF',
      deleted: false,
      scope: 'g',
      project_id: 0,
      id: 0,
      name: 'managed',
    };
    const id = await create('/labels', body);
    expect(await read(id)).toMatchObject({ name: 'managed', description: '', color: '#FFFFFF', scope: 'g' });
    await call('PUT', id, 200, { ...body, description: 'changed' });
    expect(await read(id)).toMatchObject({ description: 'changed' });
    await gone(id);
  });

  it('harbor_immutable_tag_rule', async () => {
    const rule = (pattern: string, id?: number) => ({
      ...(id === undefined ? {} : { id }),
      disabled: false,
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
      tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern }],
      action: 'immutable',
      template: 'immutable_template',
      scope: { level: '', ref: 0 },
    });
    const id = await create(`${project}/immutabletagrules`, rule('v*'));
    const number = Number(id.split('/').at(-1));
    await call('PUT', id, 200, rule('release-*', number));
    const shown = { id: number, disabled: false, tag_selectors: [{ decoration: 'matches', pattern: 'release-*' }] };
    expect(await read(`${project}/immutabletagrules`)).toMatchObject([shown]);
    await call('DELETE', id, 200);
    expect(await read(`${project}/immutabletagrules`)).toEqual([]);
  });

  it('harbor_retention_policy: an emptied policy stays and is taken over by the next apply', async () => {
    const policy = (cron: string, rules: unknown, id?: number) => ({
      ...(id === undefined ? {} : { id }),
      algorithm: 'or',
      rules,
      trigger: { kind: 'Schedule', references: {}, settings: { cron } },
      scope: { level: 'project', ref: Number(project.split('/').at(-1)) },
    });
    const rule = (params: object, template: string) => ({
      disabled: false,
      action: 'retain',
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
      tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: '**', extras: '{"untagged":true}' }],
      params,
      template,
    });
    const latest = [rule({ latestPushedK: 3 }, 'latestPushedK')];
    const id = await create('/retentions', policy('0 0 0 * * *', latest));
    const number = Number(id.split('/').at(-1));
    await call('PUT', id, 200, policy('', [rule({}, 'always'), rule({ nDaysSinceLastPull: 5 }, 'nDaysSinceLastPull')]));
    expect(await read(id)).toMatchObject({
      rules: [
        { template: 'always', params: {} },
        {
          template: 'nDaysSinceLastPull',
          params: { nDaysSinceLastPull: 5 },
          tag_selectors: [{ extras: '{"untagged":true}' }],
        },
      ],
      trigger: { settings: { cron: '' } },
      scope: { ref: Number(project.split('/').at(-1)) },
    });
    await call('PUT', id, 200, policy('', [], number));
    const { metadata } = await read<{ metadata: { retention_id: string } }>(project);
    expect(`/retentions/${metadata.retention_id}`).toBe(id);
    expect((await callApi(core, ADMIN, 'POST', '/retentions', policy('0 0 * * * *', latest))).status).toBe(409);
    await call('PUT', id, 200, policy('0 0 * * * *', latest));
    await call('PUT', id, 200, policy('', null, number));
    expect(await read(id)).toMatchObject({ rules: [] });
  });

  it('harbor_garbage_collection', async () => {
    const body = (schedule: object, parameters: object) => ({
      schedule,
      creation_time: NO_TIME,
      update_time: NO_TIME,
      parameters,
    });
    const path = '/system/gc/schedule';
    // Something is answered even without a schedule, so the provider always changes and never creates.
    await read(path);
    await call('PUT', path, 200, body({ type: 'Daily', cron: '0 0 0 * * *' }, { delete_untagged: true, workers: 2 }));
    const shown = await read<{ schedule: object; job_parameters: string }>(path);
    expect(shown.schedule).toMatchObject({ type: 'Daily', cron: '0 0 0 * * *' });
    expect(JSON.parse(shown.job_parameters)).toMatchObject({ delete_untagged: true, workers: 2 });
    await call('PUT', path, 200, body({ type: 'Custom', cron: '0 15 3 * * 1' }, { workers: 1 }));
    expect(await read(path)).toMatchObject({ schedule: { type: 'Custom', cron: '0 15 3 * * 1' } });
    await call('PUT', path, 200, body({ type: 'None' }, {}));
    expect(await read(path)).toMatchObject({ schedule: { type: 'None' } });
  });

  it('harbor_user: the whole user goes into every call', async () => {
    const user = {
      username: 'managed',
      password: 'Managed-Passw0rd',
      new_password: 'Managed-Passw0rd',
      realname: 'Managed',
      email: 'managed@example.com',
    };
    const id = await create('/users', user);
    const changed = { ...user, realname: 'Changed', sysadmin_flag: true };
    await call('PUT', id, 200, changed);
    expect(await read(id)).toMatchObject({ realname: 'Changed', sysadmin_flag: false });
    await call('PUT', `${id}/sysadmin`, 200, changed);
    await call('PUT', `${id}/password`, 200, { ...changed, new_password: 'Managed-Passw0rd-2' });
    expect(await read(id)).toMatchObject({ username: 'managed', email: user.email, sysadmin_flag: true });
    // Go leaves out what is false.
    await call('PUT', `${id}/sysadmin`, 200, user);
    expect(await read(id)).toMatchObject({ sysadmin_flag: false });
    await gone(id);
  });

  it('harbor_group and harbor_project_member_group', async () => {
    const group = await create('/usergroups', { group_name: 'managed-group', group_type: 3 });
    expect(await read(group)).toMatchObject({ group_name: 'managed-group', group_type: 3 });
    const entry = { group_type: 3, group_name: 'managed-group' };
    const member = await create(`${project}/members`, { role_id: 2, member_group: entry, member_user: {} });
    await call('PUT', member, 200, { role_id: 3, member_group: entry, member_user: {} });
    expect(await read(member)).toMatchObject({ role_id: 3, entity_name: 'managed-group', entity_type: 'g' });
    await gone(member);
    await gone(group);
  });

  it('harbor_project_member_user', async () => {
    await core.createUser('worker');
    const body = { member_group: {}, member_user: { username: 'worker' } };
    const member = await create(`${project}/members`, { role_id: 2, ...body });
    await call('PUT', member, 200, { role_id: 1, ...body });
    expect(await read(member)).toMatchObject({ role_id: 1, entity_name: 'worker', entity_type: 'u' });
    await gone(member);
  });

  it('harbor_robot_account', async () => {
    const access = [{ action: 'pull', resource: 'repository', effect: 'allow' }];
    const body = {
      name: 'managed',
      level: 'project',
      duration: -1,
      permissions: [{ access, kind: 'project', namespace: 'managed' }],
    };
    const made = await call('POST', '/robots', 201, body);
    const id = (made.headers.get('location') ?? '').slice('/api/v2.0'.length);
    await call('PATCH', `/robots/${(JSON.parse(made.text) as { id: number }).id}`, 200, {
      secret: 'Chosen-Passw0rd-1',
    });
    const robot = await read<{ name: string; permissions: unknown }>(id);
    expect(robot).toMatchObject({ name: 'robot$managed+managed', level: 'project', duration: -1, disable: false });
    expect(robot.permissions).toEqual(body.permissions);
    await call('PUT', id, 200, { ...body, name: robot.name, description: 'changed', disable: true });
    expect(await read(id)).toMatchObject({ description: 'changed', disable: true });
    await gone(id);
  });
});
