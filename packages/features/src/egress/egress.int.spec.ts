import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Secret } from '@moorage/config';
import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EgressVariables } from './egress-environment.ts';
import { EgressError, type EgressService, webFetch } from './index.ts';
import { egressWith, type Names } from './testing/egress-fixture.ts';

let test: TestDatabase;
const servers: Server[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(() => test.database.query('truncate egress_refusals'));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const egress = (variables: EgressVariables, names: Names = {}) => egressWith(test.database, variables, names);

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const echo = (request: IncomingMessage, response: ServerResponse): void => {
  void request.toArray().then((chunks) => {
    const body = Buffer.concat(chunks as Buffer[]).toString();
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
};
const refusals = () =>
  test.database.query('select purpose, host, address, reason, hits::int as hits from egress_refusals order by id');
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof EgressError ? error.failure : String(error)),
  );

describe('a call', () => {
  it('carries method, path, headers and body, and answers status, headers and bytes', async () => {
    const port = await serve(echo);
    const answer = await egress({ egressAllow: '127.0.0.1' }).fetch({
      purpose: 'test',
      url: `http://127.0.0.1:${port}/a?b=c#d`,
      method: 'POST',
      headers: { 'content-type': 'text/plain', authorization: 'Bearer x' },
      credentialsFor: `http://127.0.0.1:${port}`,
      body: 'hello',
    });
    const seen = JSON.parse(answer.body.toString()) as { headers: object };
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBe('a=1, b=2');
    expect(seen).toMatchObject({ method: 'POST', url: '/a?b=c', body: 'hello' });
    expect(seen.headers).toMatchObject({ authorization: 'Bearer x', host: `127.0.0.1:${port}` });
  });

  it('is refused, recorded and never sent when the address is not public', async () => {
    let calls = 0;
    const port = await serve((_request, response) => {
      calls++;
      response.end();
    });
    const closed = egress({}, { 'inner.example': '127.0.0.1' });
    expect(await failure(closed.fetch({ purpose: 'test', url: `http://127.0.0.1:${port}/` }))).toBe('unreachable');
    expect(await failure(closed.fetch({ purpose: 'test', url: `http://inner.example:${port}/` }))).toBe('unreachable');
    expect(await failure(closed.fetch({ purpose: 'test', url: `http://inner.example:${port}/` }))).toBe('unreachable');
    expect(calls).toBe(0);
    expect(await refusals()).toEqual([
      { purpose: 'test', host: '127.0.0.1', address: '127.0.0.1', reason: 'loopback', hits: 1 },
      { purpose: 'test', host: 'inner.example', address: '127.0.0.1', reason: 'loopback', hits: 2 },
    ]);
  });

  it('says the same of refused, closed and unknown', async () => {
    const open = egress({ egressAllow: '127.0.0.1' }, {});
    const port = await serve(echo);
    servers[0]?.close();
    const message = async (service: EgressService, url: string) =>
      (await service.fetch({ purpose: 'test', url }).catch((error: Error) => error.message)) as string;
    const texts = [
      await message(open, `http://127.0.0.1:${port}/`),
      await message(egress({}), `http://127.0.0.1:${port}/`),
      (await message(open, `http://nowhere.example:${port}/`)).replace('nowhere.example', '127.0.0.1'),
    ];
    expect(new Set(texts).size).toBe(1);
  });

  it('ends when the answer is too large, too slow or no HTTP', async () => {
    const big = await serve((_request, response) => void response.end(Buffer.alloc(2000)));
    const chunked = await serve((_request, response) => {
      response.write(Buffer.alloc(1000));
      response.end(Buffer.alloc(1000));
    });
    const slow = await serve((_request, response) => void response.write('x'));
    const service = egress({ egressAllow: '127.0.0.1' });
    const call = (port: number, timeoutMs: number) =>
      failure(service.fetch({ purpose: 'test', url: `http://127.0.0.1:${port}/`, maxBytes: 1500, timeoutMs }));
    expect([await call(big, 60_000), await call(chunked, 60_000), await call(slow, 300)]).toEqual([
      'too-large',
      'too-large',
      'timeout',
    ]);
  });

  it('may be a fetch for libraries', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/none') response.writeHead(204).end();
      else echo(request, response);
    });
    const call = webFetch(egress({ egressAllow: '127.0.0.1' }), { purpose: 'test' });
    const body = new URLSearchParams({ a: 'b c' });
    const answer = await call(`http://127.0.0.1:${port}/`, { method: 'POST', headers: {}, body });
    expect(await answer.json()).toMatchObject({ body: 'a=b+c' });
    expect((await call(`http://127.0.0.1:${port}/none`, { method: 'GET' })).status).toBe(204);
  });
});

