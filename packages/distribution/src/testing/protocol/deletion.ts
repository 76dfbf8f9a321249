import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { index, randomContent } from './content.ts';
import { refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** Deleting tags, manifests and blobs (X1–X5, S75, R12). */
export function describeDeletion(start: StartTarget): void {
  describe('deleting', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
    });
    afterAll(() => registry.close());

    const remove = (path: string, client = repository) => client.send('DELETE', path);

    it('removes a tag and nothing else (X1)', async () => {
      const pushed = await repository.pushImage('x1');
      await repository.pushManifest(pushed, 'x1-other');
      expect((await remove('manifests/x1')).status).toBe(202);
      expect(refusal(await repository.get('manifests/x1'))).toEqual([404, 'MANIFEST_UNKNOWN']);
      for (const reference of ['x1-other', pushed.digest]) {
        expect((await repository.get(`manifests/${reference}`)).body.equals(pushed.bytes)).toBe(true);
      }
      expect(refusal(await remove('manifests/x1'))).toEqual([404, 'MANIFEST_UNKNOWN']);
    });

    it('removes a manifest with every tag on it, at once (X2)', async () => {
      const pushed = await repository.pushImage('x2');
      await repository.pushManifest(pushed, 'x2-other');
      await repository.get('manifests/x2');
      expect((await remove(`manifests/${pushed.digest}`)).status).toBe(202);
      for (const reference of ['x2', 'x2-other', pushed.digest]) {
        expect((await repository.get(`manifests/${reference}`)).status).toBe(404);
        expect((await repository.head(`manifests/${reference}`)).status).toBe(404);
      }
      expect(refusal(await remove(`manifests/${pushed.digest}`))).toEqual([404, 'MANIFEST_UNKNOWN']);
    });

    it('lets deleted content be pushed again (R18)', async () => {
      const pushed = await repository.pushImage('again');
      await remove(`manifests/${pushed.digest}`);
      await repository.pushManifest(pushed, 'again');
      expect((await repository.get('manifests/again')).body.equals(pushed.bytes)).toBe(true);
      const blob = await repository.pushBlob();
      await remove(`blobs/${blob.digest}`);
      await repository.pushBlob(blob);
      expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('removes a blob at once, from this repository only (X3, S75)', async () => {
      const [blob, other] = [await repository.pushBlob(), registry.repository('other')];
      await other.pushBlob(blob);
      expect((await repository.get(`blobs/${blob.digest}`)).status).toBe(200);
      expect((await remove(`blobs/${blob.digest}`)).status).toBe(202);
      expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(404);
      expect(refusal(await repository.get(`blobs/${blob.digest}`))).toEqual([404, 'BLOB_UNKNOWN']);
      expect(refusal(await remove(`blobs/${blob.digest}`))).toEqual([404, 'BLOB_UNKNOWN']);
      expect((await other.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('keeps a blob that a manifest needs (X3)', async () => {
      const pushed = await repository.pushImage();
      const { config, layers } = JSON.parse(pushed.bytes.toString()) as {
        config: { digest: string };
        layers: [{ digest: string }];
      };
      for (const { digest } of [config, layers[0]]) {
        expect(refusal(await remove(`blobs/${digest}`))).toEqual([405, 'UNSUPPORTED']);
        expect((await repository.head(`blobs/${digest}`)).status).toBe(200);
      }
      expect((await remove(`manifests/${pushed.digest}`)).status).toBe(202);
      for (const { digest } of [config, layers[0]]) expect((await remove(`blobs/${digest}`)).status).toBe(202);
    });

    it('keeps the children of an index until the index is gone (X4)', async () => {
      const child = await repository.pushImage('child');
      const parent = await repository.pushManifest(index([child]), 'parent');
      expect(refusal(await remove(`manifests/${child.digest}`))).toEqual([403, 'DENIED']);
      expect((await remove('manifests/child')).status).toBe(202);
      expect((await repository.get(`manifests/${child.digest}`)).status).toBe(200);
      expect((await remove(`manifests/${parent.digest}`)).status).toBe(202);
      expect((await remove(`manifests/${child.digest}`)).status).toBe(202);
    });

    it('knows nothing to delete in an unknown repository, or under malformed references', async () => {
      const fresh = registry.repository('fresh');
      const { digest } = randomContent();
      expect(refusal(await remove(`manifests/${digest}`, fresh))).toEqual([404, 'NAME_UNKNOWN']);
      expect(refusal(await remove(`blobs/${digest}`, fresh))).toEqual([404, 'BLOB_UNKNOWN']);
      expect(refusal(await remove('manifests/sha256:bad'))).toEqual([400, 'DIGEST_INVALID']);
      expect(refusal(await remove('blobs/sha256:bad'))).toEqual([400, 'DIGEST_INVALID']);
    });

    it('stays deleted across a restart (R12)', async ({ skip }) => {
      const restart = registry.target.restart ?? skip();
      const [gone, kept] = [await repository.pushImage('gone'), await repository.pushImage('kept')];
      expect((await remove(`manifests/${gone.digest}`)).status).toBe(202);
      await restart();
      expect((await repository.get('manifests/gone')).status).toBe(404);
      expect((await repository.get('manifests/kept')).body.equals(kept.bytes)).toBe(true);
    });
  });
}
