import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createTempDirectory, createTestDatabase, describeWith, type TestDatabase } from '@moorage/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EgressError, type EgressRequest, type EgressService } from './index.ts';
import { egressWith } from './testing/egress-fixture.ts';

let test: TestDatabase;
const servers: Server[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen<S extends Server>(server: S): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** An HTTP server that remembers what it was asked, with all headers. */
async function trap(answer: RequestListener = (_request, response) => void response.end('trapped')) {
  const seen: IncomingMessage[] = [];
  const port = await listen(
    createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    }),
  );
  return { port, seen, origin: `http://127.0.0.1:${port}` };
}

function outcome(promise: Promise<{ status: number }>): Promise<number | string> {
  return promise.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof EgressError ? (error.refusal?.reason ?? error.failure) : String(error)),
  );
}

describe('S89 redirects', () => {
  let goal: Awaited<ReturnType<typeof trap>>;
  let service: EgressService;
  const redirectTo = (location: string, status = 302) =>
    trap((_request, response) =>
      response.writeHead(status, { location }).end('<meta http-equiv="refresh" content="0">'),
    );

  beforeEach(async () => {
    goal = await trap();
    // Every server of the test is listed except by the names of the cases.
    service = egressWith(test.database, { egressAllow: '127.0.0.1' });
  });

  it.each([301, 302, 303, 307, 308])('are not followed unless asked (%i)', async (status) => {
    const from = await redirectTo(goal.origin, status);
    expect(await outcome(service.fetch({ purpose: 'test', url: from.origin }))).toBe(status);
    expect(await outcome(service.fetch({ purpose: 'test', url: from.origin, redirects: 1, method: 'POST' }))).toBe(
      status,
    );
    expect(goal.seen).toEqual([]);
    expect(await outcome(service.fetch({ purpose: 'test', url: from.origin, redirects: 1 }))).toBe(200);
    expect(goal.seen).toHaveLength(1);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'metadata'],
    ['http://10.0.0.1/', 'private'],
    ['http://[::ffff:10.0.0.1]/', 'private'],
    ['http://2852039166/', 'metadata'],
    ['file:///etc/passwd', 'redirect'],
    ['gopher://127.0.0.1/', 'redirect'],
    ['http://user:pw@127.0.0.1/', 'userinfo'],
    ['http://127.0.0.1:6379/', 'port'],
  ])('to %s are decided anew: %s', async (location, reason) => {
    const from = await redirectTo(location);
    expect(await outcome(service.fetch({ purpose: 'test', url: from.origin, redirects: 3 }))).toBe(reason);
  });

  it('end after as many hops as asked for', async () => {
    const loop = await trap((request, response) => {
      const hop = Number(request.url?.slice(1) ?? 0);
      response.writeHead(302, { location: `/${hop + 1}` }).end();
    });
    expect(await outcome(service.fetch({ purpose: 'test', url: `${loop.origin}/0`, redirects: 3 }))).toBe('bad-answer');
    expect(loop.seen).toHaveLength(4);
  });

  it('in other answers than redirects mean nothing', async () => {
    for (const status of [200, 201, 202, 401]) {
      const from = await redirectTo(goal.origin, status);
      expect(await outcome(service.fetch({ purpose: 'test', url: from.origin, redirects: 3 }))).toBe(status);
    }
    expect(goal.seen).toEqual([]);
  });
});

describe('S90 a name that changes its mind', () => {
  it('is connected to the address that was decided on, and refused when any of its addresses is', async () => {
    const goal = await trap();
    const names = {
      'rebind.example': ['127.0.0.1', '10.0.0.1'],
      'mixed.example': '127.0.0.1 169.254.169.254',
      'mixed6.example': '127.0.0.1 fd00:ec2::254',
      'late.example': ['127.0.0.1', '127.0.0.1', '169.254.169.254'],
    };
    const service = egressWith(test.database, { egressAllow: '127.0.0.1' }, names);
    const call = (name: string) => outcome(service.fetch({ purpose: 'test', url: `http://${name}:${goal.port}/` }));
    expect(await call('rebind.example')).toBe(200);
    expect(await call('rebind.example')).toBe('private');
    expect(await call('mixed.example')).toBe('metadata');
    expect(await call('mixed6.example')).toBe('metadata');
    expect([await call('late.example'), await call('late.example'), await call('late.example')]).toEqual([
      200,
      200,
      'metadata',
    ]);
    expect(goal.seen).toHaveLength(3);
  });
});

