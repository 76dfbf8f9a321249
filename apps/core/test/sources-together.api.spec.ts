import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTunnel, type Server as Tunnel, type Socket } from 'node:net';
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
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { startSourceRooms } from './support/source-rooms.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const BRANCH_PASSWORD = 'Branch-0ffice-Passw0rd';
const PROXY_PASSWORD = 'Proxy-Passw0rd-1';
/** Eight connections for searches and eight for checking passwords (docs/features/ldap.md). */
const POOL_BOUND = 16;

/** Counts the connections that go through it to a port. */
interface CountingTunnel {
  readonly port: number;
  readonly most: () => number;
  readonly total: () => number;
  close(): void;
}

async function openTunnel(target: number): Promise<CountingTunnel> {
  const open = new Set<Socket>();
  let [most, total] = [0, 0];
  const tunnel: Tunnel = createTunnel((socket) => {
    open.add(socket);
    total++;
    most = Math.max(most, open.size);
    const onward = connect(target, '127.0.0.1');
    const end = () => {
      open.delete(socket);
      socket.destroy();
      onward.destroy();
    };
    for (const side of [socket, onward]) side.on('close', end).on('error', end);
    socket.pipe(onward).pipe(socket);
  });
  tunnel.listen(0, '127.0.0.1');
  await once(tunnel, 'listening');
  return {
    port: (tunnel.address() as { port: number }).port,
    most: () => most,
    total: () => total,
    close: () => {
      for (const socket of open) socket.destroy();
      tunnel.close();
    },
  };
}

