import { createPublicKey, generateKeyPairSync, createHmac, randomBytes, sign } from 'node:crypto';
import { Secret } from '@moorage/config';
import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessAuthority } from '../src/access/index.ts';
import { AccessStore } from '../src/access/access.store.ts';
import { ANONYMOUS, type Caller } from '../src/http/index.ts';
import type { RegistryNeed } from '../src/token/index.ts';
import { LiveRights } from '../src/token/live-rights.ts';
import { RefreshTokenService } from '../src/token/refresh-token.service.ts';
import { RefreshTokenStore } from '../src/token/refresh-token.store.ts';
import { type GateAnswer, RegistryGate } from '../src/token/registry-gate.ts';
import { RequestLimiter } from '../src/token/request-limiter.ts';
import { SigningKeyService } from '../src/token-key/signing-key.service.ts';
import { SigningKeyStore } from '../src/token-key/signing-key.store.ts';
import { TokenIssuer } from '../src/token/token-issuer.ts';
import { TokenService } from '../src/token/token.service.ts';
import { TokenVerifier } from '../src/token/token-verifier.ts';
import { PlainAddress, TestClock, type TestCore, testCore } from './identity-core.ts';

const PASSWORD = 'Correct-horse-1';
const ADMIN_PASSWORD = 'Admin-horse-11';
const SERVICE = 'harbor-registry';
const origin = { requestId: 'r', address: '192.0.2.1', userAgent: 'test' };
const nobody: Caller = { principal: ANONYMOUS, credential: 'none', ...origin };
const adminCaller: Caller = {
  principal: { kind: 'user', id: 1, username: 'admin', isSysadmin: true },
  credential: 'password',
  ...origin,
};
const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown> & {
    access: { type: string; name: string; actions: string[]; pid?: number }[];
  };

let test: TestDatabase;
let clock: TestClock;
let core: ReturnType<typeof tokenCore>;
let developer: { id: number; name: string };
let count = 0;

function tokenCore(time: TestClock, identity: TestCore = testCore(test.database, time)) {
  const { keys, settings, passwords, identities, login, robots } = identity;
  const authority = new AccessAuthority(new AccessStore(test.database));
  const signingKeys = new SigningKeyService(new SigningKeyStore(test.database), keys, settings, time);
  const issuer = new TokenIssuer(signingKeys, authority, settings, time);
  const refresh = new RefreshTokenService(new RefreshTokenStore(test.database), identities, time);
  const rights = new LiveRights(identities, authority, settings, time);
  const verifier = new TokenVerifier(signingKeys, time, settings);
  return {
    ...identity,
    signingKeys,
    verifier,
    tokens: new TokenService(issuer, refresh, passwords, login, new RequestLimiter(settings, time), settings),
    gate: new RegistryGate(verifier, rights, login, robots, authority, new PlainAddress()),
  };
}

async function newUser(): Promise<{ id: number; name: string }> {
  const name = `token-user${++count}`;
  const email = `${name}@example.com`;
  const id = await core.users.create(adminCaller, { username: name, password: PASSWORD, email, realname: name });
  return { id, name };
}

async function newProject(name: string, isPublic: boolean): Promise<number> {
  const rows = await test.database.query<{ id: number }>(
    'insert into projects (name, owner_id, is_public) values ($1, 1, $2) returning id',
    [name, isPublic],
  );
  return (rows[0] as { id: number }).id;
}

async function setRole(projectId: number, userId: number, roleId: number | null): Promise<void> {
  await test.database.query('delete from project_members where project_id = $1 and entity_id = $2', [
    projectId,
    userId,
  ]);
  if (roleId === null) return;
  await test.database.query(
    `insert into project_members (project_id, entity_type, entity_id, role_id) values ($1, 'u', $2, $3)`,
    [projectId, userId, roleId],
  );
}

async function callerOf(name: string, secret = PASSWORD): Promise<Caller> {
  return core.login.resolveHeader(basic(name, secret), origin);
}

