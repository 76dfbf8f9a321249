import { randomBytes } from 'node:crypto';
import { ConfirmationService, confirmAccountsPulse } from '@moorage/features/identity-source';
import {
  describeWith,
  freePort,
  type Slapd,
  SLAPD_USER_PASSWORD,
  startSlapd,
  startTestIdentityProvider,
  type TestIdentityProvider,
} from '@moorage/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { authorization, type Credentials, fetchToken, pushImage, withToken } from './support/registry.ts';
import { startSourceRooms } from './support/source-rooms.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const SCOPE = 'repository:grouped/app:pull,push,delete';
const MAINTAINER = 4;

/** Begins an upload, with a token or directly. */
async function push(core: TestCore, credential: string | Credentials): Promise<number> {
  const path = '/v2/grouped/app/blobs/uploads/';
  const answer =
    typeof credential === 'string'
      ? await withToken(core, credential, 'POST', path)
      : await fetch(core.url + path, { method: 'POST', headers: authorization(credential) });
  return answer.status;
}
const pull = async (core: TestCore, token: string) =>
  (await withToken(core, token, 'GET', '/v2/grouped/app/manifests/v1')).status;
const actionsOf = async (core: TestCore, credentials: Credentials) =>
  (await fetchToken(core, credentials, [SCOPE])).access[0]?.actions;

/** A private project with an image in it, in which a group may push. */
async function makeProject(core: TestCore, member_group: object): Promise<void> {
  const make = async (path: string, body: object) =>
    expect((await callApi(core, ADMIN, 'POST', path, body)).status).toBe(201);
  await make('/projects', { project_name: 'grouped', metadata: { public: 'false' } });
  await make('/projects/grouped/members', { role_id: MAINTAINER, member_group });
  await pushImage(core, ADMIN, 'grouped/app', 'v1');
}

describe('groups of a provider decide about changes', () => {
  let core: TestCore;
  let idp: TestIdentityProvider;
  const setGroups = (subject: string, ...groups: string[]) =>
    idp.people.set(subject, { preferred_username: subject, groups });

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_PORT: String(await freePort()), MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    idp = await startTestIdentityProvider({ callbacks: [`${core.url}/c/oidc/callback`] });
    const settings = {
      auth_mode: 'oidc_auth',
      oidc_name: 'corp',
      oidc_endpoint: idp.issuer,
      oidc_client_id: idp.clientId,
      oidc_client_secret: idp.clientSecret,
      oidc_scope: 'openid,profile,email,offline_access',
      oidc_groups_claim: 'groups',
      oidc_auto_onboard: true,
      oidc_extra_redirect_parms: '{"prompt":"login"}',
    };
    expect((await callApi(core, ADMIN, 'PUT', '/configurations', settings)).status).toBe(200);
    await makeProject(core, { group_name: 'dev', group_type: 3 });
  });
  afterAll(async () => {
    await idp.stop();
    await core.stop();
  });

  /** Signs in as a person of group dev and makes a CLI secret. */
  async function cliSecretOf(subject: string): Promise<Credentials> {
    setGroups(subject, 'dev');
    idp.current = subject;
    const browser = new SsoBrowser(core);
    await browser.signIn();
    const path = `/api/v2.0/users/${String((await browser.currentUser())?.user_id)}/cli_secret`;
    const { secret } = (await (await browser.send('PUT', path, { json: {} })).json()) as { secret: string };
    return { name: subject, password: secret };
  }

  it('S22 S31 who is taken out of the group pushes no more, with the token he has', async () => {
    const { token } = await fetchToken(core, await cliSecretOf('by-token'), [SCOPE]);
    expect([await push(core, token), await pull(core, token)]).toEqual([202, 200]);
    setGroups('by-token');
    core.clock.advanceMinutes(2);
    expect(await push(core, token)).toBe(401);
    expect(await pull(core, token)).toBe(401);
  });

  it('S22 S31 nor with his secret directly, and gets no token for it', async () => {
    const cli = await cliSecretOf('by-secret');
    expect([await push(core, cli), await actionsOf(core, cli)]).toEqual([202, ['delete', 'pull', 'push']]);
    setGroups('by-secret');
    core.clock.advanceMinutes(2);
    expect(await push(core, cli)).toBe(403);
    setGroups('by-secret', 'dev');
    core.clock.advanceMinutes(2);
    expect(await push(core, cli)).toBe(202);
    setGroups('by-secret');
    core.clock.advanceMinutes(2);
    expect(await actionsOf(core, cli)).toEqual([]);
  });

  it('OIDC-4 who is let into the group need not wait for a quarter of an hour', async () => {
    const cli = await cliSecretOf('let-in');
    setGroups('let-in');
    core.clock.advanceMinutes(2);
    expect(await actionsOf(core, cli)).toEqual([]);
    setGroups('let-in', 'dev');
    core.clock.advanceMinutes(2);
    const pulled = await fetchToken(core, cli, ['repository:grouped/app:pull']);
    expect(pulled.access[0]?.actions).toEqual(['pull']);
  });

  it('S31 changes by the API with the secret are decided by what the provider says now', async () => {
    const cli = await cliSecretOf('by-api');
    const tag = (name: string) =>
      callApi(core, cli, 'POST', '/projects/grouped/repositories/app/artifacts/v1/tags', { name });
    expect((await tag('one')).status).toBe(201);
    setGroups('by-api');
    core.clock.advanceMinutes(2);
    expect((await tag('two')).status).toBe(403);
  });

  it('pulls ask the provider nothing, and do not go on for longer than a quarter of an hour', async () => {
    const { token } = await fetchToken(core, await cliSecretOf('puller'), [SCOPE]);
    const before = idp.requests.length;
    setGroups('puller');
    for (let turn = 0; turn < 6; turn++) {
      core.clock.advanceMinutes(2);
      expect(await pull(core, token)).toBe(200);
    }
    expect(idp.requests.slice(before)).toEqual([]);
    core.clock.advanceMinutes(4);
    // This look is the one that finds the sixteen minutes; nobody waits for the answer.
    await pull(core, token);
    await expect
      .poll(async () => {
        core.clock.advanceMinutes(0.1);
        return pull(core, token);
      })
      .toBe(401);
  });
});

