import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, randomContent } from './content.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** Many clients at once (U15, R10, R11, R13, B6). */
export function describeConcurrency(start: StartTarget): void {
  describe('many clients at once', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
    });
    afterAll(() => registry.close());

    it('store one content once, and one who lies about it not at all (R13)', async () => {
      const blob = randomContent(2_000_000);
      const repositories = Array.from({ length: 6 }, (_, number) => registry.repository(`same-${number}`));
      const pushes = repositories.flatMap((client) => [
        client.startUpload().then((location) => client.finish(location, blob.digest, blob.bytes)),
        client.send('POST', `blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes }),
      ]);
      const lie = repository
        .startUpload()
        .then((location) => repository.finish(location, blob.digest, randomContent(2_000_000).bytes));
      expect((await Promise.all(pushes)).map(({ status }) => status)).toEqual(pushes.map(() => 201));
      expect((await lie).status).toBe(400);
      expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(404);
      for (const client of repositories) {
        const { body } = await client.get(`blobs/${blob.digest}`);
        expect(createHash('sha256').update(body).digest('hex')).toBe(blob.digest.slice('sha256:'.length));
      }
    });

    it('see a tag only with its manifest and all its layers (R11)', async () => {
      const layers = [await repository.pushBlob(), await repository.pushBlob()];
      let pushing = true;
      const reader = async (): Promise<number> => {
        let seen = 0;
        while (pushing) {
          const reply = await repository.get('manifests/moving');
          if (reply.status === 404) continue;
          expect(reply.status).toBe(200);
          seen++;
          const { layers: named } = JSON.parse(reply.body.toString()) as { layers: { digest: string }[] };
          for (const { digest } of named) expect((await repository.head(`blobs/${digest}`)).status).toBe(200);
        }
        return seen;
      };
      const readers = [reader(), reader()];
      for (let round = 0; round < 15; round++) {
        await repository.pushManifest(image(await repository.pushBlob(), layers), 'moving');
      }
      pushing = false;
      for (const seen of await Promise.all(readers)) expect(seen).toBeGreaterThan(0);
    });

    it('agree on which of many pushes of one tag came last (R10)', async () => {
      const images = await Promise.all(Array.from({ length: 8 }, async () => image(await repository.pushBlob(), [])));
      const replies = await Promise.all(images.map((one) => repository.putManifest('contended', one)));
      expect(replies.map(({ status }) => status)).toEqual(images.map(() => 201));
      const winner = await repository.get('manifests/contended');
      expect(images.map(({ digest }) => digest)).toContain(winner.headers['docker-content-digest']);
      for (const one of images) expect((await repository.head(`manifests/${one.digest}`)).status).toBe(200);
      expect((await repository.get('manifests/contended')).body.equals(winner.body)).toBe(true);
    });

    it('may leave in the middle of large downloads, and others are still served (B6)', async () => {
      const blob = await repository.pushBlob(randomContent(8_000_000));
      const path = `/v2/${repository.name}/blobs/${blob.digest}`;
      const authorization = await registry.target.authorization?.({ repositories: [repository.name] });
      const { hostname, port } = new URL(registry.target.baseUrl);
      const leave = (start: number) =>
        new Promise<void>((resolve) => {
          const headers = { range: `bytes=${start}-`, ...(authorization ? { authorization } : {}) };
          const outgoing = request({ host: hostname, port, path, headers }, (incoming) => {
            incoming.once('data', () => incoming.destroy());
            incoming.once('close', () => resolve());
          });
          outgoing.once('error', () => resolve());
          outgoing.end();
        });
      await Promise.all(Array.from({ length: 40 }, (_, number) => leave(number * 1000)));
      expect((await repository.get(path)).body.equals(blob.bytes)).toBe(true);
    });

    it('push small images side by side', async () => {
      const clients = Array.from({ length: 10 }, (_, number) => registry.repository(`image-${number}`));
      const images = await Promise.all(clients.map((client) => client.pushImage('latest')));
      for (const [number, client] of clients.entries()) {
        const { body } = await client.get('manifests/latest');
        expect(images[number]?.bytes.equals(body)).toBe(true);
      }
    });
  });
}
