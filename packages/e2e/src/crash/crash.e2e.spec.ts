import {
  type Artifact,
  createTempDirectory,
  ImageFactory,
  RegistryClient,
  seededBytes,
  type TempDirectory,
} from '@moorage/testing';
import { chmodSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct } from '../target/product.ts';
import { startStandalone } from '../target/standalone.ts';
import type { Target } from '../target/target.ts';

const CREDENTIALS = { username: 'admin', password: 'Crash-1234567' };
const ROUNDS = 3;
const WRITERS = 4;
/** A writer gives up after so many pushes, should the server never end. */
const MOST = 500;

const TARGETS = [
  { name: 'the engine alone', start: (root: string) => startStandalone(root) },
  {
    name: 'the product',
    start: (root: string) => startProduct({ dataDirectory: `${root}/data`, credentials: CREDENTIALS }),
  },
];

/** Pushes small images one after the other until the server is gone; returns those whose push was acknowledged. */
async function pushUntilGone(client: RegistryClient, repository: string, enough: () => void): Promise<Artifact[]> {
  const images = new ImageFactory(`crash/${repository}/${Date.now()}`);
  const acknowledged: Artifact[] = [];
  while (acknowledged.length < MOST) {
    const image = images.image({ layerSizes: [20_000, 300] });
    const pushed = await client.push(repository, image, `t${acknowledged.length}`).then(
      () => true,
      () => false,
    );
    if (!pushed) return acknowledged;
    acknowledged.push(image);
    if (acknowledged.length === 10) enough();
  }
  return acknowledged;
}

describe.each(TARGETS)('killed without warning, $name', ({ start }) => {
  let directory: TempDirectory;
  let target: Target;
  beforeAll(async () => {
    directory = createTempDirectory('crash');
    // PostgreSQL's own account must be able to reach its files.
    chmodSync(directory.path, 0o755);
    target = await start(directory.path);
    await target.createProject('crash');
  });
  afterAll(async () => {
    await target?.stop();
    directory?.remove();
  });

  it('still has every image whose push it acknowledged, after several such ends', async () => {
    const kept: { repository: string; images: Artifact[] }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const client = new RegistryClient(target.origin, target.credentials);
      let busy = WRITERS;
      const enough = () => {
        busy--;
        if (busy === 0) target.kill();
      };
      const repositories = Array.from({ length: WRITERS }, (_, writer) => `crash/r${round}-w${writer}`);
      const pushed = await Promise.all(repositories.map((repository) => pushUntilGone(client, repository, enough)));
      kept.push(...repositories.map((repository, writer) => ({ repository, images: pushed[writer] ?? [] })));
      await target.stop();
      target = await start(directory.path);
      const reader = new RegistryClient(target.origin, target.credentials);
      for (const { repository, images } of kept) {
        expect(images.length).toBeGreaterThanOrEqual(10);
        const tags = await reader.tags(repository);
        for (const [index, image] of images.entries()) {
          expect(tags).toContain(`t${index}`);
          await reader.verify(repository, image, `t${index}`);
        }
      }
    }
  });

  it('lets an upload go on from the last byte it kept, once something that came later was acknowledged', async () => {
    const bytes = seededBytes('resumed', 3_000_000);
    const half = 2_000_000;
    const before = new RegistryClient(target.origin, target.credentials);
    const opened = await before.send('POST', '/v2/crash/resumed/blobs/uploads/', { body: Buffer.alloc(0) });
    const patched = await before.send('PATCH', String(opened.headers.location), { body: bytes.subarray(0, half) });
    expect(patched.status).toBe(202);
    // The row of an upload does not wait for the disk. What links a blob does, and everything before it is there with it.
    const later = new ImageFactory('resumed').blob(100, 'application/octet-stream');
    await before.pushBlob('crash/resumed', later.descriptor, later.bytes);
    target.kill();
    await target.stop();
    target = await start(directory.path);

    const after = new RegistryClient(target.origin, target.credentials);
    const asked = await after.send('GET', String(patched.headers.location));
    expect(asked.status).toBe(204);
    expect(asked.headers.range).toBe(`0-${half - 1}`);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const rest = await after.send('PATCH', String(asked.headers.location), { body: bytes.subarray(half) });
    const commit = `${rest.headers.location}${String(rest.headers.location).includes('?') ? '&' : '?'}digest=${digest}`;
    expect((await after.send('PUT', commit, { body: Buffer.alloc(0) })).status).toBe(201);
    await after.verifyBlob('crash/resumed', { mediaType: '', digest, size: bytes.length });
  });
});
