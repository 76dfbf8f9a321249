import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { AppError } from '@moorage/contracts';
import { countStatements, createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANONYMOUS, type Caller } from '../src/http/index.ts';
import { PASSWORD_CHECKS_AT_ONCE } from '../src/password/index.ts';
import type { RobotIdentityService } from '../src/robot/index.ts';
import type { UserService } from '../src/user/index.ts';
import { type TestClock, testCore } from './identity-core.ts';
import type { LoginService } from '../src/login/login.service.ts';
import type { PortalLoginService } from '../src/portal-login/portal-login.service.ts';
import type { SessionLoginService } from '../src/portal-login/session-login.service.ts';

const PASSWORD = 'Correct-horse-1';
const origin = (address = '192.0.2.1') => ({ requestId: 'r', address, userAgent: 'test' });
const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`, 'utf8').toString('base64')}`;

let test: TestDatabase;
let clock: TestClock;
let login: LoginService;
let portal: PortalLoginService;
let sessions: SessionLoginService;
let users: UserService;
let count = 0;

const system = { principal: ANONYMOUS, credential: 'internal', ...origin() } satisfies Caller;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(() => {
  ({ clock, login, portal, sessions, users } = testCore(test.database));
});

async function newUser(): Promise<{ id: number; name: string }> {
  const name = `user${++count}`;
  const id = await users.create(system, {
    username: name,
    password: PASSWORD,
    email: `${name}@example.com`,
    realname: name,
  });
  return { id, name };
}

async function newRobot(robots: RobotIdentityService): Promise<{ name: string; secret: string }> {
  const [row] = await test.database.query<{ id: number; name: string }>(
    `insert into robots (name, secret_hash, duration_days, creator_type, creator_id)
     values ('ci' || $1, '\\x00', -1, 'local', 1) returning id, name`,
    [String(++count)],
  );
  const { id = 0, name = '' } = row ?? {};
  await test.database.query('update robots set secret_hash = $2 where id = $1', [id, robots.hashSecret(id, 'Secret')]);
  return { name: `robot$${name}`, secret: 'Secret' };
}

function exchange(headers: Record<string, string>, method = 'GET') {
  const request = new IncomingMessage(new Socket());
  request.method = method;
  Object.assign(request.headers, headers);
  return { request, response: new ServerResponse(request) };
}

function cookieOf(response: ServerResponse): string {
  const [header] = [response.getHeader('set-cookie')].flat();
  return String(header).split(';', 1)[0] as string;
}

async function refusal(work: Promise<unknown>): Promise<{ code: string; retryAfterSeconds?: number }> {
  return work.then(
    () => ({ code: 'none' }),
    (error: { code: string; retryAfterSeconds?: number }) => error,
  );
}

