import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetadataBench, type OpenMetadata } from './metadata-fixture.ts';
import { sampleBlob, sampleImage, sampleIndex } from './sample.ts';

/** The contract of RepositoryBlobs. */
export function describeRepositoryBlobs(title: string, open: OpenMetadata): void {
  describe(`${title}: blobs of a repository`, () => {
    let bench: MetadataBench;
    beforeEach(async () => {
      bench = new MetadataBench(await open());
    });
    afterEach(() => bench.fixture.close());

    it('finds a linked blob with its size, and no other', async () => {
      const blob = await bench.link(bench.scope(), sampleBlob(1234));
      expect(await bench.store.findBlob(bench.scope(), blob.digest)).toEqual({ size: 1234 });
      expect(await bench.store.findBlob(bench.scope(), sampleBlob().digest)).toBeNull();
    });

    it('keeps sizes beyond 32 bits', async () => {
      const blob = { ...sampleBlob(), size: 20 * 1024 ** 3 };
      await bench.link(bench.scope(), blob);
      expect(await bench.store.findBlob(bench.scope(), blob.digest)).toEqual({ size: blob.size });
    });

    it('shows a blob to no other repository, of the same or another namespace (B2, S65)', async () => {
      const blob = await bench.link(bench.scope('app'));
      expect(await bench.store.findBlob(bench.scope('app2'), blob.digest)).toBeNull();
      expect(await bench.store.findBlob(bench.scope('app', 1), blob.digest)).toBeNull();
    });

    it('never reaches the rows of another owner by name (S65)', async () => {
      const blob = await bench.link(bench.scope('app'));
      const stolen = { name: bench.name('app'), namespaceId: bench.fixture.namespaceIds[1] };
      expect(await bench.store.findBlob(stolen, blob.digest)).toBeNull();
      expect(await bench.store.unlinkBlob(bench.context(stolen), blob.digest)).toBe('missing');
      expect(await bench.store.findBlob(bench.scope('app'), blob.digest)).not.toBeNull();
    });

    it('links twice as once', async () => {
      const blob = await bench.link();
      expect(await bench.store.linkBlob(bench.context(), blob)).toEqual({ status: 'linked' });
      expect(await bench.store.unlinkBlob(bench.context(), blob.digest)).toBe('unlinked');
      expect(await bench.store.findBlob(bench.scope(), blob.digest)).toBeNull();
    });

    it('ends the upload session together with the link', async () => {
      const id = await bench.start();
      const blob = sampleBlob();
      await bench.store.linkBlob(bench.context(), { ...blob, uploadId: id });
      expect(await bench.store.findUpload(bench.context(), id)).toBeNull();
    });

    it('mounts what the source has, whoever owns it, and nothing else (M1, M2)', async () => {
      const from = bench.scope('shared', 1);
      const blob = await bench.link(from, sampleBlob(99));
      const context = bench.context(bench.scope('target'));
      expect(await bench.store.mountBlob(context, blob.digest, from)).toEqual({ status: 'linked' });
      expect(await bench.store.findBlob(bench.scope('target'), blob.digest)).toEqual({ size: 99 });
      expect(await bench.store.mountBlob(context, sampleBlob().digest, from)).toEqual({ status: 'missing' });
      const nowhere = bench.scope('nowhere');
      expect(await bench.store.mountBlob(context, blob.digest, nowhere)).toEqual({ status: 'missing' });
    });

    it('keeps a mounted blob when the source lets go of it', async () => {
      const from = bench.scope('shared');
      const blob = await bench.link(from);
      await bench.store.mountBlob(bench.context(bench.scope('target')), blob.digest, from);
      await bench.store.unlinkBlob(bench.context(from), blob.digest);
      expect(await bench.store.findBlob(bench.scope('target'), blob.digest)).not.toBeNull();
    });

    it('finds a mount source only within the namespace (M3)', async () => {
      const blob = await bench.link(bench.scope('shared'));
      expect(await bench.store.findBlobSource(bench.scope('target'), blob.digest)).toEqual(bench.scope('shared'));
      expect(await bench.store.findBlobSource(bench.scope('target', 1), blob.digest)).toBeNull();
      expect(await bench.store.findBlobSource(bench.scope('target'), sampleBlob().digest)).toBeNull();
    });

    it('does not unlink what a manifest needs, and does once the manifest is gone', async () => {
      const [config, layer, cache] = [await bench.link(), await bench.link(), await bench.link()];
      const image = sampleImage(config, [layer]);
      await bench.store.putManifest(bench.context(), image);
      const index = sampleIndex([{ digest: cache.digest, mediaType: 'application/vnd.oci.image.layer.v1.tar' }]);
      await bench.store.putManifest(bench.context(), index);
      for (const { digest } of [config, layer, cache]) {
        expect(await bench.store.unlinkBlob(bench.context(), digest)).toBe('referenced');
      }
      await bench.store.deleteManifest(bench.context(), { digest: image.digest });
      await bench.store.deleteManifest(bench.context(), { digest: index.digest });
      for (const { digest } of [config, layer, cache]) {
        expect(await bench.store.unlinkBlob(bench.context(), digest)).toBe('unlinked');
        expect(await bench.store.unlinkBlob(bench.context(), digest)).toBe('missing');
      }
    });

    it('unlinks here although a manifest elsewhere needs the blob', async () => {
      const blob = await bench.link(bench.scope('here'));
      await bench.link(bench.scope('elsewhere'), blob);
      await bench.store.putManifest(bench.context(bench.scope('elsewhere')), sampleImage(blob, []));
      expect(await bench.store.unlinkBlob(bench.context(bench.scope('here')), blob.digest)).toBe('unlinked');
    });
  });
}
