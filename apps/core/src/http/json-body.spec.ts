import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@moorage/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseBody, readLimitedBody } from './json-body.ts';
import { parseStrictJson } from './strict-json.ts';

describe('readLimitedBody', () => {
  const server = createServer();
  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.removeAllListeners('request');
    await new Promise((resolve) => server.close(resolve));
  });

  /** What reading says about a request whose body is `parts`, of which the last may never come. */
  async function reading(parts: readonly string[], ends: boolean, length?: number): Promise<string> {
    const read = new Promise<string>((resolve) => {
      server.once('request', (request: IncomingMessage) => {
        readLimitedBody(request, 10, 50).then(
          (body) => resolve(body.toString()),
          (error: unknown) => resolve(error instanceof AppError ? error.code : String(error)),
        );
      });
    });
    const { port } = server.address() as AddressInfo;
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
    request.on('error', () => undefined);
    if (length !== undefined) request.setHeader('content-length', length);
    request.flushHeaders();
    for (const part of parts) request.write(part);
    if (ends) request.end();
    const result = await read;
    request.destroy();
    return result;
  }

  it('gives what arrives within the limit', async () => {
    expect(await reading(['hello', ' you'], true)).toBe('hello you');
  });

  it('S110 refuses more, announced or not', async () => {
    expect(await reading([], false, 11)).toBe('REQUEST_ENTITY_TOO_LARGE');
    expect(await reading(['hello hello'], true)).toBe('REQUEST_ENTITY_TOO_LARGE');
  });

  it('S111 does not wait for a body that does not come', async () => {
    expect(await reading(['hel'], false, 5)).toBe('REQUEST_TIMEOUT');
    expect(await reading(['hel'], false)).toBe('REQUEST_TIMEOUT');
  });
});

describe('parseBody', () => {
  const parse = (text: string) => parseBody('application/json', Buffer.from(text), parseStrictJson);

  it('takes null for no body, as Go programs write it, and nothing else that is no object', () => {
    expect([parse(''), parse('null'), parse('null\n')]).toEqual([undefined, undefined, undefined]);
    expect(parse('{"a":null}')).toEqual({ a: null });
    for (const text of ['nul', 'null null', 'nullx', '[]', '"null"', '0', 'false', `${' '.repeat(80)}null`]) {
      expect(() => parse(text), text).toThrow('The body cannot be read');
    }
  });
});
