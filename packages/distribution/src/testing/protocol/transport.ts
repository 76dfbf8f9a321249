import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomContent } from './content.ts';
import { errorCodes, refusal } from './http-exchange.ts';
import { RegistryUnderTest, RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** Names, paths, methods, errors and connections (T1–T16, S72, S105, S110). */
export function describeTransport(start: StartTarget): void {
  describe('transport', () => {
    let registry: RegistryUnderTest;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
    });
    afterAll(() => registry.close());

    it('answers /v2/ with and without the last slash (T1, T2)', async () => {
      for (const path of ['/v2/', '/v2']) {
        const reply = await registry.send('GET', path);
        expect(reply.status).toBe(200);
        expect(reply.headers['docker-distribution-api-version']).toBe('registry/2.0');
        expect((await registry.send('HEAD', path)).status).toBe(200);
      }
    });

    it('opens uploads with and without the last slash (T2)', async () => {
      const repository = registry.repository();
      for (const path of ['blobs/uploads/', 'blobs/uploads']) {
        expect((await repository.send('POST', path, { headers: { 'content-length': 0 } })).status).toBe(202);
      }
    });

    it('names its API and hardens its headers on every answer, refusals included (T1)', async () => {
      const repository = registry.repository();
      const manifest = await repository.pushImage('latest');
      const replies = [
        await repository.get('manifests/latest'),
        await repository.get(`manifests/${manifest.digest}`),
        await repository.get('manifests/absent'),
        await repository.get('blobs/sha256:bad'),
        await registry.send('GET', '/v2/UPPER/tags/list'),
        await repository.send('POST', 'manifests/latest'),
        await registry.send('GET', '/v2/no-such-endpoint'),
      ];
      for (const { headers } of replies) {
        expect(headers['docker-distribution-api-version']).toBe('registry/2.0');
        expect(headers['x-content-type-options']).toBe('nosniff');
        expect(headers['content-security-policy']).toContain("default-src 'none'");
        expect(headers['x-powered-by']).toBeUndefined();
      }
    });

    it('reads routes from the right, so that names may contain route words (T3)', async () => {
      for (const tail of ['tags', 'blobs', 'manifests', 'uploads', 'referrers', 'blobs/uploads', 'tags/list', 'v2']) {
        const repository = registry.repository();
        const client = new RepositoryClient(registry, `${repository.name}/${tail}`);
        const manifest = await client.pushImage('latest');
        expect((await client.get('manifests/latest')).body.equals(manifest.bytes)).toBe(true);
        expect(JSON.parse((await client.get('tags/list')).body.toString())).toEqual({
          name: client.name,
          tags: ['latest'],
        });
        expect((await repository.get('tags/list')).status).toBe(404);
      }
    });

    const badNames = [
      'UPPER/case',
      'a//b',
      'a/',
      '/a',
      'a/../b',
      '..',
      '.',
      'a/./b',
      'a%2fb',
      'a%2Fb',
      '%2e%2e',
      'a%5cb',
      'a%00b',
      '-a',
      'a-',
      'a.',
      '_a',
      'a___b',
      'a..b',
      'a._b',
      'a b',
      'a+b',
      'a:b',
      'a@b',
      'ä',
      'a'.repeat(256),
    ];
    it.each(badNames)('refuses the repository name %j (T4, S72)', async (name) => {
      const path = encodeURI(`/v2/${name}`).replaceAll('%25', '%');
      for (const rest of ['/tags/list', '/manifests/latest', `/blobs/sha256:${'0'.repeat(64)}`]) {
        expect(refusal(await registry.send('GET', path + rest))).toEqual([400, 'NAME_INVALID']);
      }
      expect(refusal(await registry.send('POST', `${path}/blobs/uploads/`))).toEqual([400, 'NAME_INVALID']);
    });

    it.each(['a', 'a/b', 'a.b', 'a_b', 'a__b', 'a-b', 'a---b', '0/1', 'a/b/c/d/e/f'])(
      'accepts the repository name %j (T4)',
      async (tail) => {
        const name = `${registry.freshName()}/${tail}`;
        const reply = await registry.send('POST', `/v2/${name}/blobs/uploads/`, { headers: { 'content-length': 0 } }, [
          name,
        ]);
        expect(reply.status).toBe(202);
      },
    );

    it.each([
      '/v2/x',
      '/v2/x/manifests',
      '/v2/x/manifests/',
      '/v2/x/blobs/',
      '/v2/x/tags',
      '/v2/x/tags/list/',
      '/v2/_oci/x',
      '/v2//',
    ])('knows no endpoint %s', async (path) => {
      const reply = await registry.send('GET', path);
      expect([400, 404]).toContain(reply.status);
      expect(errorCodes(reply)).toHaveLength(1);
    });

    it('answers methods that an endpoint lacks with 405 and what it has (S18)', async () => {
      const { name } = registry.repository();
      const digest = randomContent().digest;
      const cases: [string, string][] = [
        ['POST', `/v2/${name}/manifests/latest`],
        ['PATCH', `/v2/${name}/manifests/latest`],
        ['PUT', `/v2/${name}/blobs/${digest}`],
        ['GET', `/v2/${name}/blobs/uploads/`],
        ['DELETE', `/v2/${name}/tags/list`],
        ['PUT', `/v2/${name}/referrers/${digest}`],
        ['POST', '/v2/'],
        ['DELETE', '/v2/_catalog'],
        ['OPTIONS', '/v2/'],
      ];
      for (const [method, path] of cases) {
        const reply = await registry.send(method, path, {}, [name]);
        expect(refusal(reply)).toEqual([405, 'UNSUPPORTED']);
        expect(reply.headers.allow).toBeTruthy();
      }
    });

    it('gives HEAD the headers of GET and no body (T13)', async () => {
      const repository = registry.repository();
      const manifest = await repository.pushImage('latest');
      const blob = await repository.pushBlob();
      for (const path of [
        'manifests/latest',
        `manifests/${manifest.digest}`,
        `blobs/${blob.digest}`,
        'manifests/absent',
      ]) {
        const [get, head] = [await repository.get(path), await repository.head(path)];
        expect(head.status).toBe(get.status);
        expect(head.body).toHaveLength(0);
        const own = { date: undefined, 'x-request-id': undefined };
        expect({ ...head.headers, ...own }).toEqual({ ...get.headers, ...own });
      }
    });

    it('never compresses and never adds parameters to types (T7)', async () => {
      const repository = registry.repository();
      const manifest = await repository.pushImage('latest');
      const headers = { 'accept-encoding': 'zstd, gzip, deflate, br' };
      for (const path of ['manifests/latest', `referrers/${manifest.digest}`, 'tags/list']) {
        const reply = await repository.get(path, headers);
        expect(reply.headers['content-encoding']).toBeUndefined();
        expect(reply.headers['content-type']).not.toContain(';');
        expect(Number(reply.headers['content-length'])).toBe(reply.body.length);
      }
    });

    it('refuses a query it cannot read, and parameters that contradict each other', async () => {
      const repository = registry.repository();
      expect((await repository.get('tags/list?n=%zz')).status).toBe(400);
      expect((await repository.get('tags/list?n=1&n=2')).status).toBe(400);
      const { digest } = randomContent();
      const twice = `blobs/uploads/?digest=${digest}&digest=${randomContent().digest}`;
      expect((await repository.send('POST', twice, { body: Buffer.from('x') })).status).toBe(400);
    });

    it('puts nothing a client sent raw into headers (S105)', async () => {
      const repository = registry.repository();
      const manifest = await repository.pushImage('b');
      await repository.pushManifest(manifest, 'c');
      const reply = await repository.get('tags/list?n=1&x=%0d%0aInjected:%20yes&y=%3e;%20rel=%22evil%22');
      expect(reply.headers['injected']).toBeUndefined();
      expect(String(reply.headers.link).split('>;')).toHaveLength(2);
    });

    it('answers a refused upload before it has read the body, and the client can read the answer (T9)', async () => {
      const url = new URL(registry.target.baseUrl);
      const head =
        `PUT /v2/UPPER/blobs/uploads/x HTTP/1.1\r\nHost: ${url.host}\r\n` + `Content-Length: ${10 * 1024 ** 3}\r\n\r\n`;
      const answer = await rawAnswer(url, head, 512 * 1024);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer.toLowerCase()).toContain('connection: close');
      expect(answer).toContain('NAME_INVALID');
    });

    it('asks for the body of a client that waits, and not when it refuses (T9)', async () => {
      const repository = registry.repository();
      const authorization = await registry.target.authorization?.({ repositories: [repository.name] });
      const url = new URL(registry.target.baseUrl);
      const head = (name: string) =>
        `POST /v2/${name}/blobs/uploads/?digest=${randomContent().digest} HTTP/1.1\r\nHost: ${url.host}\r\n` +
        (authorization ? `Authorization: ${authorization}\r\n` : '') +
        'Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n';
      expect(await rawAnswer(url, head('UPPER'), 0)).toMatch(/^HTTP\/1\.1 400 /);
      expect(await rawAnswer(url, head(repository.name), 0, 'hello')).toMatch(
        /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 /,
      );
    });
  });
}

/** Writes a raw request, `filler` bytes of body and, after `100 Continue`, the rest; returns all that came back. */
function rawAnswer(url: URL, head: string, filler: number, afterContinue?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write(head);
      if (filler > 0) socket.write(Buffer.alloc(filler));
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (afterContinue !== undefined && answer.includes('100 Continue') && !answer.includes('400'))
        socket.write(afterContinue);
      if (answer.includes('\r\n\r\n') && /HTTP\/1\.1 [2-5]/.test(answer)) socket.end();
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
  });
}