describe('a connection of another protocol', () => {
  it('waits for its turn, as calls do: so many to one destination are opened at once', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    // Names are looked up while the place is held.
    const service = egressWith(test.database, { egressAllow: '127.0.0.1' }, {}, async () => {
      most = Math.max(most, ++open);
      await new Promise<void>((resolve) => waiting.push(resolve));
      open--;
      return [{ address: '127.0.0.1', family: 4 }];
    });
    const port = await serve(echo);
    const connect = () =>
      service.connect({ purpose: 'test', host: 'ldap.example', port, tls: null, timeoutMs: 30_000 });
    const sockets = Array.from({ length: 40 }, connect);
    for (let ended = 0; ended < 40; ended++) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
    }
    for (const socket of await Promise.all(sockets)) socket.destroy();
    expect(most).toBe(32);
  });
});

describe('a check', () => {
  it('explains without sending anything', async () => {
    const service = egress(
      { egressDeny: 'bad.example' },
      { 'two.example': '1.1.1.1 10.0.0.1', 'good.example': '1.1.1.1' },
    );
    expect(await service.check('https://good.example/')).toMatchObject({ allowed: true, port: 443 });
    expect(await service.check('https://two.example/')).toMatchObject({
      allowed: false,
      addresses: [
        { address: '1.1.1.1', allowed: true },
        { address: '10.0.0.1', allowed: false, reason: 'private' },
      ],
    });
    expect(await service.check('https://bad.example/')).toMatchObject({ allowed: false, reason: 'denied' });
    expect(await service.check('https://unknown.example/')).toMatchObject({ allowed: false, addresses: [] });
    expect(await service.check('file:///etc/passwd')).toMatchObject({ allowed: false, reason: 'scheme' });
  });
});

describe('a proxy', () => {
  it('carries calls with its own credentials, and the rules hold before it', async () => {
    const port = await serve(echo);
    const seen: string[] = [];
    const proxyPort = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
      echo(request, response);
    });
    servers[1]?.on('connect', (request: IncomingMessage, socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`);
      const target = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 403 No\r\n\r\n');
        socket.end();
        target.destroy();
      });
    });
    const service = egress(
      {
        egressProxy: new Secret(`http://me:pass%20word@127.0.0.1:${proxyPort}`),
        egressNoProxy: '127.0.0.1',
        egressAllow: '127.0.0.1',
      },
      { 'out.example': '1.1.1.1', 'inner.example': '10.0.0.1' },
    );
    const answer = await service.fetch({ purpose: 'test', url: 'http://out.example/x' });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ url: 'http://out.example/x' });
    expect(await failure(service.fetch({ purpose: 'test', url: 'https://out.example/x' }))).toBe('unreachable');
    expect(await failure(service.fetch({ purpose: 'test', url: 'http://inner.example/x' }))).toBe('unreachable');
    const direct = await service.fetch({ purpose: 'test', url: `http://127.0.0.1:${port}/direct` });
    expect(JSON.parse(direct.body.toString())).toMatchObject({ url: '/direct' });
    const basic = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
    expect(seen).toEqual([`GET http://out.example/x ${basic}`, `CONNECT out.example:443 ${basic}`]);
  });
});
