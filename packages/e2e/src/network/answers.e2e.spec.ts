import { describeWith } from '@moorage/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN, NAMES, PUBLIC, TARGETS } from './forbidden-targets.ts';
import type { CertificateName, Script, ScriptedAnswer } from './lab-actors.ts';
import { type NetworkLab, startNetworkLab } from './network-lab.ts';

const [HOST = '', OTHER = ''] = PUBLIC;
const REDIRECTS = [301, 302, 303, 307, 308];
const json = (value: object): ScriptedAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** What servers that may be called answer: where it leads, and what they get to see. */
describeWith(['root', 'unshare', 'ip', 'openssl'], 'the product among servers that lead elsewhere', () => {
  let lab: NetworkLab;
  let sourceId = 0;
  let issuers = 0;

  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await lab.api(method, path, body);
    expect(answer.status, answer.body).not.toBe(500);
    return answer;
  };
  const oidc = (settings: object = {}) => ({
    endpoint: lab.stage.provider,
    client_id: lab.stage.clientId,
    client_secret: lab.stage.clientSecret,
    ca_certificate: lab.certificate('good'),
    ...settings,
  });
  const proxy = (settings: object = {}) => ({
    endpoint: `${lab.stage.provider}/login`,
    tokenreview_endpoint: `${lab.stage.provider}/review`,
    server_certificate: lab.certificate('good'),
    ...settings,
  });
  const ldap = (settings: object = {}) => ({
    url: `ldap://${HOST}:${lab.stage.directoryPort}`,
    search_dn: 'cn=search',
    search_password: 'canary-of-the-directory',
    base_dn: 'dc=example,dc=com',
    uid: 'uid',
    timeout: 10,
    ...settings,
  });
  const test = (kind: string, settings: object, source_id?: number) =>
    call('POST', '/identity-sources/test', { kind, ...(source_id ? { source_id } : {}), [kind]: settings });
  const testProvider = (settings?: object) => test('oidc', oidc(settings));
  const testProxy = (settings?: object) => test('auth_proxy', proxy(settings));
  /** Signs in through the saved source, which is asked about itself first. */
  const signIn = async () => {
    await test('oidc', {}, sourceId);
    return lab.signIn(sourceId);
  };

  /** Tries a token of a job of an issuer that nobody has heard of yet; it describes itself with these additions. */
  const tryJob = async (answers: (path: string) => Script['answers'], ca = lab.certificate('good')) => {
    const path = `/jobs-${++issuers}`;
    const issuer = lab.stage.provider + path;
    await lab.play({
      answers: {
        [`${path}/.well-known/openid-configuration`]: json({ issuer, jwks_uri: `${issuer}/keys` }),
        ...answers(path),
      },
    });
    return call('POST', '/projects/lab/federation/try', jobTrial(issuer, ca));
  };

  const addressesHit = async () => (await lab.takeHits()).map(({ address }) => address);
  const forget = async () => {
    await lab.takeHits();
    await lab.takeSeen();
  };

  beforeAll(async () => {
    lab = await startNetworkLab([...FORBIDDEN, ...PUBLIC], { actors: [HOST, OTHER] });
    await lab.setNames({ ...NAMES, 'good.test': [HOST] });
    await lab.api('POST', '/projects', { project_name: 'lab' });
    const { status, body } = await lab.api('POST', '/identity-sources', {
      kind: 'oidc',
      name: 'lab',
      oidc: oidc({ auto_onboard: true }),
    });
    expect(status, body).toBe(201);
    const { body: list } = await lab.api('GET', '/identity-sources');
    sourceId = (JSON.parse(list) as { id: number }[])[0]?.id ?? 0;
  }, 180_000);
  afterEach(async () => {
    await lab.play({});
    await forget();
  });
  afterAll(() => lab?.stop(), 60_000);

  it('control: a person signs in, and a directory, a proxy and an issuer of jobs are read', async () => {
    expect(await signIn()).toBe('/');
    const seen = await lab.takeSeen();
    for (const path of ['GET /.well-known/openid-configuration', 'GET /jwks', 'POST /token', 'GET /userinfo']) {
      expect(seen.provider.join('\n')).toContain(path);
    }
    await test('ldap', ldap());
    expect((await lab.takeSeen()).passwords).toContain('canary-of-the-directory');
    await testProxy();
    expect((await lab.takeSeen()).provider.join('\n')).toContain('POST /login Basic');
    await tryJob((path) => ({ [`${path}/keys`]: json({ keys: [] }) }));
    expect((await lab.takeSeen()).provider.join('\n')).toMatch(/GET \/jobs-\d+\/keys/);
  });

  /** Addresses a provider or an issuer names itself; the product calls them. */
  const NAMED: readonly (readonly [string, (address: string) => Promise<unknown>])[] = [
    ...['jwks_uri', 'token_endpoint', 'authorization_endpoint'].map(
      (field) =>
        [
          `${field} of a provider`,
          async (address: string) => {
            await lab.play({ metadata: { [field]: address } });
            await testProvider();
          },
        ] as const,
    ),
    [
      'userinfo_endpoint of a provider',
      async (address) => {
        await lab.play({ metadata: { userinfo_endpoint: address } });
        await signIn();
      },
    ],
    [
      'jwks_uri of an issuer of jobs',
      (address) =>
        tryJob((path) => ({
          [`${path}/.well-known/openid-configuration`]: json({
            issuer: lab.stage.provider + path,
            jwks_uri: address,
          }),
        })),
    ],
    [
      'referral of a directory',
      async (address) => {
        const { host } = new URL(address);
        await lab.play({ directory: { search: 'referral', referral: `ldap://${host}:389/dc=example,dc=com` } });
        await test('ldap', ldap());
      },
    ],
  ];

  describe.each(NAMED)('S88 the %s', (name, enter) => {
    const isFollowed = !name.startsWith('referral');

    it(`${isFollowed ? 'reaches' : 'is not followed to'} public addresses`, async () => {
      await enter(`https://[${OTHER}]/named`);
      expect(await addressesHit()).toEqual(isFollowed ? expect.arrayContaining([OTHER]) : []);
    });

    it(`never reaches any of ${TARGETS.length} forbidden targets`, async () => {
      const reached: string[] = [];
      for (const [host] of TARGETS) {
        await enter(`https://${host}/named`);
        const hits = await addressesHit();
        if (hits.length > 0) reached.push(`${host} → ${hits.join(', ')}`);
      }
      expect(reached).toEqual([]);
    });
  });

  /** Paths of the provider that are called, and what makes the product call them. */
  const CALLED: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['the description of a provider', '/.well-known/openid-configuration', () => testProvider()],
    ['the keys of a provider', '/jwks', () => testProvider()],
    ['the token endpoint', '/token', () => testProvider()],
    ['the token endpoint, at a sign-in', '/token', () => signIn()],
    ['the page for signing in', '/authorize', () => testProvider()],
    ['userinfo', '/userinfo', () => signIn()],
    ['the login endpoint of a proxy', '/login', () => testProxy()],
    ['the token review of a proxy', '/review', () => testProxy()],
  ];

  describe.each(CALLED)('S89 S91 S92 a redirect of %s', (_name, path, enter) => {
    it.each(REDIRECTS)('%i leads nowhere, and takes no credentials along', async (status) => {
      for (const location of [
        'https://169.254.169.254/latest/meta-data/',
        'http://10.0.0.5/',
        `https://[${OTHER}]/`,
        `${lab.stage.otherProvider}${path}`,
        'file:///etc/passwd',
      ]) {
        await lab.play({ answers: { [path]: { status, headers: { location } } } });
        await enter();
        expect(await lab.takeHits(), location).toEqual([]);
        const seen = await lab.takeSeen();
        expect(seen.provider.join('\n'), 'control: the redirecting path was asked').toContain(` ${path} `);
        expect(seen.otherProvider, location).toEqual([]);
      }
    });
  });

  it('S89 redirects of an issuer of jobs lead nowhere', async () => {
    for (const status of REDIRECTS) {
      for (const end of ['/.well-known/openid-configuration', '/keys']) {
        for (const location of ['https://169.254.169.254/', `https://[${OTHER}]/`, lab.stage.otherProvider]) {
          await tryJob((path) => ({ [path + end]: { status, headers: { location } } }));
          expect(await lab.takeHits(), location).toEqual([]);
          expect((await lab.takeSeen()).otherProvider, location).toEqual([]);
        }
      }
    }
  });

  it('S36 S92 a referral gets neither a connection nor the password', async () => {
    for (const referral of [
      `ldap://[${OTHER}]:${lab.stage.otherDirectoryPort}/dc=example,dc=com`,
      'ldap://169.254.169.254/dc=example,dc=com',
      'ldaps://10.0.0.5/dc=example,dc=com',
    ]) {
      await lab.play({ directory: { search: 'referral', referral } });
      await test('ldap', ldap());
      expect(await lab.takeHits(), referral).toEqual([]);
      const seen = await lab.takeSeen();
      expect(seen.passwords, 'control: the first directory got it').toContain('canary-of-the-directory');
      expect(seen.otherPasswords).toEqual([]);
    }
  });

  /** Clients that speak TLS; `trust` is the authority entered for the endpoint. */
  const TLS_CLIENTS: readonly (readonly [string, (host: string, trust: string) => Promise<unknown>])[] = [
    ['a provider', (host, ca_certificate) => testProvider({ endpoint: `https://${host}`, ca_certificate })],
    [
      'a proxy',
      (host, server_certificate) =>
        testProxy({ endpoint: `https://${host}/`, tokenreview_endpoint: `https://${host}/`, server_certificate }),
    ],
    ['a directory', (host, ca_certificate) => test('ldap', ldap({ url: `ldaps://${host}`, ca_certificate }))],
    [
      'an issuer of jobs',
      (host, ca) => call('POST', '/projects/lab/federation/try', jobTrial(`https://${host}/${++issuers}`, ca)),
    ],
  ];

  describe.each(TLS_CLIENTS)('S95 %s', (_name, connect) => {
    const show = async (certificate: CertificateName, trusted: CertificateName | null, host = 'good.test') => {
      await lab.play({ certificate });
      await connect(`${host}:${lab.stage.tlsPort}`, trusted ? lab.certificate(trusted) : '');
      return (await lab.takeSeen()).trusting;
    };

    it('control: is trusted with the certificate of the authority entered for it', async () => {
      expect(await show('good', 'good')).toBeGreaterThan(0);
      expect(await show('good', 'good', HOST)).toBeGreaterThan(0);
    });

    it('is told nothing with a certificate of its own, of another authority, for another host, or expired', async () => {
      expect(await show('good', null)).toBe(0);
      expect(await show('good', 'other-authority')).toBe(0);
      expect(await show('other-authority', 'good')).toBe(0);
      expect(await show('other-host', 'other-host')).toBe(0);
      expect(await show('expired', 'expired')).toBe(0);
    });
  });

  it('S95 whoever switches the check off does so for that endpoint alone', async () => {
    await lab.play({ certificate: 'expired' });
    const endpoint = `https://good.test:${lab.stage.tlsPort}`;
    await testProvider({ endpoint, ca_certificate: '', verify_cert: false });
    expect((await lab.takeSeen()).trusting).toBeGreaterThan(0);
    await testProvider({ endpoint, ca_certificate: '' });
    await testProxy({ endpoint, tokenreview_endpoint: endpoint, server_certificate: '' });
    await test('ldap', ldap({ url: `ldaps://good.test:${lab.stage.tlsPort}` }));
    expect((await lab.takeSeen()).trusting).toBe(0);
  });

  it('S96 a stored secret goes to the address it was stored for, and to no other', async () => {
    const { stage } = lab;
    await test('oidc', {}, sourceId);
    expect(readable((await lab.takeSeen()).provider), 'control').toContain(stage.clientSecret);
    // The other provider is a right one in every way, but not the one the secret is for.
    for (const endpoint of [stage.otherProvider, `${stage.otherProvider}/`]) {
      await test('oidc', { endpoint }, sourceId);
      await call('PUT', `/identity-sources/${sourceId}`, { oidc: { endpoint } });
      await lab.signIn(sourceId);
      expect(readable((await lab.takeSeen()).otherProvider)).not.toContain(stage.clientSecret);
    }
    const saved = await call('POST', '/identity-sources', { kind: 'ldap', name: 'folder', ldap: ldap() });
    expect(saved.status, saved.body).toBe(201);
    const { body } = await call('GET', '/identity-sources');
    const { id } = (JSON.parse(body) as { id: number; kind: string }[]).find(({ kind }) => kind === 'ldap') ?? {
      id: 0,
    };
    await test('ldap', {}, id);
    expect((await lab.takeSeen()).passwords, 'control').toContain('canary-of-the-directory');
    const url = `ldap://[${OTHER}]:${stage.otherDirectoryPort}`;
    await test('ldap', { url }, id);
    await call('POST', '/ldap/ping', { ldap_url: url, ldap_base_dn: 'dc=example,dc=com' });
    await call('PUT', `/identity-sources/${id}`, { ldap: { url } });
    await call('POST', '/ldap/ping', {});
    expect((await lab.takeSeen()).otherPasswords).not.toContain('canary-of-the-directory');
  });
});

/** What requests say, with Basic credentials as they were before they were written for the header. */
function readable(lines: readonly string[]): string {
  const decoded = lines.map((line) => Buffer.from(/Basic (\S+)/.exec(line)?.[1] ?? '', 'base64').toString('utf8'));
  return decodeURIComponent([...lines, ...decoded].join('\n'));
}

/** A trial of a token that is signed by nobody: it must be well formed for keys to be asked for. */
function jobTrial(issuer: string, ca_certificate: string): object {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part({ iss: issuer, sub: 'job', aud: 'x' })}.AAAA`;
  const access = [{ resource: 'repository', action: 'pull' }];
  return {
    token,
    rule: {
      name: 'lab',
      issuer,
      ca_certificate,
      conditions: [{ claim: 'sub', match: 'equals', values: ['job'] }],
      permissions: [{ kind: 'project', namespace: 'lab', access }],
    },
  };
}
