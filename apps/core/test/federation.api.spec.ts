import { generateKeyPairSync } from 'node:crypto';
import {
  ApiError,
  createFederationRule,
  createPersonalToken,
  createProject,
  createSystemFederationRule,
  deleteFederationRule,
  type FederationRuleCreation,
  getFederationRule,
  listFederationRules,
  tryFederationToken,
  updateFederationRule,
} from '@moorage/contracts';
import {
  CIRCLECI_CLAIMS,
  GITHUB_CLAIMS,
  GITLAB_CLAIMS,
  type JobClaims,
  type JobIssuer,
  KUBERNETES_CLAIMS,
  settleEvents,
  startJobIssuer,
  type TokenForm,
} from '@moorage/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimsOf, fetchToken, pushImage, withToken } from './support/registry.ts';
import { basic, startTestCore, type TestCore } from './support/test-core.ts';

const AUDIENCE = 'https://registry.example.com';
const PUSH = [
  { resource: 'repository', action: 'pull' },
  { resource: 'repository', action: 'push' },
];
const team = { project_name_or_id: 'team' };

let core: TestCore;
let issuer: JobIssuer;

beforeAll(async () => {
  core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1', MOORAGE_EXTERNAL_URL: AUDIENCE });
  for (const name of ['team', 'other']) {
    await core.admin.call(createProject, { body: { project_name: name, metadata: { public: 'false' } } });
  }
});
afterAll(() => core.stop());
beforeEach(async () => {
  issuer = await startJobIssuer('RS256', () => core.clock.now());
});
afterEach(async () => {
  await core.database.query('delete from federation_rules');
  await core.database.query('truncate login_attempts');
  await issuer.close();
});

function rule(change: Partial<FederationRuleCreation> = {}, project = 'team'): FederationRuleCreation {
  return {
    name: 'release',
    issuer: issuer.url,
    conditions: [
      { claim: 'repository', match: 'equals', values: ['acme/app'] },
      { claim: 'ref', match: 'glob', values: ['refs/heads/main', 'refs/tags/v*'] },
    ],
    permissions: [{ kind: 'project', namespace: project, access: PUSH }],
    ...change,
  };
}

const make = (change: Partial<FederationRuleCreation> = {}) =>
  core.admin.call(createFederationRule, { params: team, body: rule(change) });
const github = (form: TokenForm = {}, audience: unknown = AUDIENCE) => issuer.token(GITHUB_CLAIMS, audience, form);
/** The actions a job's token is worth on team/app. */
async function pushes(password: string, repository = 'team/app', name = 'job') {
  const answer = await fetchToken(core, { name, password }, [`repository:${repository}:pull,push`]);
  return answer.status === 200 ? answer.access[0]?.actions : answer.status;
}
const explain = async (token: string, draft?: FederationRuleCreation) =>
  (await core.admin.call(tryFederationToken, { params: team, body: { token, ...(draft ? { rule: draft } : {}) } }))
    .data;
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );

describe('the token of a job', () => {
  it('is a password of docker login with any name, and worth what the rule says', async () => {
    await make();
    expect(await pushes(github())).toEqual(['pull', 'push']);
    expect(await pushes(github(), 'team/app', 'oauth2accesstoken')).toEqual(['pull', 'push']);
    expect(await pushes(github(), 'other/app')).toEqual([]);
    const login = await fetch(`${core.url}/service/token?service=harbor-registry&account=job&offline_token=true`, {
      headers: { authorization: basic('job', github()) },
    });
    expect(login.status).toBe(200);
    expect(await login.json()).not.toHaveProperty('refresh_token');
  });

  it('pushes, pulls, and is shown as the one who did', async () => {
    await make();
    const credentials = { name: 'job', password: github() };
    await pushImage(core, credentials, 'team/app', 'v1');
    const { token } = await fetchToken(core, credentials, ['repository:team/app:pull']);
    expect((await withToken(core, token, 'GET', '/v2/team/app/manifests/v1')).status).toBe(200);
    expect((await withToken(core, token, 'GET', '/v2/other/app/manifests/v1')).status).toBe(401);
    await settleEvents(core.database);
    const rows = await core.database.query<{ username: string }>(
      "select payload #>> '{audit,username}' as username from outbox_events where name = 'artifact.pushed' order by id desc limit 1",
    );
    expect(rows).toEqual([{ username: 'job$repo:acme/app:environment:production' }]);
  });

  it('lives for at most the minutes of the rule, as what is exchanged for it', async () => {
    await make({ token_minutes: 3 });
    const answer = await exchange({ subject_token: github(), scope: 'repository:team/app:push' });
    const body = (await answer.json()) as Record<string, unknown>;
    expect(answer.status).toBe(200);
    expect(body).toMatchObject({
      expires_in: 180,
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'repository:team/app:push',
    });
    const claims = claimsOf(String(body.access_token)) as unknown as { exp: number; iat: number };
    expect(claims.exp - claims.iat).toBe(180);
    const fresh = await fetchToken(core, { name: 'job', password: github() }, ['repository:team/app:pull']);
    const { exp, iat } = claimsOf(fresh.token) as unknown as { exp: number; iat: number };
    expect(exp - iat).toBeLessThanOrEqual(900);
  });

  it('is refused by token exchange in another form', async () => {
    await make();
    expect((await exchange({ subject_token: 'password' })).status).toBe(400);
    expect((await exchange({ subject_token: github(), subject_token_type: '' })).status).not.toBe(200);
    expect((await exchange({ subject_token: github(), service: 'elsewhere' })).status).toBe(400);
    expect((await exchange({ subject_token: github({ claims: { repository: 'evil/app' } }) })).status).toBe(401);
  });

  it('calls the API with Basic and Bearer, within its rights', async () => {
    await make();
    const get = async (path: string, authorization: string) =>
      (await fetch(`${core.url}/api/v2.0${path}`, { headers: { authorization } })).status;
    expect(await get('/projects/team/repositories', basic('job', github()))).toBe(403);
    await make({
      name: 'reader',
      permissions: [{ kind: 'project', namespace: 'team', access: [{ resource: 'repository', action: 'list' }] }],
    });
    expect(await get('/projects/team/repositories', basic('job', github()))).toBe(200);
    expect(await get('/projects/team/repositories', `Bearer ${github()}`)).toBe(200);
    expect(await get('/projects/other/repositories', `Bearer ${github()}`)).toBe(403);
    expect(await get('/users', `Bearer ${github()}`)).toBe(403);
  });

  it('opens no portal session', async () => {
    await make();
    const answer = await fetch(`${core.url}/c/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ principal: 'job', password: github() }),
    });
    expect(answer.status).not.toBe(200);
    expect(answer.headers.getSetCookie().filter((cookie) => cookie.includes('sid='))).toEqual([]);
  });

  it('has the rights of all rules it fulfils, and is audited with its claims in the project of each', async () => {
    await make();
    await core.admin.call(createFederationRule, {
      params: { project_name_or_id: 'other' },
      body: rule({ name: 'mirror' }, 'other'),
    });
    const token = github();
    expect(await pushes(token, 'team/app')).toEqual(['pull', 'push']);
    expect(await pushes(token, 'other/app')).toEqual(['pull', 'push']);
    await settleEvents(core.database);
    const rows = await core.database.query<{ project: string; audit: Record<string, unknown> }>(
      `select p.name as project, e.payload -> 'audit' as audit from outbox_events e join projects p on p.id = e.project_id
       where e.name = 'federation.job-accepted' order by e.id desc limit 2`,
    );
    expect(rows.map(({ project }) => project).sort()).toEqual(['other', 'team']);
    expect(rows[0]?.audit).toMatchObject({
      actorKind: 'federated',
      username: 'job$repo:acme/app:environment:production',
      credentialKind: 'federated',
      after: { issuer: issuer.url, claims: { repository: 'acme/app', run_id: '9876543210', actor: 'ada' } },
    });
  });

  it('is refused with a reason in the audit log', async () => {
    await make();
    expect(await pushes(github({ claims: { repository: 'evil/app' } }))).toBe(401);
    await settleEvents(core.database);
    const rows = await core.database.query(
      "select payload -> 'audit' ->> 'succeeded' as succeeded from outbox_events where name = 'federation.job-refused'",
    );
    expect(rows[0]).toEqual({ succeeded: 'false' });
  });
});

function exchange(form: Record<string, string>): Promise<Response> {
  const all = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    ...form,
  };
  return fetch(`${core.url}/service/token`, { method: 'POST', body: new URLSearchParams(all) });
}

const SHAPES: readonly (readonly [string, JobClaims, FederationRuleCreation['conditions'], JobClaims])[] = [
  [
    'GitHub Actions',
    GITHUB_CLAIMS,
    [
      { claim: 'sub', match: 'glob', values: ['repo:acme/app:*'] },
      { claim: 'environment', match: 'equals', values: ['production'] },
    ],
    { sub: 'repo:acme/app-2:environment:production' },
  ],
  [
    'GitLab',
    GITLAB_CLAIMS,
    [
      { claim: 'project_path', match: 'glob', values: ['acme/platform/*'] },
      { claim: 'ref_protected', match: 'equals', values: ['true'] },
      { claim: 'groups_direct', match: 'equals', values: ['acme/release'] },
    ],
    { groups_direct: ['acme/platform'] },
  ],
  [
    'CircleCI',
    CIRCLECI_CLAIMS,
    [
      { claim: 'oidc.circleci.com/project-id', match: 'equals', values: ['22222222-2222-4222-8222-222222222222'] },
      { claim: 'oidc.circleci.com/ssh-rerun', match: 'equals', values: ['false'] },
    ],
    { 'oidc.circleci.com/ssh-rerun': true },
  ],
  [
    'Kubernetes',
    KUBERNETES_CLAIMS,
    [
      { claim: 'kubernetes.io/namespace', match: 'equals', values: ['ci'] },
      { claim: 'kubernetes.io/serviceaccount/name', match: 'equals', values: ['builder'] },
    ],
    { 'kubernetes.io': { namespace: 'ci', serviceaccount: { name: 'default' } } },
  ],
];

describe.each(SHAPES)('a token as of %s', (_name, claims, conditions, otherwise) => {
  it('is accepted when its claims fulfil the rule, and only then', async () => {
    await make({ conditions });
    expect(await pushes(issuer.token(claims, [AUDIENCE, 'another']))).toEqual(['pull', 'push']);
    expect(await pushes(issuer.token({ ...claims, ...otherwise }, AUDIENCE))).toBe(401);
  });
});

describe('a token is refused', () => {
  const now = () => Math.floor(core.clock.now().getTime() / 1000);
  const strangers = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const MUTANTS: readonly (readonly [string, string, () => string])[] = [
    ['another issuer', 'issuer', () => github({ claims: { iss: `${issuer.url}/` } })],
    ['another audience', 'audience', () => github({}, 'https://elsewhere.example')],
    ['an audience that only begins alike', 'audience', () => github({}, `${AUDIENCE}.evil.example`)],
    ['no audience', 'audience', () => github({ claims: { aud: null } })],
    ['another repository', 'condition', () => github({ claims: { repository: 'evil/app' } })],
    ['a repository in other case', 'condition', () => github({ claims: { repository: 'Acme/app' } })],
    ['another branch', 'condition', () => github({ claims: { ref: 'refs/heads/main2' } })],
    ['a branch below a tag glob', 'condition', () => github({ claims: { ref: 'refs/tags/v1/../../heads/x' } })],
    ['a claim missing', 'condition', () => github({ claims: { repository: null } })],
    ['a claim that is an object', 'condition', () => github({ claims: { repository: { 'acme/app': 'acme/app' } } })],
    ['over', 'expiry', () => github({ claims: { iat: now() - 1000, nbf: now() - 1000, exp: now() - 61 } })],
    ['not begun', 'not-before', () => github({ claims: { nbf: now() + 120 } })],
    ['issued in the future', 'issued-at', () => github({ claims: { iat: now() + 120 } })],
    ['too long a life', 'lifetime', () => github({ claims: { exp: now() + 25 * 3600 } })],
    ['no end', 'lifetime', () => github({ claims: { exp: null } })],
    ['no beginning', 'lifetime', () => github({ claims: { iat: null } })],
    ['an end written as text', 'lifetime', () => github({ claims: { exp: String(now() + 600) } })],
    ['no subject', 'form', () => github({ claims: { sub: null } })],
    ['another key', 'signature', () => github({ key: strangers.privateKey })],
    ['an unknown key id', 'keys', () => github({ header: { kid: 'key-9' } })],
    [
      'its own key',
      'form',
      () => github({ header: { jwk: strangers.publicKey.export({ format: 'jwk' }) }, key: strangers.privateKey }),
    ],
    ['a key address', 'form', () => github({ header: { jku: 'https://evil.example/keys' } })],
    ['critical extensions', 'form', () => github({ header: { crit: ['b64'] } })],
    ['another type', 'form', () => github({ header: { typ: 'at+jwt' } })],
    ['no algorithm', 'algorithm', () => github({ header: { alg: 'none' } })],
    ['a shared secret', 'algorithm', () => github({ header: { alg: 'HS256' } })],
    ["another algorithm than the key's", 'keys', () => github({ header: { alg: 'PS256' } })],
    [
      'changed claims',
      'signature',
      () => {
        const [head, body, mac] = github().split('.') as [string, string, string];
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
        return `${head}.${Buffer.from(JSON.stringify({ ...claims, actor: 'eve' })).toString('base64url')}.${mac}`;
      },
    ],
    [
      'another spelling of its signature',
      'form',
      () => {
        const [head, body, mac] = github().split('.') as [string, string, string];
        const last = mac.slice(-1);
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        return `${head}.${body}.${mac.slice(0, -1)}${alphabet[alphabet.indexOf(last) ^ 1]}`;
      },
    ],
  ];

  it.each(MUTANTS)('with %s (%s)', async (_what, check, forge) => {
    await make();
    expect(await pushes(github())).toEqual(['pull', 'push']);
    const forged = forge();
    expect(await pushes(forged)).toBe(401);
    expect((await exchange({ subject_token: forged })).status).toBe(401);
    const verdict = await explain(forged);
    expect(verdict.accepted).toBe(false);
    const failed = [...verdict.checks, ...(verdict.rules[0]?.checks ?? [])].filter(({ passed }) => !passed);
    expect(failed.map((one) => one.check)).toContain(check);
    expect(failed.every(({ text }) => text.length > 10)).toBe(true);
  });

  it('signed with a key another project entered for the same issuer', async () => {
    await make();
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256' }] });
    await core.admin.call(createFederationRule, {
      params: { project_name_or_id: 'other' },
      body: rule({ name: 'own-keys', keys }, 'other'),
    });
    const forged = github({ header: { kid: 'own' }, key: privateKey });
    expect(await pushes(forged, 'other/app')).toEqual(['pull', 'push']);
    expect(await pushes(forged, 'team/app')).toEqual([]);
    expect(await pushes(github(), 'other/app')).toEqual([]);
  });

  it('after its rule was disabled, changed or deleted, and what was issued for it too', async () => {
    const { data } = await make();
    const params = { ...team, rule_id: data.id };
    const issued = async () =>
      (await fetchToken(core, { name: 'job', password: github() }, ['repository:team/app:pull,push'])).token;
    const start = (token: string) =>
      withToken(core, token, 'POST', '/v2/team/app/blobs/uploads/').then(({ status }) => status);
    const token = await issued();
    expect(await start(token)).toBe(202);
    await core.admin.call(updateFederationRule, { params, body: { disable: true } });
    core.clock.advanceMinutes(0.2);
    expect(await start(token)).toBe(401);
    expect(await pushes(github())).toBe(401);
    await core.admin.call(updateFederationRule, { params, body: { disable: false } });
    const second = await issued();
    expect(await start(second)).toBe(202);
    await core.admin.call(updateFederationRule, {
      params,
      body: { conditions: [{ claim: 'repository', match: 'equals', values: ['acme/other'] }] },
    });
    core.clock.advanceMinutes(0.2);
    expect(await start(second)).toBe(401);
    await core.admin.call(deleteFederationRule, { params });
    expect(await codeOf(core.admin.call(getFederationRule, { params }))).toBe('NOT_FOUND');
  });
});

describe('keys of an issuer', () => {
  it('are fetched once, anew for a new key, and not again for every unknown one', async () => {
    await make();
    for (let turn = 0; turn < 3; turn++) expect(await pushes(github())).toEqual(['pull', 'push']);
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
    issuer.rotate();
    core.clock.advanceMinutes(1);
    expect(await pushes(github())).toEqual(['pull', 'push']);
    expect(issuer.requests).toHaveLength(4);
    for (let turn = 0; turn < 5; turn++) {
      expect(await pushes(github({ header: { kid: `made-up-${turn}` } }))).toBe(401);
    }
    expect(issuer.requests.length).toBeLessThanOrEqual(6);
  });

  it('end with the issuer dropping them', async () => {
    await make();
    const former = github();
    expect(await pushes(former)).toEqual(['pull', 'push']);
    issuer.rotate('RS256', false);
    core.clock.advanceMinutes(11);
    expect(await pushes(former)).toBe(401);
    expect(await pushes(github())).toEqual(['pull', 'push']);
  });

  it('are used on for a day when the issuer cannot be asked, and a token that needs others is told to come again', async () => {
    await make();
    expect(await pushes(github())).toEqual(['pull', 'push']);
    issuer.answer = (_path, response) => {
      response.writeHead(500).end();
      return true;
    };
    core.clock.advanceMinutes(11);
    expect(await pushes(github())).toEqual(['pull', 'push']);
    core.clock.advanceMinutes(1);
    issuer.rotate();
    expect(await pushes(github())).toBe(503);
  });

  it.each([
    ['says it is another issuer', { issuer: 'https://evil.example', jwks_uri: 'X' }, 'calls itself'],
    ['names no keys', { jwks_uri: 7 }, 'jwks_uri'],
    ['names keys at a metadata service', { jwks_uri: 'http://169.254.169.254/keys' }, 'cannot be reached'],
  ])('are not read when discovery %s', async (_what, document, text) => {
    await make();
    issuer.answer = (_path, response) => {
      response.end(JSON.stringify({ issuer: issuer.url, ...document }));
      return true;
    };
    expect(await pushes(github())).toBe(503);
    const check = (await explain(github())).rules[0]?.checks.find((one) => one.check === 'keys');
    expect(check?.text).toContain(text);
  });

  it('may be of every kind, and be entered by hand', async () => {
    for (const algorithm of ['ES256', 'PS256', 'EdDSA'] as const) {
      issuer.rotate(algorithm);
      expect((await explain(github(), rule({ keys: issuer.keySet() }))).accepted).toBe(true);
    }
    expect(issuer.requests).toEqual([]);
  });

  it('are never asked for because of an issuer without a rule', async () => {
    expect(await pushes(github())).toBe(401);
    await make({ conditions: [{ claim: 'repository', match: 'equals', values: ['acme/other'] }] });
    expect(await pushes(github())).toBe(401);
    expect(issuer.requests).toEqual([]);
  });
});

describe('rules', () => {
  it('are made, listed, changed and deleted by project admins, within their own rights', async () => {
    const { id } = await core.createUser('keyless-admin');
    const client = core.client({ name: 'keyless-admin', password: 'User-Passw0rd-of-tests' });
    const body = rule();
    expect(await codeOf(client.call(createFederationRule, { params: team, body }))).toBe('FORBIDDEN');
    await core.database.query(
      "insert into project_members (project_id, entity_type, entity_id, role_id) select id, 'u', $1, 1 from projects where name = 'team'",
      [id],
    );
    const { data } = await client.call(createFederationRule, { params: team, body });
    expect(data).toMatchObject({ name: 'release', level: 'project', audience: AUDIENCE, token_minutes: 15, keys: '' });
    const params = { ...team, rule_id: data.id };
    expect((await client.call(listFederationRules, { params: team })).data).toEqual([data]);
    await client.call(updateFederationRule, { params, body: { ...data, description: 'Releases' } });
    expect((await client.call(getFederationRule, { params })).data.description).toBe('Releases');
    expect(await codeOf(client.call(createFederationRule, { params: team, body }))).toBe('CONFLICT');
    const foreign = [{ kind: 'project' as const, namespace: 'other', access: PUSH }];
    expect(
      await codeOf(
        client.call(createFederationRule, { params: team, body: rule({ name: 'x', permissions: foreign }) }),
      ),
    ).toBe('BAD_REQUEST');
    expect(
      await codeOf(client.call(createSystemFederationRule, { body: rule({ name: 'x', permissions: foreign }) })),
    ).toBe('FORBIDDEN');
    expect(
      await codeOf(core.admin.call(getFederationRule, { params: { project_name_or_id: 'other', rule_id: data.id } })),
    ).toBe('NOT_FOUND');
    await client.call(deleteFederationRule, { params });
    expect((await client.call(listFederationRules, { params: team })).data).toEqual([]);
  });

  it('of the registry cover several projects', async () => {
    const permissions = ['team', 'other'].map((namespace) => ({ kind: 'project' as const, namespace, access: PUSH }));
    await core.admin.call(createSystemFederationRule, { body: rule({ permissions }) });
    expect(await pushes(github(), 'team/app')).toEqual(['pull', 'push']);
    expect(await pushes(github(), 'other/app')).toEqual(['pull', 'push']);
  });

  it('S49 trust other jobs only by the hand of who could give the permissions himself', async () => {
    const { data } = await make();
    const params = { ...team, rule_id: data.id };
    const changing = ['federation:read', 'federation:update', 'project:read', 'repository:pull'];
    const narrowed = async (name: string, ...pairs: string[]) => {
      const access = pairs.map((pair) => ({ resource: pair.split(':')[0] ?? '', action: pair.split(':')[1] ?? '' }));
      const permissions = [{ kind: 'project' as const, namespace: 'team', access }];
      const made = await core.admin.call(createPersonalToken, { body: { name, permissions } });
      return core.client({ name: 'admin', password: made.data.token });
    };
    const pulling = await narrowed('pulling', ...changing);
    const change = (body: Partial<FederationRuleCreation>, by = pulling) =>
      codeOf(by.call(updateFederationRule, { params, body }));
    const mine: Partial<FederationRuleCreation>[] = [
      { conditions: [{ claim: 'repository', match: 'equals', values: ['mallory/app'] }] },
      { issuer: 'https://mallory.example' },
      { audience: 'https://mallory.example' },
      { keys: JSON.stringify({ keys: [generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })] }) },
      { token_minutes: 1 },
    ];
    for (const body of mine) expect([body, await change(body)]).toEqual([body, 'FORBIDDEN']);
    expect(await change({ description: 'Releases' })).toBe('done');
    expect(await change({ disable: true })).toBe('done');
    expect(await change({ disable: false })).toBe('FORBIDDEN');
    const pushing = await narrowed('pushing', ...changing, 'repository:push');
    expect(await change({ disable: false, audience: 'https://other.example' }, pushing)).toBe('done');
    const { data: after } = await core.admin.call(getFederationRule, { params });
    expect(after).toMatchObject({ issuer: issuer.url, conditions: data.conditions, audience: 'https://other.example' });
  });

  it('give nothing that outlasts the job', async () => {
    const outlast = async (kind: 'system' | 'project', pair: string) => {
      const [resource = '', action = ''] = pair.split(':');
      const namespace = kind === 'system' ? '/' : 'team';
      const body = rule({ name: 'lasting', permissions: [{ kind, namespace, access: [{ resource, action }] }] });
      const error = await core.admin.call(createSystemFederationRule, { body }).catch((caught: unknown) => caught);
      return error instanceof ApiError && error.status === 400 && error.message.includes(`cannot have ${pair}`);
    };
    for (const pair of ['member:create', 'member:update'])
      expect([pair, await outlast('project', pair)]).toEqual([pair, true]);
    for (const pair of ['user:update', 'user-group:create', 'user-group:update', 'ldap-user:create']) {
      expect([pair, await outlast('system', pair)]).toEqual([pair, true]);
    }
    expect(await outlast('project', 'member:list')).toBe(false);
  });

  const UNSOUND: readonly (readonly [string, () => Partial<FederationRuleCreation>, string])[] = [
    ['no telling condition', () => ({ conditions: [{ claim: 'ref', match: 'glob', values: ['**'] }] }), 'whose jobs'],
    [
      'everybody on GitHub',
      () => ({
        issuer: 'https://token.actions.githubusercontent.com',
        conditions: [{ claim: 'ref', match: 'equals', values: ['refs/heads/main'] }],
      }),
      'everybody can get',
    ],
    [
      'everybody whose name begins alike',
      () => ({
        issuer: 'https://token.actions.githubusercontent.com',
        conditions: [{ claim: 'repository', match: 'glob', values: ['acme*/app'] }],
      }),
      'everybody can get',
    ],
    ['an issuer by plain http', () => ({ issuer: 'http://ci.example.com' }), 'https://'],
    ['an issuer that is no address', () => ({ issuer: 'ci' }), 'issuer'],
    ['a broken glob', () => ({ conditions: [{ claim: 'sub', match: 'glob', values: ['repo:[a'] }] }), 'not closed'],
    ['no keys', () => ({ keys: '{"keys":[]}' }), 'no key'],
    ['private keys', () => ({ keys: '{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}]}' }), 'private'],
    [
      'a robot to be made',
      () => ({
        permissions: [{ kind: 'project', namespace: 'team', access: [{ resource: 'robot', action: 'create' }] }],
      }),
      'outlasts',
    ],
  ];
  it.each(UNSOUND)('are refused with %s', async (_what, change, text) => {
    const error = await make(change()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).status).toBe(400);
    expect((error as ApiError).message).toContain(text);
  });
});

it('trying a token explains a rule that is not saved, question by question, and keeps nothing', async () => {
  const draft = rule({ audience: 'https://github.com/acme' });
  const verdict = await explain(github({ claims: { ref: 'refs/heads/dev' } }), draft);
  expect(verdict.accepted).toBe(false);
  expect(verdict.claims).toMatchObject({ repository: 'acme/app', ref: 'refs/heads/dev' });
  const checks = verdict.rules[0]?.checks ?? [];
  expect(checks.filter(({ passed }) => !passed).map(({ check, claim, actual }) => ({ check, claim, actual }))).toEqual([
    { check: 'audience', claim: 'aud', actual: [AUDIENCE] },
    { check: 'condition', claim: 'ref', actual: ['refs/heads/dev'] },
  ]);
  expect(checks.filter(({ passed }) => passed).map(({ check }) => check)).toEqual([
    'issuer',
    'algorithm',
    'keys',
    'signature',
    'lifetime',
    'expiry',
    'issued-at',
    'not-before',
    'condition',
  ]);
  expect((await core.admin.call(listFederationRules, { params: team })).data).toEqual([]);
  expect((await explain('not a token')).checks[0]?.check).toBe('form');
});