describe('accounts in use are asked about before anybody has to wait', () => {
  const secretKey = randomBytes(32);
  let core: TestCore;
  let idp: TestIdentityProvider;
  let worker: INestApplicationContext;

  beforeAll(async () => {
    core = await startTestCore({
      MOORAGE_PORT: String(await freePort()),
      MOORAGE_EGRESS_ALLOW: '127.0.0.1',
      MOORAGE_SECRET_KEY: secretKey.toString('hex'),
    });
    idp = await startTestIdentityProvider({ callbacks: [`${core.url}/c/oidc/callback`] });
    const oidc = {
      endpoint: idp.issuer,
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
      scope: 'openid,profile,email,offline_access',
      groups_claim: 'groups',
      auto_onboard: true,
      extra_redirect_parms: '{"prompt":"login"}',
    };
    const source = { kind: 'oidc', name: 'corp', oidc };
    expect((await callApi(core, ADMIN, 'POST', '/identity-sources', source)).status).toBe(201);
    worker = await startSourceRooms(core, secretKey);
  });
  afterAll(async () => {
    await worker.close();
    await idp.stop();
    await core.stop();
  });

  const pulse = async () => {
    const before = idp.requests.length;
    await confirmAccountsPulse(worker.get(ConfirmationService, { strict: false })).run(new AbortController().signal);
    return idp.requests.slice(before);
  };
  const enter = async (subject: string) => {
    idp.people.set(subject, { preferred_username: subject, groups: ['dev'] });
    idp.current = subject;
    const browser = new SsoBrowser(core);
    await browser.signIn();
    return Number((await browser.currentUser())?.user_id);
  };
  const groupsOf = async (id: number) => {
    const { text } = await callApi(core, ADMIN, 'GET', `/users/${id}/groups`);
    return (JSON.parse(text) as { group_name: string }[]).map(({ group_name }) => group_name);
  };

  it('OIDC-4 S31 by the worker, at the provider itself, and no others than those', async () => {
    const [stays, leaves, gone] = [await enter('stays'), await enter('leaves'), await enter('gone')];
    expect(await pulse()).toEqual([]);
    idp.people.set('leaves', { preferred_username: 'leaves', groups: ['ops'] });
    idp.people.delete('gone');
    core.clock.advanceMinutes(13);
    expect((await pulse()).filter((request) => request === 'POST /token')).toHaveLength(3);
    expect([await groupsOf(stays), await groupsOf(leaves), await groupsOf(gone)]).toEqual([['dev'], ['ops'], []]);
    const rows = await core.database.query<{ id: number; lapsed: boolean }>(
      'select id, lapsed_at is not null as lapsed from users where id = any($1) order by id',
      [[stays, leaves, gone]],
    );
    expect(rows.map(({ lapsed }) => lapsed)).toEqual([false, false, true]);
    // Each is asked about once; and nobody is asked about whom nobody has used for an hour.
    expect(await pulse()).toEqual([]);
    core.clock.advanceMinutes(70);
    expect(await pulse()).toEqual([]);
  });
});

describeWith(['slapd'], 'groups of a directory decide about changes', () => {
  let core: TestCore;
  let slapd: Slapd;
  let group: string;
  let person: string;
  const who = { name: 'ada', password: SLAPD_USER_PASSWORD };

  beforeAll(async () => {
    slapd = await startSlapd();
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    person = await slapd.addUser('ada');
    group = await slapd.addGroup('makers', [person, await slapd.addUser('bob')]);
    const settings = {
      auth_mode: 'ldap_auth',
      ldap_url: `ldap://127.0.0.1:${slapd.port}`,
      ldap_search_dn: slapd.searchDn,
      ldap_search_password: slapd.searchPassword,
      ldap_base_dn: `ou=people,${slapd.suffix}`,
      ldap_uid: 'uid',
      ldap_group_base_dn: `ou=groups,${slapd.suffix}`,
      ldap_group_attribute_name: 'cn',
      ldap_group_search_filter: '(objectClass=groupOfNames)',
    };
    expect((await callApi(core, ADMIN, 'PUT', '/configurations', settings)).status).toBe(200);
    await makeProject(core, { ldap_group_dn: group, group_type: 1 });
  });
  afterAll(async () => {
    await core?.stop();
    await slapd?.stop();
  });

  it('S22 S31 who is taken out of the group pushes no more, with the token he has', async () => {
    const { token } = await fetchToken(core, who, [SCOPE]);
    expect([await push(core, token), await pull(core, token)]).toEqual([202, 200]);
    await slapd.changeMember('delete', group, person);
    core.clock.advanceMinutes(2);
    expect(await push(core, token)).toBe(401);
    expect(await actionsOf(core, who)).toEqual([]);
    await slapd.changeMember('add', group, person);
    core.clock.advanceMinutes(2);
    expect(await actionsOf(core, who)).toEqual(['delete', 'pull', 'push']);
  });
});
