import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OCI_IMAGE_MANIFEST } from '../../manifest/media-type.ts';
import type { NewManifest, ReferrerDescriptor, RepositoryScope } from '../../ports/index.ts';
import { MetadataBench, type OpenMetadata } from './metadata-fixture.ts';
import { type SampleBlob, type SampleOptions, sampleBlob, sampleImage, sampleIndex, tag } from './sample.ts';

/** The contract of Tags, Referrers and Catalog. */
export function describeLists(title: string, open: OpenMetadata): void {
  describe(`${title}: lists`, () => {
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

    describe('tags', () => {
      async function tags(options: { after?: string; limit: number }) {
        const page = await bench.store.listTags(bench.scope(), options);
        return page && { items: [...page.items], next: page.next };
      }

      it('are null without a repository, and empty in one without tags (L1)', async () => {
        expect(await bench.store.listTags(bench.scope('nowhere'), { limit: 10 })).toBeNull();
        expect(await tags({ limit: 10 })).toEqual({ items: [], next: undefined });
      });

      it('come in byte order (L1)', async () => {
        const names = ['b', 'a', 'B', '_x', '1.10', '1.9', 'a-1', 'a.1', 'a_1', 'aa', 'Z', '0'];
        await putImage({ tags: names.map(tag) });
        const expected = ['0', '1.10', '1.9', 'B', 'Z', '_x', 'a', 'a-1', 'a.1', 'a_1', 'aa', 'b'];
        expect((await tags({ limit: 100 }))?.items).toEqual(expected);
      });

      it('come in pages that neither repeat nor skip (L2, L3, L6)', async () => {
        const names = Array.from({ length: 25 }, (_, index) => `t${String(index).padStart(3, '0')}`);
        await putImage({ tags: names.map(tag) });
        const walked: string[] = [];
        let after: string | undefined;
        for (let page = 0; page < 10; page++) {
          const found = await tags({ after, limit: 10 });
          walked.push(...(found?.items ?? []));
          after = found?.next;
          if (after === undefined) break;
        }
        expect(walked).toEqual(names);
      });

      it('have no next page when the last one is full', async () => {
        await putImage({ tags: [tag('a'), tag('b')] });
        expect(await tags({ limit: 2 })).toEqual({ items: ['a', 'b'], next: undefined });
        expect(await tags({ limit: 1 })).toEqual({ items: ['a'], next: 'a' });
      });

      it('start behind a name that need not exist (L3)', async () => {
        await putImage({ tags: [tag('a'), tag('c')] });
        expect((await tags({ after: 'b', limit: 10 }))?.items).toEqual(['c']);
        expect((await tags({ after: 'c', limit: 10 }))?.items).toEqual([]);
        expect((await tags({ after: "' or 1=1 --%_", limit: 10 }))?.items).toEqual(['a', 'c']);
      });
    });

    describe('referrers', () => {
      const page = { artifactTypes: [], limit: 100, maxBytes: 1_000_000 };
      const descriptorOf = ({ digest, mediaType, payload }: NewManifest) => ({
        digest,
        mediaType,
        size: payload.length,
      });

      async function refer(subject: NewManifest, options: SampleOptions = {}): Promise<NewManifest> {
        return putImage({ ...options, subject: descriptorOf(subject) });
      }

      const list = (subject: NewManifest, options = {}) =>
        bench.store.listReferrers(bench.scope(), subject.digest, { ...page, ...options });
      const digests = (items: readonly ReferrerDescriptor[]) => items.map((item) => item.digest);

      it('are empty for a subject or repository nobody knows (R1)', async () => {
        expect(await list(sampleImage(config, []))).toEqual({ items: [] });
        const nowhere = bench.scope('nowhere');
        expect(await bench.store.listReferrers(nowhere, config.digest, page)).toEqual({ items: [] });
      });

      it('carry type, size, artifact type and all annotations (R3)', async () => {
        const subject = await putImage();
        const annotations = { 'org.example.note': 'é "quoted"' };
        const referrer = await refer(subject, { artifactType: 'application/vnd.example+json', annotations });
        const { items } = await list(subject);
        const { content } = referrer;
        expect(items).toEqual([
          { ...descriptorOf(referrer), artifactType: 'application/vnd.example+json', annotations: content.annotations },
        ]);
        expect(items[0]?.annotations).toMatchObject(annotations);
      });

      it('take the type of an image from its config, and an index has none (R3)', async () => {
        const subject = await putImage();
        const plain = await refer(subject);
        const index = await put(sampleIndex([], { subject: descriptorOf(subject) }));
        const { items } = await list(subject);
        const byDigest = new Map(items.map((item) => [item.digest, item]));
        expect(byDigest.get(plain.digest)?.artifactType).toBe('application/vnd.oci.image.config.v1+json');
        expect(byDigest.get(index.digest)?.artifactType).toBeUndefined();
      });

      it('come newest first, in pages that stay right while others push (R5)', async () => {
        const subject = await putImage();
        const pushed: NewManifest[] = [];
        for (let count = 0; count < 5; count++) pushed.unshift(await refer(subject));
        const first = await list(subject, { limit: 2 });
        await refer(subject);
        const second = await list(subject, { limit: 2, after: first.next });
        const third = await list(subject, { limit: 2, after: second.next });
        expect([first, second, third].flatMap(({ items }) => digests(items))).toEqual(
          digests(pushed.map(descriptorOf)),
        );
        expect(third.next).toBeUndefined();
      });

      it('end a page before it grows too large, but never give an empty one (R5)', async () => {
        const subject = await putImage();
        for (let count = 0; count < 3; count++) await refer(subject, { annotations: { big: 'x'.repeat(1000) } });
        const small = await list(subject, { maxBytes: 10 });
        expect(small.items).toHaveLength(1);
        const two = await list(subject, { maxBytes: 3000 });
        expect(two.items).toHaveLength(2);
        expect(two.next).toBeDefined();
        expect((await list(subject, { maxBytes: 3000, after: two.next })).items).toHaveLength(1);
      });

      it('take an unknown position as the start', async () => {
        const subject = await putImage();
        const referrer = await refer(subject);
        for (const after of ['', 'nonsense', "' or 1=1"]) {
          expect(digests((await list(subject, { after })).items)).toEqual([referrer.digest]);
        }
      });

      it('are filtered by any of several artifact types (R4)', async () => {
        const subject = await putImage();
        const a = await refer(subject, { artifactType: 'application/a+json' });
        const b = await refer(subject, { artifactType: 'application/b' });
        await refer(subject, { artifactType: 'application/c' });
        const filtered = await list(subject, { artifactTypes: ['application/a+json', 'application/b'] });
        expect(digests(filtered.items)).toEqual([b.digest, a.digest]);
        expect((await list(subject, { artifactTypes: ['application/A+json'] })).items).toEqual([]);
      });

      it('include manifests that were pushed before their subject (R6)', async () => {
        const subject = sampleImage(config, []);
        const referrer = await refer(subject);
        expect(digests((await list(subject)).items)).toEqual([referrer.digest]);
        await put(subject);
        expect(digests((await list(subject)).items)).toEqual([referrer.digest]);
      });

      it('vanish with the referrer and outlive the subject (R8)', async () => {
        const subject = await putImage();
        const [gone, kept] = [await refer(subject), await refer(subject)];
        await bench.store.deleteManifest(bench.context(), { digest: gone.digest });
        expect(digests((await list(subject)).items)).toEqual([kept.digest]);
        expect((await bench.store.deleteManifest(bench.context(), { digest: subject.digest })).status).not.toBe(
          'missing',
        );
      });

      it('stay within their repository and owner (S68)', async () => {
        const subject = await putImage();
        await refer(subject);
        const stolenName = { name: bench.name('app'), namespaceId: bench.fixture.namespaceIds[1] };
        for (const scope of [bench.scope('other'), bench.scope('app', 1), stolenName]) {
          expect(await bench.store.listReferrers(scope, subject.digest, page)).toEqual({ items: [] });
        }
      });

      it('may be a child of an index and refer to a sibling (R9)', async () => {
        const image = await putImage();
        const attestation = await refer(image);
        await put(sampleIndex([image, attestation]));
        expect(digests((await list(image)).items)).toEqual([attestation.digest]);
      });
    });

    describe('the catalog', () => {
      const [mine, yours] = [0, 1] as const;

      async function fill(...scopes: RepositoryScope[]): Promise<void> {
        for (const scope of scopes) await bench.link(scope, sampleBlob());
      }

      it('lists only what the filter allows, in byte order (L7)', async () => {
        await fill(bench.scope('b'), bench.scope('a-b'), bench.scope('a/b'), bench.scope('z', yours));
        const own = { namespaceIds: [bench.fixture.namespaceIds[mine]] };
        const expected = ['a-b', 'a/b', 'app', 'b'].map((name) => bench.name(name));
        expect((await bench.store.listRepositories(own, { limit: 100 })).items).toEqual(expected);
        expect((await bench.store.listRepositories({ namespaceIds: [] }, { limit: 100 })).items).toEqual([]);
        const everything = await bench.store.listRepositories('all', { limit: 100 });
        expect(everything.items).toEqual(expect.arrayContaining([...expected, bench.name('z', yours)]));
      });

      it('comes in pages (L7)', async () => {
        await fill(bench.scope('b'), bench.scope('c'));
        const filter = { namespaceIds: [bench.fixture.namespaceIds[mine]] };
        const first = await bench.store.listRepositories(filter, { limit: 2 });
        expect(first).toEqual({ items: [bench.name('app'), bench.name('b')], next: bench.name('b') });
        const second = await bench.store.listRepositories(filter, { after: first.next, limit: 2 });
        expect({ ...second }).toEqual({ items: [bench.name('c')] });
        const between = await bench.store.listRepositories(filter, { after: `${bench.name('b')}-`, limit: 2 });
        expect(between.items).toEqual([bench.name('c')]);
      });

      it('keeps a repository whose content was deleted', async () => {
        const { digest, mediaType } = await putImage();
        expect(mediaType).toBe(OCI_IMAGE_MANIFEST);
        await bench.store.deleteManifest(bench.context(), { digest });
        expect(await bench.store.hasRepository(bench.scope())).toBe(true);
      });
    });
  });
}
