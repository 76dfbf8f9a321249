import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS, type DigestAlgorithm, hexOf } from '../../digest.ts';
import { OCI_IMAGE_INDEX } from '../../manifest/media-type.ts';
import {
  CONFIG_TYPE,
  type Content,
  describeContent,
  image,
  index,
  type Manifest,
  manifest,
  randomContent,
  unique,
} from './content.ts';
import { type Reply, refusal } from './http-exchange.ts';
import { nextOf } from './lists.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

interface Listed {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Record<string, string>;
}

/** The referrers API and the fallback tag beside it (R1–R9, S68). */
export function describeReferrers(start: StartTarget): void {
  describe('referrers', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    let config: Content;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
      config = await repository.pushBlob();
    });
    afterAll(() => registry.close());

    async function list(path: string, client = repository): Promise<Listed[]> {
      const reply = await client.get(path);
      if (reply.status !== 200) throw new Error(`referrers were ${reply.status}`);
      expect(reply.headers['content-type']).toBe(OCI_IMAGE_INDEX);
      const body = JSON.parse(reply.body.toString()) as {
        schemaVersion: number;
        mediaType: string;
        manifests: Listed[];
      };
      expect(body).toMatchObject({ schemaVersion: 2, mediaType: OCI_IMAGE_INDEX });
      return body.manifests;
    }

    const refer = (subject: Manifest, members: Record<string, unknown> = {}, client = repository) =>
      client.pushManifest(
        image(config, [], { members: { subject: describeContent(subject, subject.mediaType), ...members } }),
      );

    it.each(DIGEST_ALGORITHMS)(
      'are an empty index for an unknown %s subject or repository (R1, R2, R7)',
      async (algorithm: DigestAlgorithm) => {
        const { digest } = randomContent(10, algorithm);
        expect(await list(`referrers/${digest}`)).toEqual([]);
        expect(await list(`referrers/${digest}`, registry.repository('unknown'))).toEqual([]);
        const zero = `${algorithm}:${'0'.repeat(hexOf(digest).length)}`;
        expect(await list(`referrers/${zero}`)).toEqual([]);
        expect((await repository.head(`referrers/${zero}`)).status).toBe(200);
      },
    );

    it('refuse a malformed digest (R1)', async () => {
      for (const digest of ['sha256:bad', 'latest', 'sha256:']) {
        expect(refusal(await repository.get(`referrers/${digest}`))).toEqual([400, 'DIGEST_INVALID']);
      }
    });

    it.each(DIGEST_ALGORITHMS)(
      'list image and index referrers of a %s subject as descriptors, newest first (R3, R5)',
      async (algorithm) => {
        const subject = await repository.pushImage(undefined, { algorithm });
        const annotations = { ...unique(), note: 'é "quoted"' };
        const typed = await refer(subject, { artifactType: 'application/vnd.example.sbom+json', annotations });
        const plain = await refer(subject, { annotations: undefined });
        const other = index([], {
          members: { subject: describeContent(subject, subject.mediaType), artifactType: 'application/b', annotations },
        });
        await repository.pushManifest(other);
        const bare = index([], { members: { subject: describeContent(subject, subject.mediaType) } });
        await repository.pushManifest(bare, 'tagged-referrer');
        expect(await list(`referrers/${subject.digest}`)).toEqual([
          { ...describeContent(bare, OCI_IMAGE_INDEX), annotations: expect.anything() },
          { ...describeContent(other, OCI_IMAGE_INDEX), artifactType: 'application/b', annotations },
          { ...describeContent(plain, plain.mediaType), artifactType: CONFIG_TYPE },
          {
            ...describeContent(typed, typed.mediaType),
            artifactType: 'application/vnd.example.sbom+json',
            annotations,
          },
        ]);
      },
    );

    it('prefer the artifact type over the type of the config, as signature bundles need it (R3)', async () => {
      const subject = await repository.pushImage();
      const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
      await refer(subject, {
        artifactType: bundle,
        config: { ...describeContent(config, 'application/vnd.oci.empty.v1+json'), artifactType: bundle },
      });
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ artifactType: bundle }]);
    });

    it('are filtered by artifact type, also by several, with plus signs either way (R4)', async () => {
      const subject = await repository.pushImage();
      const a = await refer(subject, { artifactType: 'application/a+json' });
      const b = await refer(subject, { artifactType: 'application/b' });
      await refer(subject, { artifactType: 'application/c' });
      const path = `referrers/${subject.digest}`;
      for (const type of ['application/a+json', 'application%2Fa%2Bjson']) {
        const reply = await repository.get(`${path}?artifactType=${type}`);
        expect(reply.headers['oci-filters-applied']).toBe('artifactType');
        expect(await list(`${path}?artifactType=${type}`)).toMatchObject([{ digest: a.digest }]);
      }
      const both = await list(`${path}?artifactType=application/b&artifactType=application/a%2Bjson`);
      expect(both.map(({ digest }) => digest)).toEqual([b.digest, a.digest]);
      expect(await list(`${path}?artifactType=application/none`)).toEqual([]);
      expect((await repository.get(path)).headers['oci-filters-applied']).toBeUndefined();
    });

    it('include what was pushed before its subject (R6)', async () => {
      const subject = image(config, []);
      const referrer = await refer(subject);
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ digest: referrer.digest }]);
      await repository.pushManifest(subject);
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ digest: referrer.digest }]);
    });

    it('leave the fallback tag an ordinary tag (R6)', async () => {
      const subject = await repository.pushImage();
      const referrer = await refer(subject);
      const fallback = `sha256-${hexOf(subject.digest)}`;
      expect((await repository.get(`manifests/${fallback}`)).status).toBe(404);
      const list1 = await repository.pushManifest(index([referrer]), fallback);
      expect((await repository.get(`manifests/${fallback}`)).body.equals(list1.bytes)).toBe(true);
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ digest: referrer.digest }]);
      expect((await repository.send('DELETE', `manifests/${fallback}`)).status).toBe(202);
      expect(await list(`referrers/${subject.digest}`)).toHaveLength(1);
    });

    it('vanish with their manifest at once, and do not mind the subject going (R8)', async () => {
      const subject = await repository.pushImage();
      const [gone, kept] = [await refer(subject), await refer(subject)];
      expect((await repository.send('DELETE', `manifests/${gone.digest}`)).status).toBe(202);
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ digest: kept.digest }]);
      expect((await repository.send('DELETE', `manifests/${subject.digest}`)).status).toBe(202);
      expect((await repository.get(`referrers/${subject.digest}`)).status).toBe(200);
    });

    it('may be children of the index beside their subject (R9)', async () => {
      const subject = await repository.pushImage();
      const attestation = await refer(subject, { artifactType: 'application/vnd.docker.attestation.manifest.v1+json' });
      await repository.pushManifest(index([subject, attestation]), 'with-attestation');
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ digest: attestation.digest }]);
    });

    it('are listed once per manifest, and only in their repository (S68)', async () => {
      const subject = await repository.pushImage();
      const referrer = await refer(subject);
      for (const reference of [referrer.digest, 'one-tag', 'another-tag'])
        await repository.pushManifest(referrer, reference);
      expect(await list(`referrers/${subject.digest}`)).toHaveLength(1);
      const other = registry.repository('other');
      await other.pushBlob(config);
      const theirs = await refer(subject, {}, other);
      expect(await list(`referrers/${subject.digest}`, other)).toMatchObject([{ digest: theirs.digest }]);
      expect(await list(`referrers/${subject.digest}`)).toMatchObject([{ digest: referrer.digest }]);
    });

    it('come in pages below 4 MiB that lead to the end, filter included (R5)', async () => {
      const subject = await repository.pushImage();
      const pushed: string[] = [];
      for (let count = 0; count < 5; count++) {
        const annotations = { ...unique(), large: 'x'.repeat(1_500_000) };
        pushed.unshift((await refer(subject, { artifactType: 'application/large', annotations })).digest);
      }
      const walked: string[] = [];
      let path: string | undefined = `referrers/${subject.digest}?artifactType=application/large`;
      let pages = 0;
      while (path !== undefined && pages++ < 10) {
        const reply: Reply = await repository.get(path);
        expect(reply.body.length).toBeLessThan(4 * 1024 * 1024);
        expect(reply.headers['oci-filters-applied']).toBe('artifactType');
        walked.push(
          ...(JSON.parse(reply.body.toString()) as { manifests: Listed[] }).manifests.map(({ digest }) => digest),
        );
        path = nextOf(reply);
      }
      expect(walked).toEqual(pushed);
      expect(pages).toBeGreaterThan(1);
    });

    it('come in the pages a client asks for, each once', async () => {
      const subject = await repository.pushImage();
      const pushed: string[] = [];
      for (let count = 0; count < 5; count++) pushed.unshift((await refer(subject, { annotations: unique() })).digest);
      const pages: string[][] = [];
      let path: string | undefined = `referrers/${subject.digest}?n=2`;
      while (path !== undefined && pages.length < 10) {
        const reply: Reply = await repository.get(path);
        const { manifests } = JSON.parse(reply.body.toString()) as { manifests: Listed[] };
        pages.push(manifests.map(({ digest }) => digest));
        path = nextOf(reply);
      }
      expect(pages).toEqual([pushed.slice(0, 2), pushed.slice(2, 4), pushed.slice(4)]);
      expect(refusal(await repository.get(`referrers/${subject.digest}?n=some`))).toEqual([
        400,
        'PAGINATION_NUMBER_INVALID',
      ]);
    });

    it('do not come from a manifest that was refused', async () => {
      const subject = await repository.pushImage();
      const refused = manifest(
        {
          schemaVersion: 2,
          mediaType: OCI_IMAGE_INDEX,
          manifests: [{}],
          subject: describeContent(subject, subject.mediaType),
        },
        OCI_IMAGE_INDEX,
      );
      expect((await repository.putManifest(refused.digest, refused)).status).toBe(400);
      expect(await list(`referrers/${subject.digest}`)).toEqual([]);
    });
  });
}
