import { describeWith } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bracketed, FORBIDDEN, NAMES, PUBLIC, TARGETS } from './forbidden-targets.ts';
import { type NetworkLab, startNetworkLab } from './network-lab.ts';

/** Everything an address can be entered into that the product then calls by itself. */
const SINKS: readonly (readonly [string, (host: string) => readonly [string, string, unknown]])[] = [
  [
    'the issuer of a trust rule',
    (host) => [
      'POST',
      '/projects/lab/federation/try',
      {
        token: jobToken(issuerAt(host)),
        rule: {
          name: 'lab',
          issuer: `https://${host}/${issuers}`,
          conditions: [{ claim: 'sub', match: 'equals', values: ['job'] }],
          permissions: [{ kind: 'project', namespace: 'lab', access: [{ resource: 'repository', action: 'pull' }] }],
        },
      },
    ],
  ],
  ['a provider (ping)', (host) => ['POST', '/system/oidc/ping', { url: issuerAt(host), verify_cert: false }]],
  [
    'a provider (test)',
    (host) => [
      'POST',
      '/identity-sources/test',
      { kind: 'oidc', oidc: { endpoint: issuerAt(host), client_id: 'lab', client_secret: 'lab', verify_cert: false } },
    ],
  ],
  [
    'the endpoints of an authentication proxy',
    (host) => [
      'POST',
      '/identity-sources/test',
      {
        kind: 'auth_proxy',
        auth_proxy: { endpoint: issuerAt(host), tokenreview_endpoint: issuerAt(host), verify_cert: false },
      },
    ],
  ],
  ['a directory (ldap)', (host) => ['POST', '/ldap/ping', ldap(`ldap://${host}:389`)]],
  ['a directory (ldaps)', (host) => ['POST', '/ldap/ping', ldap(`ldaps://${host}:636`)]],
];

function ldap(url: string): object {
  return { ldap_url: url, ldap_base_dn: 'dc=example,dc=com', ldap_connection_timeout: 10 };
}

/** Another issuer each time: what went wrong with one is remembered for a while. */
let issuers = 0;
const issuerAt = (host: string): string => `https://${host}/${++issuers}`;

/** A token of a job that is signed by nobody: it must be well formed for keys to be asked for. */
function jobToken(issuer: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part({ iss: issuer, sub: 'job', aud: 'x' })}.AAAA`;
}

describeWith(['root', 'unshare', 'ip'], 'the product in a network of forbidden addresses', () => {
  let lab: NetworkLab;
  const setting = async (settings: object) => {
    const { status, body } = await lab.api('PUT', '/configurations', settings);
    expect(status, body).toBe(200);
    // Settings of another process are at most two seconds old; here one process answers, and shows them at once.
  };
  const enter = async (sink: (typeof SINKS)[number][1], host: string) => {
    const [method, path, body] = sink(host);
    const answer = await lab.api(method, path, body);
    return { ...answer, hits: await lab.takeHits() };
  };

  beforeAll(async () => {
    lab = await startNetworkLab([...FORBIDDEN, ...PUBLIC]);
    await lab.setNames(NAMES);
    await lab.api('POST', '/projects', { project_name: 'lab' });
  }, 180_000);
  afterAll(() => lab?.stop(), 60_000);

  describe.each(SINKS)('S88 %s', (_name, sink) => {
    it('control: reaches public addresses, and forbidden ones an administrator has allowed', async () => {
      for (const [host, address] of [
        ['9.9.9.9', '9.9.9.9'],
        ['[2620:fe::9]', '2620:fe::9'],
        ['public.test', '9.9.9.9'],
        ['public6.test', '2620:fe::9'],
      ] as const) {
        expect(
          (await enter(sink, host)).hits.map((hit) => hit.address),
          host,
        ).toContain(address);
      }
      await setting({ egress_allow: FORBIDDEN.join(' ') });
      for (const address of FORBIDDEN) {
        const { hits, body } = await enter(sink, bracketed(address));
        expect(
          hits.map((hit) => hit.address),
          `${address}: ${body}`,
        ).toContain(address);
      }
      await setting({ egress_allow: '' });
    });

    it(`never reaches any of ${TARGETS.length} forbidden targets`, async () => {
      const reached: string[] = [];
      for (const [host] of TARGETS) {
        const { status, hits, body } = await enter(sink, host);
        if (hits.length > 0) reached.push(`${host} → ${JSON.stringify(hits)}`);
        expect(status, body).not.toBe(500);
      }
      expect(reached).toEqual([]);
    });

    it('S90 never reaches what a name changes to between two questions', async () => {
      for (let round = 0; round < 5; round++) {
        await lab.setNames({ ...NAMES, 'rebind.test': ['9.9.9.9', '169.254.169.254', '9.9.9.9', '10.0.0.5'] });
        for (let turn = 0; turn < 4; turn++) {
          const { hits } = await enter(sink, 'rebind.test');
          expect(hits.filter(({ address }) => address !== '9.9.9.9')).toEqual([]);
        }
      }
      await lab.setNames(NAMES);
    });
  });

  it('S88 other schemes than the web, and ports of other protocols, are not called', async () => {
    for (const url of [
      'file:///etc/passwd',
      'ftp://9.9.9.9/',
      'gopher://9.9.9.9:80/',
      'unix:/var/run/docker.sock',
      'http://user:pw@9.9.9.9/',
      'https://9.9.9.9:6379/',
      'https://9.9.9.9:22/',
    ]) {
      const { status, body } = await lab.api('POST', '/egress/check', { url });
      expect([status, (JSON.parse(body) as { allowed: boolean }).allowed], url).toEqual([200, false]);
    }
  });

  it('tells administrators what was refused, and why', async () => {
    const { body } = await lab.api('GET', '/egress/refusals?page_size=100&q=host=inner.test');
    const rows = JSON.parse(body) as { host: string; address: string; reason: string; purpose: string }[];
    expect(rows.map(({ address, reason }) => `${address} ${reason}`)).toContain('10.0.0.5 private');
    expect(new Set(rows.map(({ purpose }) => purpose)).size).toBeGreaterThan(1);
  });
});
