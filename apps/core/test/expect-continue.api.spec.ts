import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from './support/registry.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

const AUTHORIZATION = `Authorization: ${basic('admin', ADMIN_PASSWORD)}`;

describe('requests that wait for 100 Continue (T9)', () => {
  let core: TestCore;
  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  /** Sends the head, then the body once the server says so; returns everything the server sent. */
  function exchange(method: string, path: string, headers: readonly string[], body: string): Promise<string> {
    const { hostname, port } = new URL(core.url);
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    const head = [`${method} ${path} HTTP/1.1`, 'Host: core', 'Expect: 100-continue', 'Connection: close', length];
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = '';
      let isSent = false;
      socket.setEncoding('latin1');
      socket.on('data', (chunk: string) => {
        received += chunk;
        if (isSent || !received.startsWith('HTTP/1.1 100 Continue')) return;
        isSent = true;
        socket.write(body);
      });
      socket.once('error', reject);
      socket.once('close', () => resolve(received));
      socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n`);
    });
  }

  it('are refused by the engine before the body, and the process goes on', async () => {
    const answer = await exchange('POST', `/v2/expect/app/blobs/uploads/?digest=${sha256('{}')}`, [], '{}');
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect((await fetch(`${core.url}/livez`)).status).toBe(200);
  });

  it('reach the API and the engine with their bodies', async () => {
    const json = [AUTHORIZATION, 'Content-Type: application/json'];
    const project = await exchange('POST', '/api/v2.0/projects', json, '{"project_name":"expect"}');
    expect(project).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
    const path = `/v2/expect/app/blobs/uploads/?digest=${sha256('{}')}`;
    expect(await exchange('POST', path, [AUTHORIZATION], '{}')).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /,
    );
  });

  it('may ask for pages and probes as well', async () => {
    expect(await exchange('GET', '/livez', [], '')).toContain('HTTP/1.1 200 ');
    expect(await exchange('GET', '/api/v2.0/nothing', [], '')).toContain('HTTP/1.1 404 ');
    expect(await exchange('GET', '/nowhere', [], '')).toMatch(/HTTP\/1\.1 (200|404) /);
  });
});