async function tokenFor(caller: Caller, ...scope: string[]): Promise<string> {
  return (await core.tokens.issue(caller, { service: SERVICE, scope })).token;
}

function ask(token: string, need: RegistryNeed): Promise<GateAnswer> {
  return Promise.resolve(core.gate.decide({ authorization: `Bearer ${token}`, host: undefined, origin, need }));
}

const pull = (name: string): RegistryNeed => ({ kind: 'repository', name, action: 'pull' });
const push = (name: string): RegistryNeed => ({ kind: 'repository', name, action: 'push' });

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
}

let pub: number;
let priva: number;
let privb: number;

beforeAll(async () => {
  test = await createTestDatabase();
  core = tokenCore(new TestClock());
  await core.users.ensureFirstAdmin(new Secret(ADMIN_PASSWORD));
  [pub, priva, privb] = [
    await newProject('pub', true),
    await newProject('priva', false),
    await newProject('privb', false),
  ];
});
afterAll(() => test.close());
beforeEach(async () => {
  clock = new TestClock();
  core = tokenCore(clock);
  developer = await newUser();
  await setRole(priva, developer.id, 2);
});

describe('token service', () => {
  it('S17 grants what is both asked for and allowed, once a name, sorted', async () => {
    const caller = await callerOf(developer.name);
    const token = await tokenFor(
      caller,
      'repository:priva/x:push,pull,delete repository:privb/x:pull,push',
      'repository:pub/y:*',
      'repository(plugin):priva/x:pull',
      'repository:absent/z:pull',
      'registry:catalog:*',
      'artifact:priva/x:pull',
      'repository:privA/x:pull',
      'repository:*:*',
      'repository:priva/x:shell',
    );
    expect(claimsOf(token).access).toEqual([
      { type: 'registry', name: 'catalog', actions: [] },
      { type: 'repository', name: 'absent/z', actions: [] },
      { type: 'repository', name: 'priva/x', actions: ['pull', 'push'], pid: priva },
      { type: 'repository', name: 'privb/x', actions: [] },
      { type: 'repository', name: 'pub/y', actions: ['pull'], pid: pub },
    ]);
  });

  it('gives the claims registries read, and an answer every client reads (K6)', async () => {
    const caller = await callerOf(developer.name);
    const answer = await core.tokens.issue(caller, { service: SERVICE, scope: ['repository:priva/x:pull'] });
    expect(answer).toMatchObject({
      access_token: answer.token,
      expires_in: 1800,
      issued_at: clock.now().toISOString(),
    });
    const now = clock.now().getTime() / 1000;
    expect(claimsOf(answer.token)).toMatchObject({
      iss: 'moorage-token-issuer',
      aud: SERVICE,
      sub: developer.name,
      iat: now,
      nbf: now,
      exp: now + 1800,
    });
    expect(answer).not.toHaveProperty('refresh_token');
  });

  it('gives system administrators everything, the catalog too', async () => {
    const caller = await callerOf('admin', ADMIN_PASSWORD);
    const token = await tokenFor(caller, 'registry:catalog:* repository:privb/x:pull,push,delete');
    expect((await ask(token, { kind: 'catalog' })).allowed).toBe(true);
    for (const action of ['pull', 'push', 'delete'] as const) {
      expect(await ask(token, { kind: 'repository', name: 'privb/x', action })).toMatchObject({
        allowed: true,
        projectId: privb,
      });
    }
  });

  it('S21 gives anyone pull on public projects only, and tells nothing of the others', async () => {
    const token = await tokenFor(
      nobody,
      'repository:pub/x:pull,push repository:priva/x:pull repository:absent/x:pull registry:catalog:*',
    );
    expect(claimsOf(token).access.map(({ name, actions, pid }) => [name, actions, pid])).toEqual([
      ['catalog', [], undefined],
      ['absent/x', [], undefined],
      ['priva/x', [], undefined],
      ['pub/x', ['pull'], pub],
    ]);
    expect(await ask(token, pull('pub/x'))).toMatchObject({ allowed: true, projectId: pub });
    const answers = [await ask(token, pull('priva/x')), await ask(token, pull('absent/x'))];
    expect(JSON.stringify(answers[0]).replaceAll('priva', '')).toBe(
      JSON.stringify(answers[1]).replaceAll('absent', ''),
    );
    expect(await refusal(core.tokens.issue(nobody, { service: SERVICE }))).toBe('UNAUTHORIZED');
  });

  it('S21 gives no anonymous token at all when anonymous access is off, and ends those there are', async () => {
    const token = await tokenFor(nobody, 'repository:pub/x:pull');
    await core.settings.update(adminCaller, { anonymous_access: false });
    try {
      expect(await refusal(tokenFor(nobody, 'repository:pub/x:pull'))).toBe('UNAUTHORIZED');
      clock.advance(6);
      expect((await ask(token, pull('pub/x'))).allowed).toBe(false);
    } finally {
      await core.settings.update(adminCaller, { anonymous_access: true });
    }
  });

  it('S16 S17 refuses other services, and more than 50 scopes', async () => {
    for (const service of ['', 'Harbor-Registry', 'moorage-internal', 'harbor-registry ']) {
      expect(await refusal(core.tokens.issue(nobody, { service, scope: ['repository:pub/x:pull'] }))).toBe(
        'BAD_REQUEST',
      );
    }
    const scope = [Array.from({ length: 51 }, (_, index) => `repository:pub/x${index}:pull`).join(' ')];
    expect(await refusal(core.tokens.issue(nobody, { service: SERVICE, scope }))).toBe('BAD_REQUEST');
  });

  it('S23 takes no session for a credential', async () => {
    const caller: Caller = { ...(await callerOf(developer.name)), credential: 'session' };
    expect(await refusal(core.tokens.issue(caller, { service: SERVICE }))).toBe('UNAUTHORIZED');
    expect(claimsOf(await tokenFor(caller, 'repository:priva/x:pull')).access[0]?.actions).toEqual([]);
  });
});

