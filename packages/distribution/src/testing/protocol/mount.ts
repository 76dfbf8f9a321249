import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS } from '../../digest.ts';
import { randomContent } from './content.ts';
import { refusal } from './http-exchange.ts';
import { RegistryUnderTest, RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** Mounting blobs of other repositories (M1–M6, S67). */
export function describeMount(start: StartTarget): void {
  describe('mounting blobs', () => {
    let registry: RegistryUnderTest;
    let source: RepositoryClient;
    let target: RepositoryClient;
    let absent: string;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      source = registry.repository('source');
      absent = registry.freshName('absent');
      target = registry.repository('target', [source.name, absent]);
    });
    afterAll(() => registry.close());

    const mount = (query: string) =>
      target.send('POST', `blobs/uploads/?${query}`, { headers: { 'content-length': 0 } });

    it.each(DIGEST_ALGORITHMS)('mounts a blob under %s without moving bytes (M1)', async (algorithm) => {
      const blob = await source.pushBlob(randomContent(3000, algorithm));
      const reply = await mount(`mount=${blob.digest}&from=${encodeURIComponent(source.name)}`);
      expect(reply.status).toBe(201);
      expect(reply.headers['docker-content-digest']).toBe(blob.digest);
      expect(target.locationOf(reply, 201)).toBe(`/v2/${target.name}/blobs/${blob.digest}`);
      expect((await target.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('mounts from wherever the caller may read in the same project when no source is named (M3)', async () => {
      const blob = await source.pushBlob();
      expect((await mount(`mount=${blob.digest}`)).status).toBe(201);
      expect((await target.head(`blobs/${blob.digest}`)).status).toBe(200);
    });

    it('opens an ordinary session when there is nothing to mount (M2)', async () => {
      const blob = randomContent();
      const { digest } = blob;
      for (const query of [
        `mount=${digest}&from=${source.name}`,
        `mount=${digest}&from=${absent}`,
        `mount=${digest}`,
      ]) {
        const reply = await mount(query);
        expect(reply.status).toBe(202);
        expect(reply.headers.range).toBe('0-0');
      }
      const location = target.locationOf(await mount(`mount=${digest}&from=${source.name}`), 202);
      expect((await target.finish(location, digest, blob.bytes)).status).toBe(201);
    });

    it('answers every failed mount alike, so that it is no oracle (S67)', async () => {
      const blob = randomContent();
      const froms = [source.name, absent, 'NOT/A/NAME', '..', ''];
      const shapes: string[] = [];
      for (const from of froms) {
        const reply = await mount(`mount=${blob.digest}&from=${encodeURIComponent(from)}`);
        const uuid = reply.headers['docker-upload-uuid']?.toString() ?? '';
        const headers = { ...reply.headers, date: undefined, 'x-request-id': undefined };
        shapes.push(`${reply.status} ${reply.body.toString()} ${JSON.stringify(headers)}`.replaceAll(uuid, 'ID'));
      }
      expect(new Set(shapes).size).toBe(1);
    });

    it('refuses a malformed digest and ignores an origin hint (M6)', async () => {
      expect(refusal(await mount(`mount=sha256:bad&from=${source.name}`))).toEqual([400, 'DIGEST_INVALID']);
      const blob = await source.pushBlob();
      expect((await mount(`mount=${blob.digest}&from=${source.name}&origin=ghcr.io`)).status).toBe(201);
    });

    it('keeps a mounted blob when the source deletes it (M5, S75)', async () => {
      const blob = await source.pushBlob();
      expect((await mount(`mount=${blob.digest}&from=${source.name}`)).status).toBe(201);
      expect((await source.send('DELETE', `blobs/${blob.digest}`)).status).toBe(202);
      expect((await source.head(`blobs/${blob.digest}`)).status).toBe(404);
      expect((await target.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('mounts into a repository that is new', async () => {
      const fresh = new RepositoryClient(registry, registry.freshName('fresh'), [source.name]);
      const blob = await source.pushBlob();
      const reply = await fresh.send('POST', `blobs/uploads/?mount=${blob.digest}&from=${source.name}`);
      expect(reply.status).toBe(201);
    });
  });
}