describe('Basic', () => {
  it('makes a caller of a name or an e-mail address with the right password', async () => {
    const { id, name } = await newUser();
    for (const given of [name, name.toUpperCase(), `${name}@example.com`]) {
      const caller = await login.resolveHeader(basic(given, PASSWORD), origin());
      expect(caller).toMatchObject({ credential: 'password', principal: { kind: 'user', id, username: name } });
    }
  });

  it('S6 takes the exact bytes only, and refuses above 1024 bytes', async () => {
    const password = `${'Aa1é'.repeat(24)}Z9`;
    const { id, name } = await newUser();
    await users.resetPassword(
      { ...system, principal: { kind: 'user', id: 1, username: 'admin', isSysadmin: true } },
      id,
      password,
      clock.now(),
    );
    expect((await login.resolveHeader(basic(name, password), origin())).principal).toMatchObject({ id });
    const wrong = [
      password.slice(0, 72),
      password.slice(0, -1),
      `${password} `,
      password.toLowerCase(),
      password.normalize('NFD'),
    ];
    for (const [index, secret] of wrong.entries()) {
      expect((await refusal(login.resolveHeader(basic(name, secret), origin(`192.0.2.${index + 10}`)))).code).toBe(
        'UNAUTHORIZED',
      );
    }
    expect((await refusal(login.resolveHeader(basic(name, 'x'.repeat(1025)), origin()))).code).toBe('BAD_REQUEST');
  });

  it('S5 lets ten guesses at a name through, in all processes together, and locks nobody out elsewhere', async () => {
    const { id, name } = await newUser();
    const processes = [login, testCore(test.database).login, testCore(test.database).login];
    const answers: string[] = [];
    for (let index = 0; index < 15; index++) {
      const process = processes[index % 3] as LoginService;
      answers.push((await refusal(process.resolveHeader(basic(name, `Wrong-${index}`), origin('198.51.100.7')))).code);
    }
    expect(answers).toEqual([...Array(10).fill('UNAUTHORIZED'), ...Array(5).fill('TOO_MANY_REQUESTS')]);
    const locked = await refusal(login.resolveHeader(basic(name, PASSWORD), origin('198.51.100.7')));
    expect(locked).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 900 });
    expect((await login.resolveHeader(basic(name, PASSWORD), origin('198.51.100.8'))).principal).toMatchObject({ id });
    clock.advance(901);
    expect((await login.resolveHeader(basic(name, PASSWORD), origin('198.51.100.7'))).principal).toMatchObject({ id });
  });

  it('S5 counts parallel guesses, and a spray over many names from one place', async () => {
    const { name } = await newUser();
    const parallel = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        refusal(login.resolveHeader(basic(name, `Wrong-${index}`), origin('203.0.113.1'))),
      ),
    );
    expect(parallel.filter((answer) => answer.code === 'UNAUTHORIZED')).toHaveLength(10);
    const spray: string[] = [];
    for (let index = 0; index < 65; index++) {
      spray.push(
        (await refusal(login.resolveHeader(basic(`nobody${index}`, 'Wrong-1'), origin(`2001:db8::${index}`)))).code,
      );
    }
    expect(spray.filter((code) => code === 'UNAUTHORIZED')).toHaveLength(60);
  });

  it('S13 locks nobody out by what could not be checked', async () => {
    const core = testCore(test.database);
    let isAway = true;
    core.verifiers.add({
      credential: 'source-password',
      precedence: 'source',
      noPortal: null,
      recognises: ({ name }) => (name === 'far' ? 'mine' : 'other'),
      verify: () => (isAway ? Promise.reject(new AppError('UNAVAILABLE', 'away')) : Promise.resolve(null)),
    });
    const sign = async () => (await refusal(core.login.resolveHeader(basic('far', 'Far-Passw0rd'), origin()))).code;
    for (let index = 0; index < 15; index++) expect(await sign()).toBe('UNAVAILABLE');
    isAway = false;
    const counted = [];
    for (let index = 0; index < 12; index++) counted.push(await sign());
    expect(counted).toEqual([...Array(10).fill('UNAUTHORIZED'), ...Array(2).fill('TOO_MANY_REQUESTS')]);
  });

  it('S13 refuses more passwords than can be checked before it reads or counts, and nobody else', async () => {
    const counter = countStatements(test.database);
    const core = testCore(counter.database);
    const { name } = await newUser();
    const robot = await newRobot(core.robots);
    await core.login.resolveHeader(basic(name, PASSWORD), origin());
    const ends: (() => void)[] = [];
    core.verifiers.add({
      credential: 'source-password',
      precedence: 'source',
      noPortal: null,
      recognises: (credentials) => (credentials.name.startsWith('slow') ? 'mine' : 'other'),
      verify: () => new Promise((resolve) => ends.push(() => resolve(null))),
    });
    const slow = Array.from({ length: PASSWORD_CHECKS_AT_ONCE }, (_, index) =>
      refusal(core.login.resolveHeader(basic(`slow${index}`, 'Slow-Passw0rd'), origin(`203.0.113.${index}`))),
    );
    await expect.poll(() => ends).toHaveLength(slow.length);
    counter.take();
    const refused = await refusal(core.login.resolveHeader(basic('other', 'Wrong-Passw0rd'), origin('203.0.113.250')));
    expect(refused).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 2 });
    expect(counter.take()).toBe(0);
    // Who was proven a moment ago, and whose secret is no password, come in as before.
    expect((await refusal(core.login.resolveHeader(basic(name, PASSWORD), origin()))).code).toBe('none');
    expect((await refusal(core.login.resolveHeader(basic(robot.name, robot.secret), origin()))).code).toBe('none');
    for (const end of ends) end();
    expect(new Set((await Promise.all(slow)).map(({ code }) => code))).toEqual(new Set(['UNAUTHORIZED']));
    const next = await refusal(core.login.resolveHeader(basic('other', 'Wrong-Passw0rd'), origin('203.0.113.250')));
    expect(next.code).toBe('UNAUTHORIZED');
  });

  it('S9 S11 denies the next request after a password change, a demotion of rights and a deletion', async () => {
    const { id, name } = await newUser();
    const other = testCore(test.database).login;
    const use = (process = login) => refusal(process.resolveHeader(basic(name, PASSWORD), origin()));
    expect([(await use()).code, (await use(other)).code]).toEqual(['none', 'none']);
    const admin: Caller = { ...system, principal: { kind: 'user', id: 1, username: 'admin', isSysadmin: true } };
    await users.setSysadmin(admin, id, true);
    expect((await login.resolveHeader(basic(name, PASSWORD), origin())).principal).toMatchObject({ isSysadmin: true });
    await users.resetPassword(admin, id, 'Another-horse-2', clock.now());
    expect([(await use()).code, (await use(other)).code]).toEqual(['UNAUTHORIZED', 'UNAUTHORIZED']);
    const changed = basic(name, 'Another-horse-2');
    await login.resolveHeader(changed, origin());
    await users.delete(admin, id, clock.now());
    expect((await refusal(login.resolveHeader(changed, origin()))).code).toBe('UNAUTHORIZED');
  });

  it('S4 answers an unknown name, a name that no column can hold and a wrong password alike', async () => {
    const { name } = await newUser();
    const answers = await Promise.all(
      [name, 'nobody-here', 'nul\0inside', 'robot$nobody', 'robot$library+nobody', ''].map((given) =>
        refusal(login.resolveHeader(basic(given, 'Wrong-1'), origin())),
      ),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ code: 'UNAUTHORIZED', message: (answers[0] as Error & typeof answer).message });
  });

  it('S19 refuses bearer tokens and unreadable headers', async () => {
    for (const header of [
      'Bearer abc.def.ghi',
      'Basic',
      'Basic !!!',
      'Basic Zm9v',
      'Digest x',
      `Basic ${Buffer.from([0xff, 0x3a, 0x41]).toString('base64')}`,
    ]) {
      expect((await refusal(login.resolveHeader(header, origin()))).code).toBe('UNAUTHORIZED');
    }
  });

  it('audits failed attempts with name and address', async () => {
    await refusal(login.resolveHeader(basic('audited-name', 'Wrong-1'), origin('192.0.2.99')));
    const rows = await test.database.query<{ payload: { audit: object } }>(
      `select payload from outbox_events where name = 'login.failed' and payload->'audit'->>'resource' = 'audited-name'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.payload.audit).toMatchObject({
      operation: 'login',
      succeeded: false,
      status: 401,
      clientAddress: '192.0.2.99',
    });
    expect(JSON.stringify(rows)).not.toContain('Wrong-1');
  });
});

describe('sessions', () => {
  async function signIn(name: string, headers: Record<string, string> = {}) {
    const { request, response } = exchange(headers, 'POST');
    await portal.signIn({ principal: name, password: PASSWORD }, { request, response, origin: origin() });
    return { cookie: cookieOf(response), token: String(response.getHeader('x-harbor-csrf-token')), response };
  }
  async function resolve(headers: Record<string, string>, method = 'GET') {
    const { request, response } = exchange(headers, method);
    return { caller: await login.resolve(request, response, origin()), response };
  }

  it('S38 S39 begins one with a new id, ends the former, and sets a cookie scripts cannot read', async () => {
    const { id, name } = await newUser();
    const first = await signIn(name, { cookie: `moorage-dev-sid=${'A'.repeat(43)}` });
    expect(first.response.getHeader('set-cookie')).toMatch(
      /^moorage-dev-sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const second = await signIn(name, { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect((await resolve({ cookie: first.cookie })).caller.principal.kind).toBe('anonymous');
    expect((await resolve({ cookie: second.cookie })).caller).toMatchObject({
      credential: 'session',
      principal: { id },
    });
    const stored = await test.database.query('select token_hash from sessions where user_id = $1', [id]);
    expect(JSON.stringify(stored)).not.toContain(second.cookie.split('=')[1]);
  });

  it('S37 takes an unsafe call only with the token of the same session', async () => {
    const { name } = await newUser();
    const [mine, others] = [await signIn(name), await signIn((await newUser()).name)];
    const tries: Record<string, string>[] = [
      {},
      { 'x-harbor-csrf-token': '' },
      { 'x-harbor-csrf-token': others.token },
    ];
    for (const headers of tries) {
      expect((await refusal(resolve({ cookie: mine.cookie, ...headers }, 'DELETE'))).code).toBe('CSRF_TOKEN_INVALID');
    }
    const { caller, response } = await resolve({ cookie: mine.cookie, 'x-harbor-csrf-token': mine.token }, 'DELETE');
    expect(caller.credential).toBe('session');
    expect(response.getHeader('x-harbor-csrf-token')).toBe(mine.token);
  });

  it('S37 does not sign out at the wish of another site', async () => {
    const { name } = await newUser();
    const { cookie, token } = await signIn(name);
    const { caller } = await resolve({ cookie });
    const foreign = exchange({ cookie, 'sec-fetch-site': 'cross-site' });
    expect((await refusal(sessions.signOut(caller, foreign.request, foreign.response))).code).toBe(
      'CSRF_TOKEN_INVALID',
    );
    expect((await resolve({ cookie })).caller.credential).toBe('session');
    const own = exchange({ cookie, 'x-harbor-csrf-token': token });
    await sessions.signOut(caller, own.request, own.response);
    expect(own.response.getHeader('clear-site-data')).toContain('cookies');
    expect((await resolve({ cookie })).caller.credential).toBe('none');
  });

  it('S38 ends one after an hour without a request and after twelve hours in any case', async () => {
    const { name } = await newUser();
    const idle = await signIn(name);
    clock.advance(3599);
    expect((await resolve({ cookie: idle.cookie })).caller.credential).toBe('session');
    clock.advance(3601);
    expect((await resolve({ cookie: idle.cookie })).caller.credential).toBe('none');
    const busy = await signIn(name);
    for (let hour = 0; hour < 11; hour++) {
      clock.advance(3540);
      expect((await resolve({ cookie: busy.cookie })).caller.credential).toBe('session');
    }
    clock.advance(3540);
    expect((await resolve({ cookie: busy.cookie })).caller.credential).toBe('session');
    clock.advance(721);
    expect((await resolve({ cookie: busy.cookie })).caller.credential).toBe('none');
  });

  it('S11 S12 ends every session with a password change', async () => {
    const { id, name } = await newUser();
    const [first, second] = [await signIn(name), await signIn(name)];
    const { caller } = await resolve({ cookie: first.cookie });
    expect((await refusal(users.changeOwnPassword(caller, id, 'Wrong-1', 'New-horse-33'))).code).toBe('FORBIDDEN');
    expect((await refusal(users.changeOwnPassword(caller, id, PASSWORD, PASSWORD))).code).toBe('BAD_REQUEST');
    await users.changeOwnPassword(caller, id, PASSWORD, 'New-horse-33');
    for (const { cookie } of [first, second]) expect((await resolve({ cookie })).caller.credential).toBe('none');
  });
});