describe('gate', () => {
  it('K1 K2 challenges with realm, service and the scope that is needed', async () => {
    const decide = (need: RegistryNeed, authorization?: string) =>
      core.gate.decide({ authorization, host: 'registry.example', origin, need });
    const head = 'Bearer realm="http://127.0.0.1:8080/service/token",service="harbor-registry"';
    expect(await decide({ kind: 'ping' })).toMatchObject({ status: 401, challenge: head });
    expect(await decide(push('a/b'))).toMatchObject({ challenge: `${head},scope="repository:a/b:pull,push"` });
    expect(await decide({ ...push('a/b'), mountFrom: 'c/d' } as RegistryNeed)).toMatchObject({
      challenge: `${head},scope="repository:a/b:pull,push repository:c/d:pull"`,
    });
    expect(await decide({ kind: 'catalog' }, 'Bearer x')).toMatchObject({
      challenge: `${head},scope="registry:catalog:*",error="invalid_token"`,
    });
    const token = await tokenFor(await callerOf(developer.name), 'repository:priva/x:pull,push');
    expect(await ask(token, { kind: 'repository', name: 'priva/x', action: 'delete' })).toMatchObject({
      challenge: `${head},scope="repository:priva/x:delete",error="insufficient_scope"`,
    });
  });

  it('takes a token sent again without any statement', async () => {
    const token = await tokenFor(await callerOf(developer.name), 'repository:priva/x:pull');
    await ask(token, pull('priva/x'));
    const answer = core.gate.decide({
      authorization: `Bearer ${token}`,
      host: undefined,
      origin,
      need: pull('priva/x'),
    });
    expect(answer).toMatchObject({ allowed: true, projectId: priva, caller: { credential: 'registry-token' } });
  });

  it('S22 K14 ends what a token allows within five seconds of the right being taken away', async () => {
    const token = await tokenFor(await callerOf(developer.name), 'repository:priva/x:pull,push');
    expect((await ask(token, push('priva/x'))).allowed).toBe(true);
    await setRole(priva, developer.id, 3);
    clock.advance(5);
    expect([(await ask(token, push('priva/x'))).allowed, (await ask(token, pull('priva/x'))).allowed]).toEqual([
      false,
      true,
    ]);
    await setRole(priva, developer.id, null);
    clock.advance(5);
    expect((await ask(token, pull('priva/x'))).allowed).toBe(false);
  });

  it('knows a right that was given a moment ago, whatever it remembers', async () => {
    await setRole(priva, developer.id, 3);
    const caller = await callerOf(developer.name);
    const weak = await tokenFor(caller, 'repository:priva/x:pull,push');
    expect((await ask(weak, pull('priva/x'))).allowed).toBe(true);
    await setRole(priva, developer.id, 2);
    clock.advance(0.001);
    expect((await ask(await tokenFor(caller, 'repository:priva/x:pull,push'), push('priva/x'))).allowed).toBe(true);
  });

  it('S11 ends tokens with the credentials they came from', async () => {
    const token = await tokenFor(await callerOf(developer.name), 'repository:pub/x:pull');
    expect((await ask(token, pull('pub/x'))).allowed).toBe(true);
    await core.users.resetPassword(adminCaller, developer.id, 'Another-horse-2', core.clock.now());
    clock.advance(5);
    expect(await ask(token, pull('pub/x'))).toMatchObject({
      allowed: false,
      challenge: expect.stringContaining('invalid_token'),
    });
  });

  it('S20 S60 takes a token for a deleted project nowhere, also when the name is used again', async () => {
    const id = await newProject('again', false);
    const caller = await callerOf('admin', ADMIN_PASSWORD);
    const token = await tokenFor(caller, 'repository:again/x:pull,push');
    const other = await tokenFor(caller, 'repository:priva/x:pull,push repository:again/x:pull');
    expect((await ask(token, push('again/x'))).allowed).toBe(true);
    await test.database.query('update projects set deleted_at = now() where id = $1', [id]);
    await newProject('again', false);
    clock.advance(5);
    expect((await ask(token, pull('again/x'))).allowed).toBe(false);
    const mount = await ask(other, { ...push('priva/x'), mountFrom: 'again/x' } as RegistryNeed);
    expect(mount).toMatchObject({ allowed: true, projectId: priva });
    expect(mount).not.toHaveProperty('mountProjectId');
  });

  it('M4 lets a mount read its source only with pull there, and asks for it when the token never did', async () => {
    await setRole(priva, developer.id, 2);
    await setRole(privb, developer.id, 3);
    const scopes = ['repository:priva/x:pull,push', 'repository:privb/y:pull', 'repository:absent/z:pull'];
    const token = await tokenFor(await callerOf(developer.name), ...scopes);
    const mountFrom = (name: string) => ask(token, { ...push('priva/x'), mountFrom: name } as RegistryNeed);
    expect(await mountFrom('privb/y')).toMatchObject({ allowed: true, mountProjectId: privb });
    const refused = await mountFrom('absent/z');
    expect(refused).toMatchObject({ allowed: true, projectId: priva });
    expect(refused).not.toHaveProperty('mountProjectId');
    expect(await mountFrom('privb/other')).toMatchObject({
      allowed: false,
      status: 401,
      challenge: expect.stringContaining(
        'scope="repository:priva/x:pull,push repository:privb/other:pull",error="insufficient_scope"',
      ),
    });
    // No token could ever name these, so there is nothing to ask for.
    for (const name of ['privb', 'Privb/y', 'privb//y', '"']) {
      expect(await mountFrom(name)).toMatchObject({ allowed: true });
      expect(await mountFrom(name)).not.toHaveProperty('mountProjectId');
    }
  });

  it('S23 takes Basic with the same rights as a token', async () => {
    const by = (name: string, secret: string, need: RegistryNeed) =>
      Promise.resolve(core.gate.decide({ authorization: basic(name, secret), host: undefined, origin, need }));
    expect(await by(developer.name, PASSWORD, { kind: 'ping' })).toMatchObject({ allowed: true });
    expect(await by(developer.name, PASSWORD, push('priva/x'))).toMatchObject({ allowed: true, projectId: priva });
    const refused = [
      await by(developer.name, PASSWORD, pull('privb/x')),
      await by(developer.name, PASSWORD, pull('absent/x')),
    ];
    expect(refused[0]).toMatchObject({ status: 403 });
    expect(refused[0]).toEqual(refused[1]);
    expect(await by(developer.name, PASSWORD, { kind: 'repository', name: 'priva/x', action: 'delete' })).toMatchObject(
      { status: 403 },
    );
    expect(await by(developer.name, PASSWORD, { kind: 'catalog' })).toMatchObject({ status: 403 });
    expect(await by(developer.name, 'Wrong-1', pull('pub/x'))).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('Bearer'),
    });
  });
});