/** An authentication proxy that knows names by their one password. */
async function startProxy(people: ReadonlyMap<string, readonly string[]>): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const reply = (status: number, value: object) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      if (request.url === '/login') {
        const [name = '', password] = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
          .toString()
          .split(':');
        const isRight = people.has(name) && password === PROXY_PASSWORD;
        return reply(isRight ? 200 : 401, isRight ? { session_id: name } : {});
      }
      const { spec } = JSON.parse(Buffer.concat(pieces).toString()) as { spec: { token: string } };
      const groups = people.get(spec.token);
      const user = { username: spec.token, uid: `uid-of-${spec.token}`, groups };
      return reply(200, { status: groups ? { authenticated: true, user } : { authenticated: false } });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` };
}

describeWith(['slapd'], 'every kind of source at once', () => {
  const secretKey = randomBytes(32);
  let core: TestCore;
  let [head, branch]: (Slapd | undefined)[] = [];
  let corp: TestIdentityProvider;
  let partner: TestIdentityProvider;
  let proxy: { server: Server; url: string };
  let tunnel: CountingTunnel;
  const source: Record<string, number> = {};

  const add = async (name: string, body: object) => {
    const answer = await callApi(core, ADMIN, 'POST', '/identity-sources', { name, enabled: true, ...body });
    expect([answer.status, answer.text]).toEqual([201, '']);
    source[name] = Number(answer.headers.get('location')?.split('/').pop());
  };
  const directory = (port: number, slapd: Slapd) => ({
    kind: 'ldap',
    ldap: {
      url: `ldap://127.0.0.1:${port}`,
      search_dn: slapd.searchDn,
      search_password: slapd.searchPassword,
      base_dn: `ou=people,${slapd.suffix}`,
      uid: 'uid',
      group_base_dn: `ou=groups,${slapd.suffix}`,
      group_attribute_name: 'cn',
      group_search_filter: '(objectClass=groupOfNames)',
    },
  });
  const provider = ({ issuer, clientId, clientSecret }: TestIdentityProvider) => ({
    kind: 'oidc',
    oidc: {
      endpoint: issuer,
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'openid,profile,email,offline_access',
      groups_claim: 'groups',
      auto_onboard: true,
      extra_redirect_parms: '{"prompt":"login"}',
    },
  });
  const statusOf = async (name: string, password: string, path = '/users/current') =>
    (await callApi(core, { name, password }, 'GET', path)).status;
  const idOf = async (name: string, password: string) => {
    const { text } = await callApi(core, { name, password }, 'GET', '/users/current');
    return (JSON.parse(text) as { user_id: number }).user_id;
  };
  const enter = async (idp: TestIdentityProvider, name: string, subject: string, claims: object = {}) => {
    idp.people.set(subject, { preferred_username: subject, ...claims });
    idp.current = subject;
    const browser = new SsoBrowser(core);
    const { url } = await browser.signIn(source[name]);
    return { browser, at: url.pathname };
  };
  const groupsOf = async (userId: number) => {
    const { text } = await callApi(core, ADMIN, 'GET', `/users/${userId}/groups`);
    return (JSON.parse(text) as { group_name: string; source_id?: number }[]).map(
      ({ group_name, source_id }) => `${group_name} of ${source_id ?? 'the first'}`,
    );
  };

  beforeAll(async () => {
    [head, branch] = await Promise.all([startSlapd(), startSlapd()]);
    tunnel = await openTunnel(head.port);
    core = await startTestCore({
      MOORAGE_PORT: String(await freePort()),
      MOORAGE_EGRESS_ALLOW: '127.0.0.1',
      MOORAGE_SECRET_KEY: secretKey.toString('hex'),
    });
    const callbacks = [`${core.url}/c/oidc/callback`];
    corp = await startTestIdentityProvider({ callbacks });
    partner = await startTestIdentityProvider({ callbacks });
    proxy = await startProxy(
      new Map([
        ['paula', ['crew']],
        ['everywhere', []],
      ]),
    );
    const hanna = await head.addUser('hanna');
    const bela = await branch.addUser('bela', { userPassword: BRANCH_PASSWORD });
    await head.addUser('everywhere');
    await branch.addUser('everywhere', { userPassword: BRANCH_PASSWORD });
    await head.addGroup('crew', [hanna]);
    await branch.addGroup('crew', [bela]);
    await core.createUser('luca');
    await add('corp', provider(corp));
    await add('partner', provider(partner));
    await add('head', directory(tunnel.port, head));
    await add('branch', directory(branch.port, branch));
    await add('gate', {
      kind: 'auth_proxy',
      auth_proxy: { endpoint: `${proxy.url}/login`, tokenreview_endpoint: `${proxy.url}/review` },
    });
  }, 120_000);

  afterAll(async () => {
    await core?.stop();
    tunnel?.close();
    proxy?.server.close();
    await Promise.all([corp?.stop(), partner?.stop(), head?.stop(), branch?.stop()]);
  });

  it('AUTH-1 lets each person in where he belongs, and nowhere else', async () => {
    expect(await statusOf('admin', ADMIN_PASSWORD)).toBe(200);
    expect(await statusOf('luca', USER_PASSWORD)).toBe(200);
    expect(await statusOf('hanna', SLAPD_USER_PASSWORD)).toBe(200);
    expect(await statusOf('bela', BRANCH_PASSWORD)).toBe(200);
    expect(await statusOf('paula', PROXY_PASSWORD)).toBe(200);
    for (const [idp, name, subject] of [
      [corp, 'corp', 'carol'],
      [partner, 'partner', 'pavel'],
    ] as const) {
      const { browser, at } = await enter(idp, name, subject);
      expect([at, (await browser.currentUser())?.username]).toEqual(['/projects', subject]);
    }
    const passwords = [USER_PASSWORD, SLAPD_USER_PASSWORD, BRANCH_PASSWORD, PROXY_PASSWORD];
    const own: Record<string, string> = {
      luca: USER_PASSWORD,
      hanna: SLAPD_USER_PASSWORD,
      bela: BRANCH_PASSWORD,
      paula: PROXY_PASSWORD,
    };
    for (const name of ['luca', 'hanna', 'bela', 'paula', 'carol', 'pavel']) {
      for (const password of passwords.filter((one) => one !== own[name])) {
        expect([name, password, await statusOf(name, password)]).toEqual([name, password, 401]);
      }
    }
  });

  it('S27 S29 S31 one name at every source is one account, of whoever came first', async () => {
    core.clock.advanceMinutes(20);
    expect(await statusOf('everywhere', SLAPD_USER_PASSWORD)).toBe(200);
    const first = await idOf('everywhere', SLAPD_USER_PASSWORD);
    expect(await statusOf('everywhere', BRANCH_PASSWORD)).toBe(401);
    expect(await statusOf('everywhere', PROXY_PASSWORD)).toBe(401);
    for (const [idp, name] of [
      [corp, 'corp'],
      [partner, 'partner'],
    ] as const) {
      const claims = { preferred_username: 'everywhere', email: 'everywhere@example.org', email_verified: true };
      const { browser, at } = await enter(idp, name, `sub-${name}`, claims);
      expect([at, await browser.currentUser()]).toEqual(['/onboard', null]);
      const chosen = await browser.send('POST', '/c/oidc/onboard', { json: { username: `everywhere-${name}` } });
      expect(chosen.status).toBe(200);
      expect((await browser.currentUser())?.user_id).not.toBe(first);
    }
    // One subject at two providers is two people.
    const same = await Promise.all([
      enter(corp, 'corp', 'same-subject', { preferred_username: 'of-corp' }),
      enter(partner, 'partner', 'same-subject', { preferred_username: 'of-partner' }),
    ]);
    const ids = await Promise.all(same.map(async ({ browser }) => (await browser.currentUser())?.user_id));
    expect(new Set(ids).size).toBe(2);
    const names = await Promise.all(same.map(async ({ browser }) => (await browser.currentUser())?.username));
    expect(names).toEqual(['of-corp', 'of-partner']);
  });

  it('GRP-1 S31 groups of one name are as many as there are sources, and give only what theirs was given', async () => {
    core.clock.advanceMinutes(20);
    const { browser } = await enter(partner, 'partner', 'pavel', { groups: ['crew'] });
    const pavel = Number((await browser.currentUser())?.user_id);
    const carol = await enter(corp, 'corp', 'carol', { groups: ['crew'] });
    const of = {
      hanna: await idOf('hanna', SLAPD_USER_PASSWORD),
      bela: await idOf('bela', BRANCH_PASSWORD),
      paula: await idOf('paula', PROXY_PASSWORD),
    };
    expect(await groupsOf(pavel)).toEqual([`crew of ${source.partner}`]);
    expect(await groupsOf(of.hanna)).toEqual(['crew of the first']);
    expect(await groupsOf(of.bela)).toEqual([`crew of ${source.branch}`]);
    expect(await groupsOf(of.paula)).toEqual(['crew of the first']);
    const make = async (path: string, body: object) =>
      expect((await callApi(core, ADMIN, 'POST', path, body)).status).toBe(201);
    await make('/projects', { project_name: 'closed', metadata: { public: 'false' } });
    await make('/projects/closed/members', {
      role_id: 3,
      member_group: { group_type: 1, ldap_group_dn: `cn=crew,ou=groups,${branch?.suffix}`, source_id: source.branch },
    });
    const open = async (by: SsoBrowser) => (await by.send('GET', '/api/v2.0/projects/closed')).status;
    expect(await statusOf('bela', BRANCH_PASSWORD, '/projects/closed')).toBe(200);
    expect(await statusOf('hanna', SLAPD_USER_PASSWORD, '/projects/closed')).toBe(403);
    expect(await statusOf('paula', PROXY_PASSWORD, '/projects/closed')).toBe(403);
    expect([await open(browser), await open(carol.browser)]).toEqual([403, 403]);
  });

  it('S33 one source that is away, or off, keeps nobody else out', async () => {
    core.clock.advanceMinutes(20);
    await branch?.kill();
    expect(await statusOf('bela', BRANCH_PASSWORD)).toBe(503);
    expect(await statusOf('hanna', SLAPD_USER_PASSWORD)).toBe(200);
    expect(await statusOf('paula', PROXY_PASSWORD)).toBe(200);
    expect(await statusOf('luca', USER_PASSWORD)).toBe(200);
    await branch?.start();
    expect(await statusOf('bela', BRANCH_PASSWORD)).toBe(200);
    const turn = async (enabled: boolean) =>
      expect((await callApi(core, ADMIN, 'PUT', `/identity-sources/${source.branch}`, { enabled })).status).toBe(200);
    await turn(false);
    expect([await statusOf('bela', BRANCH_PASSWORD), await statusOf('hanna', SLAPD_USER_PASSWORD)]).toEqual([401, 200]);
    await turn(true);
    core.clock.advanceMinutes(1);
    expect(await statusOf('bela', BRANCH_PASSWORD)).toBe(200);
  });

  it('OIDC-4 LDAP-4 S31 the worker asks directories and providers about the accounts in use, in one turn', async () => {
    core.clock.advanceMinutes(20);
    const mover = await head?.addUser('mover');
    await head?.addUser('leaver');
    const deck = await head?.addGroup('deck', [mover ?? '']);
    const people = [await idOf('mover', SLAPD_USER_PASSWORD), await idOf('leaver', SLAPD_USER_PASSWORD)];
    const { browser } = await enter(corp, 'corp', 'changes', { groups: ['deck'] });
    people.push(Number((await browser.currentUser())?.user_id));
    const before = await Promise.all(people.map(groupsOf));
    expect(before).toEqual([['deck of the first'], [], ['deck of the first']]);
    await head?.addGroup('bridge', [mover ?? '']);
    await head?.changeMember('add', deck ?? '', `uid=hanna,ou=people,${head.suffix}`);
    await head?.changeMember('delete', deck ?? '', mover ?? '');
    const client = await head?.connect();
    await client?.del(`uid=leaver,ou=people,${head?.suffix}`);
    await client?.unbind();
    corp.people.set('changes', { preferred_username: 'changes', groups: ['bridge'] });
    core.clock.advanceMinutes(13);
    const worker = await startSourceRooms(core, secretKey);
    try {
      await confirmAccountsPulse(worker.get(ConfirmationService, { strict: false })).run(new AbortController().signal);
    } finally {
      await worker.close();
    }
    expect(await Promise.all(people.map(groupsOf))).toEqual([['bridge of the first'], [], ['bridge of the first']]);
    const lapsed = await core.database.query<{ lapsed: boolean }>(
      'select lapsed_at is not null as lapsed from users where id = any($1) order by array_position($1::int[], id)',
      [people],
    );
    expect(lapsed.map((row) => row.lapsed)).toEqual([false, true, false]);
  });

  it('S13 a crowd at the door opens no more connections to a directory than the bound', async () => {
    core.clock.advanceMinutes(20);
    const names = Array.from({ length: 48 }, (_, n) => `crowd-${n}`);
    for (const name of names) await head?.addUser(name);
    const before = tunnel.total();
    const statuses = await Promise.all(names.map((name) => statusOf(name, SLAPD_USER_PASSWORD)));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(tunnel.most()).toBeLessThanOrEqual(POOL_BOUND);
    // The crowd shares connections instead of bringing its own.
    expect(tunnel.total() - before).toBeLessThanOrEqual(POOL_BOUND);
    expect(tunnel.total()).toBeGreaterThan(1);
  });
});
