import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Digest, digestOf } from '../../digest.ts';
import { MAX_INDEX_DEPTH } from '../../manifest.ts';
import { DOCKER_MANIFEST, OCI_IMAGE_MANIFEST } from '../../manifest/media-type.ts';
import { parseManifest } from '../../manifest/parse-manifest.ts';
import type { NewManifest } from '../../ports/index.ts';
import { MetadataBench, type OpenMetadata } from './metadata-fixture.ts';
import { type SampleBlob, type SampleOptions, sampleBlob, sampleImage, sampleIndex, tag } from './sample.ts';

/** The contract of Manifests. */
export function describeManifests(title: string, open: OpenMetadata): void {
  describe(`${title}: manifests`, () => {
    let bench: MetadataBench;
    let config: SampleBlob;
    beforeEach(async () => {
      bench = new MetadataBench(await open());
      config = await bench.link();
    });
    afterEach(() => bench.fixture.close());

    async function put(manifest: NewManifest): Promise<NewManifest> {
      expect(await bench.store.putManifest(bench.context(), manifest)).toEqual({ status: 'stored' });
      return manifest;
    }

    const putImage = (options?: SampleOptions) => put(sampleImage(config, [], options));
    const find = (reference: { tag: string } | { digest: Digest }) =>
      bench.store.findManifest(bench.scope(), 'tag' in reference ? { tag: tag(reference.tag) } : reference);

    it('gives back exactly the bytes and the type that were put (P1, S71)', async () => {
      const payload = Buffer.from(
        `{ "schemaVersion" : 2,\n\t"x-unknown": "\\u00e9 ☃", "mediaType": "${DOCKER_MANIFEST}",\r\n ` +
          `"config": {"mediaType":"a/b","size":64,"digest":"${config.digest}"}, "layers": [] }\n`,
      );
      const digest = digestOf(payload);
      const { mediaType, content } = parseManifest(payload, DOCKER_MANIFEST);
      await put({ digest, mediaType, payload, content, tags: [tag('latest')], allowMissing: false });
      const descriptor = { digest, mediaType: DOCKER_MANIFEST, size: payload.length };
      expect(await find({ tag: 'latest' })).toEqual(descriptor);
      expect(await find({ digest })).toEqual(descriptor);
      const stored = await bench.store.readManifest(bench.scope(), digest);
      expect(stored).toMatchObject(descriptor);
      expect(stored?.payload.equals(payload)).toBe(true);
    });

    it('knows nothing of other repositories, other owners and other digests', async () => {
      const { digest } = await putImage({ tags: [tag('latest')] });
      const stolenName = { name: bench.name('app'), namespaceId: bench.fixture.namespaceIds[1] };
      for (const scope of [bench.scope('app2'), bench.scope('app', 1), stolenName]) {
        expect(await bench.store.findManifest(scope, { tag: tag('latest') })).toBeNull();
        expect(await bench.store.findManifest(scope, { digest })).toBeNull();
        expect(await bench.store.readManifest(scope, digest)).toBeNull();
        expect(await bench.store.deleteManifest(bench.context(scope), { digest })).toEqual({ status: 'missing' });
      }
      expect(await find({ tag: 'Latest' })).toBeNull();
      expect(await find({ digest: sampleBlob().digest })).toBeNull();
    });

    it('stores by digest alone, and by digest with several tags (P10)', async () => {
      const untagged = await putImage();
      expect(await find({ digest: untagged.digest })).not.toBeNull();
      const names = Array.from({ length: 10 }, (_, index) => tag(`v${index}`));
      const tagged = await putImage({ tags: names });
      for (const name of names) expect(await find({ tag: name })).toMatchObject({ digest: tagged.digest });
    });

    it('keeps the algorithm of the digest behind a tag (P10)', async () => {
      const image = sampleImage(config, [], { tags: [tag('strong')] });
      const digest = digestOf(image.payload, 'sha512');
      await put({ ...image, digest });
      expect(await find({ tag: 'strong' })).toMatchObject({ digest });
      expect(await find({ digest: image.digest })).toBeNull();
    });

    it('moves a tag and keeps what it pointed at', async () => {
      const first = await putImage({ tags: [tag('latest')] });
      const second = await putImage({ tags: [tag('latest')] });
      expect(await find({ tag: 'latest' })).toMatchObject({ digest: second.digest });
      expect(await find({ digest: first.digest })).not.toBeNull();
    });

    it('puts the same manifest again as if nothing happened (P11, R9)', async () => {
      const image = await putImage({ tags: [tag('latest')] });
      await put(image);
      await put({ ...image, tags: [tag('also')] });
      expect(await find({ tag: 'latest' })).toMatchObject({ digest: image.digest });
      expect(await find({ tag: 'also' })).toMatchObject({ digest: image.digest });
    });

    it('stores nothing when content is missing, and names all that is (P6, R11)', async () => {
      const [absent, alsoAbsent, there] = [sampleBlob(), sampleBlob(), await bench.link()];
      const image = sampleImage(absent, [there, alsoAbsent, absent], { tags: [tag('latest')] });
      const outcome = await bench.store.putManifest(bench.context(), image);
      expect(outcome.status).toBe('missing');
      const digests = outcome.status === 'missing' ? [...outcome.digests].sort() : [];
      expect(digests).toEqual([absent.digest, alsoAbsent.digest].sort());
      expect(await find({ digest: image.digest })).toBeNull();
      expect(await find({ tag: 'latest' })).toBeNull();
    });

    it('does not accept content that only another repository has (S73)', async () => {
      const foreign = await bench.link(bench.scope('other'));
      const outcome = await bench.store.putManifest(bench.context(), sampleImage(foreign, []));
      expect(outcome).toEqual({ status: 'missing', digests: [foreign.digest] });
      const elsewhere = sampleImage(foreign, []);
      await bench.store.putManifest(bench.context(bench.scope('other')), elsewhere);
      const index = await bench.store.putManifest(bench.context(), sampleIndex([elsewhere]));
      expect(index).toEqual({ status: 'missing', digests: [elsewhere.digest] });
      expect(await bench.store.findBlob(bench.scope(), foreign.digest)).toBeNull();
    });

    it('accepts missing content on request, and a missing subject always (P6)', async () => {
      const lax = sampleImage(sampleBlob(), [sampleBlob()], { allowMissing: true });
      await put(lax);
      await put(sampleIndex([sampleBlob()], { allowMissing: true }));
      const subject = { digest: sampleBlob().digest, mediaType: OCI_IMAGE_MANIFEST, size: 5 };
      await putImage({ subject });
      expect(await find({ digest: lax.digest })).not.toBeNull();
    });

    it('takes manifests and blobs as children of an index, and an index without children (P7)', async () => {
      const image = await putImage();
      const cache = await bench.link();
      const index = await put(sampleIndex([image, { digest: cache.digest, mediaType: 'a/b' }]));
      await put(sampleIndex([index, image, image]));
      const empty = await put(sampleIndex([]));
      expect(await find({ digest: empty.digest })).not.toBeNull();
    });

    it('refuses indexes that are nested too deep, and takes the deepest allowed (S114)', async () => {
      let top = await putImage();
      for (let depth = 1; depth <= MAX_INDEX_DEPTH; depth++) top = await put(sampleIndex([top]));
      const tooDeep = sampleIndex([top], { tags: [tag('deep')] });
      expect(await bench.store.putManifest(bench.context(), tooDeep)).toEqual({ status: 'too-deep' });
      expect(await find({ digest: tooDeep.digest })).toBeNull();
      expect(await find({ tag: 'deep' })).toBeNull();
    });

    it('changes nothing unless the condition holds (P12)', async () => {
      const put = (options: SampleOptions) =>
        bench.store.putManifest(bench.context(), sampleImage(config, [], options));
      const first = await putImage({ tags: [tag('latest')] });
      const latest = { tags: [tag('latest')] };
      expect(await put({ ...latest, onlyIf: 'absent' })).toEqual({ status: 'changed' });
      expect(await put({ ...latest, onlyIf: [sampleBlob().digest] })).toEqual({ status: 'changed' });
      expect(await put({ tags: [tag('fresh')], onlyIf: [first.digest] })).toEqual({ status: 'changed' });
      expect(await put({ tags: [tag('latest'), tag('fresh')], onlyIf: 'absent' })).toEqual({ status: 'changed' });
      expect(await find({ tag: 'latest' })).toMatchObject({ digest: first.digest });
      expect(await find({ tag: 'fresh' })).toBeNull();
      expect(await put({ ...latest, onlyIf: [sampleBlob().digest, first.digest] })).toEqual({ status: 'stored' });
      expect(await put({ tags: [tag('fresh')], onlyIf: 'absent' })).toEqual({ status: 'stored' });
    });

    it('lets one of many win the first push of a tag (S81)', async () => {
      const images = Array.from({ length: 8 }, () =>
        sampleImage(config, [], { tags: [tag('race')], onlyIf: 'absent' }),
      );
      const outcomes = await Promise.all(images.map((image) => bench.store.putManifest(bench.context(), image)));
      const winners = images.filter((_, index) => outcomes[index]?.status === 'stored');
      expect(winners).toHaveLength(1);
      expect(await find({ tag: 'race' })).toMatchObject({ digest: winners[0]?.digest });
    });

    it('takes many pushes of one manifest at once (R13)', async () => {
      const image = sampleImage(config, [], { tags: [tag('busy')] });
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => bench.store.putManifest(bench.context(), image)),
      );
      expect(outcomes).toEqual(outcomes.map(() => ({ status: 'stored' })));
    });

    it('deletes a tag without its manifest (X1)', async () => {
      const image = await putImage({ tags: [tag('one'), tag('two')] });
      expect(await bench.store.deleteManifest(bench.context(), { tag: tag('one') })).toEqual({ status: 'deleted' });
      expect(await find({ tag: 'one' })).toBeNull();
      expect(await find({ tag: 'two' })).toMatchObject({ digest: image.digest });
      expect(await bench.store.deleteManifest(bench.context(), { tag: tag('one') })).toEqual({ status: 'missing' });
    });

    it('deletes a manifest with all its tags (X2)', async () => {
      const image = await putImage({ tags: [tag('one'), tag('two')] });
      const kept = await putImage({ tags: [tag('three')] });
      const { digest } = image;
      expect(await bench.store.deleteManifest(bench.context(), { digest })).toEqual({ status: 'deleted' });
      expect(await find({ digest })).toBeNull();
      expect(await bench.store.readManifest(bench.scope(), digest)).toBeNull();
      const page = await bench.store.listTags(bench.scope(), { limit: 10 });
      expect(page?.items).toEqual(['three']);
      expect(await find({ digest: kept.digest })).not.toBeNull();
      expect(await bench.store.deleteManifest(bench.context(), { digest })).toEqual({ status: 'missing' });
      await put(image);
      expect(await find({ tag: 'one' })).toMatchObject({ digest });
    });

    it('keeps the children of an index from deletion until the index is gone (X4, S75)', async () => {
      const child = await putImage();
      const index = await put(sampleIndex([child]));
      const refused = await bench.store.deleteManifest(bench.context(), { digest: child.digest });
      expect(refused.status).toBe('refused');
      expect(await find({ digest: child.digest })).not.toBeNull();
      await bench.store.deleteManifest(bench.context(), { digest: index.digest });
      const { digest } = child;
      expect(await bench.store.deleteManifest(bench.context(), { digest })).toEqual({ status: 'deleted' });
    });

    it('makes its repository exist', async () => {
      const fresh = bench.context(bench.scope('fresh'));
      await bench.store.putManifest(fresh, sampleImage(sampleBlob(), [], { allowMissing: true }));
      expect(await bench.store.hasRepository(bench.scope('fresh'))).toBe(true);
      expect(await bench.store.hasRepository(bench.scope('fresh', 1))).toBe(false);
    });
  });
}
