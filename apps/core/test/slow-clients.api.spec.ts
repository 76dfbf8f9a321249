import { connect, type Socket } from 'node:net';
import { createProject } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorization, pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const SLOW = 600;

/** Beginnings of requests that are never ended, and one that is, whose answer is never read. */
const BEGINNINGS = (location: string) => [
  'GET /api/v2.0/projects HTTP/1.1\r\nHost: x\r\n',
  'POST /c/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  'POST /api/v2.0/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n',
  `PATCH ${location} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(ADMIN.name, ADMIN.password)}\r\nContent-Length: 100000\r\n\r\nslow`,
  `GET /v2/slow/app/blobs/LAYER HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(ADMIN.name, ADMIN.password)}\r\n\r\n`,
];

describe('S111 very many slow clients', () => {
  let core: TestCore;
  let layer: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    core = await startTestCore();
    await core.admin.call(createProject, { body: { project_name: 'slow' } });
    ({ layer } = await pushImage(core, ADMIN, 'slow/app', 'v1', 'x'.repeat(4 * 1024 * 1024)));
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await core.stop();
  });

  it('S111 hold up nobody: pushes and pulls beside them succeed', async () => {
    const { hostname, port } = new URL(core.url);
    const begun = await fetch(`${core.url}/v2/slow/app/blobs/uploads/`, {
      method: 'POST',
      headers: authorization(ADMIN),
    });
    const beginnings = BEGINNINGS(begun.headers.get('location') ?? '').map((text) => text.replace('LAYER', layer));
    await Promise.all(
      Array.from({ length: SLOW }, (_, index) => {
        const socket = connect(Number(port), hostname);
        sockets.push(socket);
        socket.on('error', () => undefined);
        socket.pause();
        return new Promise<void>((resolve) =>
          socket.once('connect', () => {
            socket.write(beginnings[index % beginnings.length] as string, () => resolve());
          }),
        );
      }),
    );
    const work = Array.from({ length: 20 }, async (_, index) => {
      await pushImage(core, ADMIN, `slow/honest-${index}`, 'v1', `layer ${index}`.repeat(10_000));
      const pulled = await fetch(`${core.url}/v2/slow/honest-${index}/manifests/v1`, { headers: authorization(ADMIN) });
      return pulled.status;
    });
    expect(new Set(await Promise.all(work))).toEqual(new Set([200]));
    const alive = sockets.filter((socket) => !socket.destroyed).length;
    // The slow ones are still there: it was beside them that the others worked.
    expect(alive).toBeGreaterThan(SLOW / 2);
  }, 120_000);
});