describe('verifier', () => {
  const encode = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

  it('S14 S15 refuses other algorithms, types, keys and spellings', async () => {
    const token = await tokenFor(await callerOf(developer.name), 'repository:priva/x:pull');
    expect(await core.verifier.verify(token)).not.toBeNull();
    const [head = '', body = '', mac = ''] = token.split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
    const key = await core.signingKeys.current();
    const spki = createPublicKey(key.publicKey.export({ format: 'pem', type: 'spki' }));
    const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const es256 = (data: string, privateKey = foreign.privateKey) =>
      sign('sha256', Buffer.from(data), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    const hmac = (data: string, secret: string | Buffer) =>
      createHmac('sha256', secret).update(data).digest('base64url');
    const mutants: string[] = [];
    for (const alg of ['none', 'None', 'nOnE', 'HS256', 'ES384', 'RS256', 'PS256', '', null, ['ES256']]) {
      const data = `${encode({ ...header, alg })}.${body}`;
      mutants.push(`${data}.`, `${data}.${mac}`);
      for (const secret of [
        spki.export({ format: 'pem', type: 'spki' }),
        spki.export({ format: 'der', type: 'spki' }),
        JSON.stringify(spki.export({ format: 'jwk' })),
        '',
        ' '.repeat(32),
      ])
        mutants.push(`${data}.${hmac(data, secret)}`);
    }
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    const heads: unknown[] = [
      { ...header, jwk },
      { ...header, x5c: ['MIIB'] },
      { ...header, jku: 'http://127.0.0.1:1/keys' },
      { ...header, b64: false, crit: ['b64'] },
      { ...header, typ: 'JWT' },
      { ...header, typ: undefined },
      ...[
        '../../dev/null',
        "' or 1=1 --",
        'x'.repeat(8000),
        [key.kid],
        { kid: key.kid },
        null,
        '__proto__',
        'constructor',
      ].map((kid) => ({ ...header, kid })),
      [header],
      'null',
      '"x"',
    ];
    for (const changed of heads) {
      const data = `${encode(changed)}.${body}`;
      mutants.push(`${data}.${es256(data)}`, `${data}.${mac}`);
    }
    const zeros = Buffer.alloc(64).toString('base64url');
    mutants.push(
      `${head}.${body}.${zeros}`,
      `${head}.${body}.${es256(`${head}.${body}`)}`,
      `${head}.${body}`,
      `${token}.`,
      `${token}.a.b`,
      `.${token}`,
      `${token}=`,
      ` ${token}`,
      `${head}=.${body}.${mac}`,
      `${head}.${encode({ ...claimsOf(token), sub: 'admin' })}.${mac}`,
      'a.b.c',
      '...',
      '',
    );
    expect(mutants.length).toBeGreaterThan(100);
    for (const mutant of mutants) expect(await core.verifier.verify(mutant), mutant.slice(0, 120)).toBeNull();
  });

  it('S25 refuses hostile claims, even well signed, and oversize input unseen', async () => {
    const token = await tokenFor(await callerOf(developer.name), 'repository:priva/x:pull');
    const claims = claimsOf(token);
    const key = await core.signingKeys.current();
    const head = token.split('.')[0] ?? '';
    const signed = (value: unknown) => {
      const data = `${head}.${encode(value)}`;
      return `${data}.${sign('sha256', Buffer.from(data), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    expect(await core.verifier.verify(signed(claims))).not.toBeNull();
    const now = Number(claims.iat);
    const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
    const hostile: unknown[] = [
      ...['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'access', 'idn'].map(without),
      ...[String(now + 60), now + 0.5, -1, 1e308, null, now - 1].map((exp) => ({ ...claims, exp })),
      ...[String(now), now + 3600, null, 1e15].map((iat) => ({ ...claims, iat })),
      { ...claims, nbf: now + 3600 },
      { ...claims, aud: 'harbor-internal' },
      { ...claims, aud: [SERVICE] },
      { ...claims, iss: 'harbor-token-issuer' },
      { ...claims, access: {} },
      { ...claims, access: Array.from({ length: 65 }, () => claims.access[0]) },
      { ...claims, access: [{ type: 'repository', name: ['a/b'], actions: ['pull'], pid: 1 }] },
      { ...claims, access: [null] },
      { ...claims, idn: { k: 'user', i: '1', v: 1, t: 1 } },
      { ...claims, idn: { k: 'system', i: 1, v: 1, t: 1 } },
      { ...claims, idn: { k: 'user', i: 1, v: 1 } },
      '{',
      '[]',
      'null',
    ];
    for (const value of hostile) expect(await core.verifier.verify(signed(value)), JSON.stringify(value)).toBeNull();
    expect(core.verifier.verify(`${token}${'a'.repeat(16 * 1024)}`)).toBeNull();
    expect(core.verifier.verify('.'.repeat(1_000_000))).toBeNull();
  });

  it('refuses a token once it has expired, also one it remembers', async () => {
    const token = await tokenFor(await callerOf(developer.name), 'repository:priva/x:pull');
    expect(await core.verifier.verify(token)).not.toBeNull();
    clock.advance(1799);
    expect(await core.verifier.verify(token)).not.toBeNull();
    clock.advance(1);
    expect(await core.verifier.verify(token)).toBeNull();
  });
});

describe('signing keys', () => {
  it('S24 rotate without a failed request: known everywhere before they sign, verified until the last token is over', async () => {
    const other = tokenCore(clock);
    const caller = await callerOf(developer.name);
    const before = await tokenFor(caller, 'repository:pub/x:pull');
    const oldKid = (await core.signingKeys.current()).kid;
    expect(await other.verifier.verify(before)).not.toBeNull();
    await core.signingKeys.rotate();
    expect((await core.signingKeys.current()).kid).toBe(oldKid);
    clock.advance(60);
    expect((await core.signingKeys.current()).kid).not.toBe(oldKid);
    const after = await tokenFor(caller, 'repository:pub/x:pull');
    for (const process of [core, other]) {
      expect(await process.verifier.verify(before)).not.toBeNull();
      expect(await process.verifier.verify(after)).not.toBeNull();
    }
    expect((await core.signingKeys.publicKeys()).map((key) => key.kid)).toContain(oldKid);
    clock.advance(3600);
    expect((await core.signingKeys.publicKeys()).map((key) => key.kid)).not.toContain(oldKid);
    expect(JSON.stringify(await core.signingKeys.publicKeys())).not.toContain('"d"');
  });

  it('are made once when processes start together, and sealed', async () => {
    await test.database.query('delete from signing_keys');
    const processes = Array.from({ length: 4 }, () => tokenCore(clock));
    const kids = await Promise.all(processes.map(async (process) => (await process.signingKeys.current()).kid));
    expect(new Set(kids).size).toBe(1);
    const [row] = await test.database.query<{ private_key: Buffer }>('select private_key from signing_keys');
    expect(row?.private_key.includes(Buffer.from('PRIVATE'))).toBe(false);
    await test.database.query('update signing_keys set private_key = $1', [randomBytes(200)]);
    await expect(Promise.resolve(tokenCore(clock).signingKeys.current())).rejects.toThrow('cannot be opened');
    await test.database.query('delete from signing_keys');
  });
});

describe('refresh tokens', () => {
  // The controller hands over the caller of the request, who is nobody yet.
  const login = (name: string) =>
    core.tokens.issueForForm(
      {
        grant_type: 'password',
        service: SERVICE,
        username: name,
        password: PASSWORD,
        access_type: 'offline',
        client_id: 'docker',
      },
      nobody,
    );
  const refresh = (token: string | undefined, more: object = {}) =>
    core.tokens.issueForForm(
      {
        grant_type: 'refresh_token',
        service: SERVICE,
        refresh_token: token,
        scope: ['repository:priva/x:pull,push,delete'],
        ...more,
      },
      nobody,
    );

  it('S26 stand for the rights of now, and can be used again and again', async () => {
    const first = await login(developer.name);
    for (let round = 0; round < 3; round++) {
      const answer = await refresh(first.refresh_token);
      expect(answer.scope).toBe('repository:priva/x:pull,push');
      expect(answer).not.toHaveProperty('refresh_token');
    }
    await setRole(priva, developer.id, 3);
    expect((await refresh(first.refresh_token)).scope).toBe('repository:priva/x:pull');
  });

  it('S26 are given with GET for offline_token, to users only', async () => {
    const issue = (caller: Caller) =>
      core.tokens.issue(caller, { service: SERVICE, scope: ['repository:pub/x:pull'], offline_token: 'true' });
    expect(await issue(await callerOf(developer.name))).toHaveProperty('refresh_token');
    expect(await issue(nobody)).not.toHaveProperty('refresh_token');
    const robot: Caller = {
      ...nobody,
      credential: 'robot-secret',
      credentialVersion: 1,
      principal: { kind: 'robot', id: 1, username: 'robot$ci', projectId: null, grants: [] },
    };
    expect(await issue(robot)).not.toHaveProperty('refresh_token');
  });

  it('S26 end as a family when a replaced one comes again, in parallel too', async () => {
    const first = (await login(developer.name)).refresh_token;
    const second = (await refresh(first, { access_type: 'offline' })).refresh_token;
    expect(second).not.toBe(first);
    expect(await refusal(refresh(first))).toBe('UNAUTHORIZED');
    expect(await refusal(refresh(second))).toBe('UNAUTHORIZED');
    const third = (await login(developer.name)).refresh_token;
    const both = await Promise.all([1, 2].map(() => refusal(refresh(third, { access_type: 'offline' }))));
    expect(both.sort()).toEqual(['UNAUTHORIZED', 'none']);
    const rows = await test.database.query(`select 1 from outbox_events where name = 'token.refresh-token-revoked'`);
    expect(rows.length).toBeGreaterThanOrEqual(2);
  });

  it('S26 end with a password change, after 30 days, and mean nothing elsewhere', async () => {
    const { refresh_token: token = '' } = await login(developer.name);
    expect(await refusal(refresh(token, { service: 'other' }))).toBe('BAD_REQUEST');
    expect(await refusal(callerOf(developer.name, token))).toBe('UNAUTHORIZED');
    expect(await core.verifier.verify(token)).toBeNull();
    await core.users.resetPassword(adminCaller, developer.id, 'Another-horse-2', core.clock.now());
    expect(await refusal(refresh(token))).toBe('UNAUTHORIZED');
    const other = await newUser();
    const { refresh_token: old } = await login(other.name);
    clock.advance(30 * 24 * 3600 + 1);
    expect(await refusal(refresh(old))).toBe('UNAUTHORIZED');
    const stored = await test.database.query('select token_hash from refresh_tokens');
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});
