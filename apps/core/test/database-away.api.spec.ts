import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { loadConfig } from '@moorage/config';
import { Logger } from '@moorage/features/platform';
import { createTempDirectory, createTestDatabase, type TempDirectory, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCore, startCore } from '../src/core.ts';
import { ADMIN_PASSWORD, basic } from './support/test-core.ts';

/** A wire to the database that can be cut. */
async function cuttableWire(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(databaseUrl);
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('a database that goes away', () => {
  let test: TestDatabase;
  let wire: Awaited<ReturnType<typeof cuttableWire>>;
  let folder: TempDirectory;
  let core: RunningCore;

  beforeAll(async () => {
    test = await createTestDatabase();
    wire = await cuttableWire(test.url);
    folder = createTempDirectory('moorage-core-');
    const config = loadConfig({
      MOORAGE_PORT: '0',
      MOORAGE_DATABASE_URL: wire.url,
      MOORAGE_DATA_DIR: folder.path,
      MOORAGE_ADMIN_PASSWORD: ADMIN_PASSWORD,
      MOORAGE_SECRET_KEY: randomBytes(32).toString('hex'),
    });
    core = await startCore(config, new Logger('error'));
  });
  afterAll(async () => {
    wire.mend();
    await core.stop();
    wire.close();
    folder.remove();
    await test.close();
  });

  it('is a 503 that says when to try again, on the API, the token service and /v2, and heals by itself', async () => {
    const authorization = basic('admin', ADMIN_PASSWORD);
    const get = async (path: string) => {
      const { status, headers } = await fetch(core.url + path, { headers: { authorization } });
      return { status, retryAfter: headers.get('retry-after') };
    };
    const paths = [
      '/api/v2.0/projects',
      '/api/v2.0/projects/library/repositories/app/artifacts',
      '/service/token?service=harbor-registry&scope=repository:library/app:pull',
      '/v2/library/app/manifests/latest',
    ];
    for (const path of paths) expect((await get(path)).status, path).toBeLessThan(500);
    wire.cut();
    for (const path of paths) {
      expect(await get(path), path).toEqual({ status: 503, retryAfter: expect.stringMatching(/^[1-9]\d*$/) });
    }
    wire.mend();
    for (const path of paths) expect((await get(path)).status, path).toBeLessThan(500);
  });
});
