import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTempDirectory,
  describeWith,
  type HostileProvider,
  startHostileProvider,
  startTestIdentityProvider,
  type TestIdentityProvider,
} from '@moorage/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

interface Check {
  readonly name: string;
  readonly result: string;
  readonly message: string;
}

/** Tries settings; what does not pass, by the name of the check. */
async function problemsOf(core: TestCore, oidc: object): Promise<Record<string, string>> {
  const { text } = await callApi(core, ADMIN, 'POST', '/identity-sources/test', { kind: 'oidc', oidc });
  const { checks } = JSON.parse(text) as { checks: Check[] };
  return Object.fromEntries(
    checks.filter(({ result }) => result === 'failed').map((check) => [check.name, check.message]),
  );
}

describe('OIDC-8 what is wrong is said in words that tell what to do', () => {
  let core: TestCore;
  let idp: TestIdentityProvider;
  const settings = () => ({
    endpoint: idp.issuer,
    client_id: idp.clientId,
    client_secret: idp.clientSecret,
    scope: 'openid,profile,email,offline_access',
  });

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    idp = await startTestIdentityProvider({ callbacks: [`${core.url}/c/oidc/callback`], people: { ada: {} } });
  });
  afterAll(async () => {
    await idp.stop();
    await core.stop();
  });

  it('control: right settings have no problem', async () => {
    expect(await problemsOf(core, settings())).toEqual({});
  });

  it('the client secret', async () => {
    expect(await problemsOf(core, { ...settings(), client_secret: 'another-secret-of-tests-0123456789' })).toEqual({
      client: 'The provider does not accept the client id or secret: enter the secret anew.',
    });
    const { client } = await problemsOf(core, { ...settings(), client_id: 'nobody' });
    expect(client).toContain('client id');
  });

  it('the redirect address, with the one to register', async () => {
    const other = await startTestIdentityProvider({ callbacks: ['https://elsewhere.example/c/oidc/callback'] });
    const problems = await problemsOf(core, { ...settings(), endpoint: other.issuer });
    await other.stop();
    expect(problems).toEqual({
      redirect: `Register ${core.url}/c/oidc/callback as a redirect address at the provider.`,
    });
  });

  it('the address: nobody there, another issuer, no provider', async () => {
    const { discovery: closed = '' } = await problemsOf(core, { ...settings(), endpoint: 'http://127.0.0.1:9' });
    expect(closed).toContain('127.0.0.1:9 cannot be reached');
    const { discovery: none = '' } = await problemsOf(core, { ...settings(), endpoint: `${core.url}/api` });
    expect(none).toContain('not what the standard says');
    const hostile = await startHostileProvider();
    hostile.misdeed = { metadata: (own) => ({ ...own, issuer: 'https://other.example' }) };
    const { discovery = '' } = await problemsOf(core, { ...settings(), endpoint: hostile.issuer });
    await hostile.stop();
    expect(discovery).toMatch(/issuer/);
  });

  it('at a sign-in the reason is in the audit log, and the browser gets a word', async () => {
    const source = { kind: 'oidc', name: 'corp', oidc: { ...settings(), auto_onboard: true } };
    expect((await callApi(core, ADMIN, 'POST', '/identity-sources', source)).status).toBe(201);
    const reason = async () => {
      const [row] = await core.database.query<{ text: string }>(
        `select payload->'audit'->>'description' as text from outbox_events where name = 'login.failed'
         order by id desc limit 1`,
      );
      return row?.text ?? '';
    };
    const browser = new SsoBrowser(core);
    const back = await browser.callback();
    await core.database.query(
      `update identity_sources set settings = jsonb_set(settings, '{endpoint}', '"http://127.0.0.1:9"')`,
    );
    core.clock.advanceMinutes(9);
    const answer = await browser.send('GET', back.href, { headers: { accept: 'text/html' } });
    expect(answer.headers.get('location')).toBe('/login?sso_error=unavailable');
    expect(await reason()).toContain('127.0.0.1:9 cannot be reached');
  });

  // The last one: the clock does not go back.
  it('the clocks, a warning first', async () => {
    const clock = async () => (await problemsOf(core, settings())).clock;
    core.clock.advanceMinutes(5);
    expect(await clock()).toMatch(/differ by \d+ seconds: set both by NTP/);
  });
});

describeWith(['openssl'], 'OIDC-8 S95 a certificate that is not trusted is named with what is wrong with it', () => {
  const directory = createTempDirectory('oidc-certificates');
  const at = (name: string) => join(directory.path, name);
  let core: TestCore;
  let provider: HostileProvider | null = null;

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
  });
  afterEach(async () => {
    await provider?.stop();
    provider = null;
  });
  afterAll(async () => {
    await core.stop();
    directory.remove();
  });

  /** A provider with a certificate that signs itself. */
  async function withCertificate(names: string, days: number): Promise<{ endpoint: string; pem: string }> {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('key')];
    openssl('req', '-new', ...key, '-out', at('csr'), '-subj', '/CN=provider');
    writeFileSync(at('ext'), `subjectAltName=${names}\n`);
    const files = ['-in', at('csr'), '-signkey', at('key'), '-extfile', at('ext'), '-out', at('pem')];
    openssl('x509', '-req', ...files, '-days', String(days));
    const pem = readFileSync(at('pem'), 'utf8');
    provider = await startHostileProvider({ tls: { cert: pem, key: readFileSync(at('key'), 'utf8') } });
    return { endpoint: provider.issuer, pem };
  }
  const problem = async (oidc: object) => (await problemsOf(core, { client_id: 'moorage', ...oidc })).discovery;

  it('control: the authority entered for the source is trusted', async () => {
    const { endpoint, pem } = await withCertificate('IP:127.0.0.1', 2);
    expect(await problem({ endpoint, ca_certificate: pem })).toBeUndefined();
    expect(await problem({ endpoint, verify_cert: false })).toBeUndefined();
  });

  it.each([
    ['signed by itself', 'IP:127.0.0.1', 2, false, 'enter it as the certificate authority of this address'],
    ['expired', 'IP:127.0.0.1', -1, true, 'it has expired; renew it, or check the clock of this server'],
    ['for another host', 'DNS:idp.example', 2, true, 'it is for another host name'],
  ])('%s', async (_what, names, days, isEntered, text) => {
    const { endpoint, pem } = await withCertificate(names, days);
    expect(await problem({ endpoint, ...(isEntered ? { ca_certificate: pem } : {}) })).toContain(text);
  });
});