describe('S91 S92 credentials', () => {
  const secret = { authorization: 'Bearer top-secret', cookie: 'sid=top-secret' };

  it('control: arrive at the origin they are meant for', async () => {
    const own = await trap();
    const service = egressWith(test.database, { egressAllow: '127.0.0.1' });
    await service.fetch({ purpose: 'test', url: `${own.origin}/token`, headers: secret, credentialsFor: own.origin });
    expect(own.seen[0]?.headers).toMatchObject(secret);
  });

  it('are left behind when a redirect leads to another host, port or scheme', async () => {
    const other = await trap();
    const own = await trap((_request, response) => response.writeHead(307, { location: other.origin }).end());
    const service = egressWith(test.database, { egressAllow: '127.0.0.1' });
    const call = { purpose: 'test', url: own.origin, headers: secret, credentialsFor: own.origin, redirects: 2 };
    expect(await outcome(service.fetch(call))).toBe(200);
    expect(own.seen[0]?.headers.authorization).toBe(secret.authorization);
    expect(other.seen).toHaveLength(1);
    expect(JSON.stringify(other.seen[0]?.headers)).not.toContain('top-secret');
  });

  it.each([
    ['another port', (origin: string) => origin.replace(/:\d+$/, ':1')],
    ['another host', (origin: string) => origin.replace('127.0.0.1', 'other.example')],
    ['another scheme', (origin: string) => origin.replace('http:', 'https:')],
    ['a host that only begins alike', (origin: string) => origin.replace('127.0.0.1', '127.0.0.1.evil.example')],
    ['nobody', () => undefined],
  ])('meant for %s are not sent, be they headers or a form (S96)', async (_what, meantFor) => {
    const realm = await trap();
    const service = egressWith(test.database, { egressAllow: '127.0.0.1' });
    const call: EgressRequest = { purpose: 'test', url: realm.origin, credentialsFor: meantFor(realm.origin) };
    expect(await outcome(service.fetch({ ...call, headers: { Authorization: 'Basic c2VjcmV0' } }))).toBe('credentials');
    expect(await outcome(service.fetch({ ...call, headers: { cookie: 'a=b' } }))).toBe('credentials');
    if (call.credentialsFor !== undefined) {
      const form = { method: 'POST', body: 'client_secret=top-secret' };
      expect(await outcome(service.fetch({ ...call, ...form }))).toBe('credentials');
    }
    expect(realm.seen).toEqual([]);
  });
});

describeWith(['openssl'], 'S95 TLS', () => {
  const directory = createTempDirectory('egress-tls');
  const at = (name: string) => join(directory.path, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  afterAll(() => directory.remove());

  /** A certificate that signs itself, and its key. */
  function certificate(name: string, names: string, days: number, key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']) {
    const [type = '', ...options] = key;
    const request = ['-newkey', type, ...options, '-nodes', '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)];
    openssl('req', '-new', ...request, '-subj', `/CN=${name}`);
    writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\n`);
    const files = ['-in', at(`${name}.csr`), '-signkey', at(`${name}.key`), '-extfile', at(`${name}.ext`)];
    openssl('x509', '-req', ...files, '-days', String(days), '-out', at(`${name}.pem`));
    return { cert: readFileSync(at(`${name}.pem`), 'utf8'), key: readFileSync(at(`${name}.key`), 'utf8') };
  }

  const serve = (options: TlsOptions) =>
    listen(
      createTlsServer(options, (socket) => {
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      }),
    );
  const service = () =>
    egressWith(
      test.database,
      { egressAllow: '127.0.0.1' },
      { 'good.example': '127.0.0.1', 'other.example': '127.0.0.1' },
    );
  const call = (port: number, terms: Partial<EgressRequest> = {}, host = 'good.example') =>
    outcome(service().fetch({ purpose: 'test', url: `https://${host}:${port}/`, ...terms }));

  it('control: a certificate of the authority entered for the endpoint is accepted', async () => {
    const good = certificate('good', 'DNS:good.example,IP:127.0.0.1', 2);
    const port = await serve(good);
    expect(await call(port, { caPem: good.cert })).toBe(200);
    expect(await call(port, { caPem: good.cert }, '127.0.0.1')).toBe(200);
    expect(await call(port, { insecure: true })).toBe(200);
  });

  it('refuses what is signed by itself, expired, for another host, weak, old, or of another authority', async () => {
    const good = certificate('good', 'DNS:good.example', 2);
    const other = certificate('other', 'DNS:good.example', 2);
    const expired = certificate('expired', 'DNS:good.example', -1);
    const weak = certificate('weak', 'DNS:good.example', 2, ['rsa:1024']);
    expect(await call(await serve(good))).toBe('certificate');
    expect(await call(await serve(good), { caPem: other.cert })).toBe('certificate');
    expect(await call(await serve(expired), { caPem: expired.cert })).toBe('certificate');
    expect(await call(await serve(good), { caPem: good.cert }, 'other.example')).toBe('certificate');
    expect(await call(await serve(good), { caPem: good.cert }, '127.0.0.1')).toBe('certificate');
    expect(
      await call(await serve({ ...good, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }), {
        caPem: good.cert,
      }),
    ).not.toBe(200);
    const wantsClient = { ...good, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' } as const;
    expect(await call(await serve(wantsClient), { caPem: good.cert })).not.toBe(200);
    expect(await call(await serve({ ...weak, ciphers: 'DEFAULT:@SECLEVEL=0' }), { caPem: weak.cert })).toBe(
      'certificate',
    );
  });

  it('tells nobody that an endpoint was accepted without verification but the endpoint itself', () => {
    const files = execFileSync('git', ['grep', '-lE', 'rejectUnauthorized|NODE_TLS_REJECT', '--', '*.ts'], {
      cwd: join(import.meta.dirname, '../../../..'),
      encoding: 'utf8',
    });
    const product = files
      .split('\n')
      .filter((file) => file !== '' && !/\.spec\.ts$|\/testing\/|^packages\/(testing|e2e|tooling)\//.test(file));
    expect(product).toEqual(['packages/features/src/egress/connector.ts']);
  });
});
