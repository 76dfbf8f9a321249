import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlobHandle } from '../ports/index.ts';
import { createMemoryStores } from '../stores/index.ts';
import { randomContent } from '../testing/protocol/content.ts';
import { RegistryUnderTest, type RepositoryClient } from '../testing/protocol/repository-client.ts';
import { serveRegistry } from '../testing/serve-registry.ts';
import type { ProgressLimits } from './progress-guard.ts';

/** Windows short enough for a test, for transfers that shall be cut; what is right for the network is in the defaults. */
const impatient = { windowMs: 100, minimumBytes: 1 };

describe('connections', () => {
  let registry: RegistryUnderTest;
  let repository: RepositoryClient;
  let openHandles: number;
  let openedHandles: number;
  let taken: string;
  beforeEach(() => serve({}));
  afterEach(() => registry.close());

  async function serve(limits: { upload?: ProgressLimits; download?: ProgressLimits }): Promise<void> {
    openHandles = 0;
    openedHandles = 0;
    taken = '';
    const stores = createMemoryStores();
    const open = stores.blobs.open.bind(stores.blobs);
    stores.blobs.open = async (digest) => counted(await open(digest));
    const append = stores.uploads.append.bind(stores.uploads);
    stores.uploads.append = (id, offset, source) => append(id, offset, noted(source));
    registry = new RegistryUnderTest(await serveRegistry({ ...stores, limits }));
    repository = registry.repository();
  }

  async function serveAnew(limits: { upload?: ProgressLimits; download?: ProgressLimits }): Promise<void> {
    await registry.close();
    await serve(limits);
  }

  async function* noted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      taken += Buffer.from(chunk).toString('latin1');
      yield chunk;
    }
  }

  function counted(handle: BlobHandle | null): BlobHandle | null {
    if (!handle) return null;
    openHandles++;
    openedHandles++;
    const close = async () => {
      openHandles--;
      await handle.close();
    };
    return { size: handle.size, read: (into, position) => handle.read(into, position), close };
  }

  /** A raw connection that collects what it receives. */
  async function dial(): Promise<{ socket: Socket; received: () => string; closed: Promise<void> }> {
    const url = new URL(registry.target.baseUrl);
    const socket = connect(Number(url.port), url.hostname);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    return { socket, received: () => text, closed };
  }

  it('cuts a body that stops arriving, and keeps what came (T12, S111)', async () => {
    await serveAnew({ upload: impatient });
    const location = await repository.startUpload();
    const { socket, received, closed } = await dial();
    socket.write(`PATCH ${location} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhello`);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect((await repository.get(location)).headers.range).toBe('0-4');
  });

  it('waits for a body that is slow but moves (T12)', async () => {
    const windowMs = 30_000;
    await serveAnew({ upload: { windowMs, minimumBytes: 1 } });
    const location = await repository.startUpload();
    const { socket, received, closed } = await dial();
    // The windows pass when the test says so, however long it takes itself.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      socket.write(`PATCH ${location} HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nConnection: close\r\n\r\n`);
      for (const letter of 'hello world!') {
        const before = taken.length;
        socket.write(letter);
        await expect.poll(() => taken.length, { interval: 2 }).toBe(before + 1);
        vi.advanceTimersByTime(windowMs);
      }
      await closed;
    } finally {
      vi.useRealTimers();
    }
    expect(taken).toBe('hello world!');
    expect(received()).toMatch(/^HTTP\/1\.1 202 /);
  });

  it('closes the blob of a client that reads nothing (S111)', async () => {
    await serveAnew({ download: impatient });
    const blob = await repository.pushBlob(randomContent(64_000_000));
    const { socket, closed } = await dial();
    socket.pause();
    socket.write(`GET /v2/${repository.name}/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => openedHandles).toBe(1);
    await expect.poll(() => openHandles).toBe(0);
    socket.resume();
    await closed;
  });

  it('closes the blobs of clients that leave (B6)', async () => {
    const blob = await repository.pushBlob(randomContent(16_000_000));
    const path = `/v2/${repository.name}/blobs/${blob.digest}`;
    for (let round = 0; round < 20; round++) {
      const { socket, received, closed } = await dial();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nRange: bytes=${round}-\r\n\r\n`);
      await expect.poll(() => received().length).toBeGreaterThan(0);
      socket.destroy();
      await closed;
    }
    await expect.poll(() => openHandles).toBe(0);
    expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    expect(openHandles).toBe(0);
  });

  it('breaks the connection when the storage fails in the middle of a download', async () => {
    await registry.close();
    const stores = createMemoryStores();
    const open = stores.blobs.open.bind(stores.blobs);
    stores.blobs.open = async (digest) => {
      const handle = await open(digest);
      return (
        handle && {
          size: handle.size,
          close: () => handle.close(),
          read: async (into, at) => (at > 500_000 ? Promise.reject(new Error('EIO')) : handle.read(into, at)),
        }
      );
    };
    registry = new RegistryUnderTest(await serveRegistry(stores));
    repository = registry.repository();
    const blob = await repository.pushBlob(randomContent(2_000_000));
    await expect(repository.get(`blobs/${blob.digest}`)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  });

  it('serves requests one after another on a kept connection, refused bodies between them', async () => {
    const { socket, received } = await dial();
    const refused = 'PUT /v2/UPPER/manifests/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello';
    const ping = 'GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(refused + ping + refused + ping);
    await expect.poll(() => received().match(/HTTP\/1\.1 \d+/g)?.length).toBe(4);
    expect(received().match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 400',
      'HTTP/1.1 200',
      'HTTP/1.1 400',
      'HTTP/1.1 200',
    ]);
    socket.destroy();
  });

  it.each([
    ['a length and a transfer coding', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a bare line feed', 'X: y\nContent-Length: 3\r\n\r\nabc'],
    ['a folded header', 'X: y\r\n z\r\nContent-Length: 3\r\n\r\nabc'],
    ['a space before the colon', 'Content-Length : 3\r\n\r\nabc'],
    ['a negative length', 'Content-Length: -3\r\n\r\nabc'],
  ])('answers at most once to %s, and closes (S78)', async (_name, rest) => {
    const { socket, received, closed } = await dial();
    socket.write(`POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\n${rest}`);
    socket.write('GET /v2/smuggled/tags/list HTTP/1.1\r\nHost: x\r\n\r\n');
    await closed;
    const answers = received().match(/HTTP\/1\.1 \d+/g) ?? [];
    expect(answers[0]).toBe('HTTP/1.1 400');
    expect(answers).toHaveLength(1);
    socket.destroy();
  });
});
