import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS, type DigestAlgorithm, digestOf } from '../../digest.ts';
import {
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  OCI_IMAGE_INDEX,
  OCI_IMAGE_MANIFEST,
} from '../../manifest/media-type.ts';
import {
  CONFIG_TYPE,
  content,
  describeContent,
  EMPTY_TYPE,
  image,
  index,
  LAYER_TYPE,
  type Manifest,
  manifest,
  randomContent,
  unique,
} from './content.ts';
import { headerValues, refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

type Build = (repository: RepositoryClient, algorithm: DigestAlgorithm) => Promise<Manifest>;

const empty = content(Buffer.from('{}'));

/** Manifests of every shape that registries must take (peers.md §A6 result tree). */
const SHAPES: Readonly<Record<string, Build>> = {
  'an image': async (repository, algorithm) =>
    image(await repository.pushBlob(), [await repository.pushBlob(), await repository.pushBlob()], { algorithm }),

  'an image without layers': async (repository, algorithm) => image(await repository.pushBlob(), [], { algorithm }),

  'an image whose blobs have sha512 digests': async (repository, algorithm) =>
    image(
      await repository.pushBlob(randomContent(100, 'sha512')),
      [await repository.pushBlob(randomContent(9, 'sha512'))],
      { algorithm },
    ),

  'a Docker image': async (repository, algorithm) => {
    const config = describeContent(await repository.pushBlob(), 'application/vnd.docker.container.image.v1+json');
    const layer = describeContent(await repository.pushBlob(), 'application/vnd.docker.image.rootfs.diff.tar.gzip');
    return manifest(
      { schemaVersion: 2, mediaType: DOCKER_MANIFEST, config, layers: [layer] },
      DOCKER_MANIFEST,
      algorithm,
    );
  },

  'a Docker manifest list': async (repository, algorithm) => {
    const child = await repository.pushImage();
    const platform = { architecture: 'amd64', os: 'linux' };
    const manifests = [{ ...describeContent(child, child.mediaType), platform }];
    return manifest({ schemaVersion: 2, mediaType: DOCKER_MANIFEST_LIST, manifests }, DOCKER_MANIFEST_LIST, algorithm);
  },

  'an index': async (repository, algorithm) =>
    index([await repository.pushImage(), await repository.pushImage()], { algorithm }),

  'an index of indexes': async (repository, algorithm) => {
    const [left, right] = [index([await repository.pushImage()]), index([await repository.pushImage()])];
    await repository.pushManifest(left);
    await repository.pushManifest(right);
    return index([left, right], { algorithm });
  },

  'an empty index': async (_repository, algorithm) => index([], { algorithm }),

  'an index over blobs, as old build caches are (P7)': async (repository, algorithm) => {
    const config = describeContent(await repository.pushBlob(), 'application/vnd.buildkit.cacheconfig.v0');
    const manifests = [describeContent(await repository.pushBlob(), LAYER_TYPE), config];
    return manifest(
      { schemaVersion: 2, mediaType: OCI_IMAGE_INDEX, manifests, annotations: unique() },
      OCI_IMAGE_INDEX,
      algorithm,
    );
  },

  'an artifact': async (repository, algorithm) => {
    await repository.pushBlob(empty);
    const members = { artifactType: 'application/vnd.example+json', config: describeContent(empty, EMPTY_TYPE) };
    return image(empty, [await repository.pushBlob()], { algorithm, members });
  },

  'an artifact whose only layer is the empty blob': async (repository, algorithm) => {
    await repository.pushBlob(empty);
    const layers = [describeContent(empty, EMPTY_TYPE)];
    const members = {
      artifactType: 'application/vnd.example+json',
      config: describeContent(empty, EMPTY_TYPE),
      layers,
    };
    return image(empty, [], { algorithm, members });
  },

  'an artifact index': async (_repository, algorithm) =>
    index([], { algorithm, members: { artifactType: 'application/vnd.example' } }),

  'an image with embedded data': async (repository, algorithm) => {
    const config = await repository.pushBlob(randomContent(200));
    const descriptor = { ...describeContent(config, CONFIG_TYPE), data: config.bytes.toString('base64') };
    return image(config, [], { algorithm, members: { config: descriptor } });
  },

  'an image with foreign layers that nobody pushed (P6)': async (repository, algorithm) => {
    const urls = ['https://store.example.com/layer'];
    const types = [
      'application/vnd.oci.image.layer.nondistributable.v1.tar',
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    ];
    const layers = types.map((type) => ({ ...describeContent(randomContent(), type), urls }));
    return image(await repository.pushBlob(), [], { algorithm, members: { layers } });
  },

  'an image with members nobody knows': async (repository, algorithm) =>
    image(await repository.pushBlob(), [], {
      algorithm,
      members: { 'org.example.custom': { size: 1.5e3, layers: [null, -1] } },
    }),

  'an image with a size near the limit, in one chunked body (P5)': async (repository, algorithm) => {
    const annotations = Object.fromEntries(
      Array.from({ length: 390 }, (_, key) => [`large-${key}`, 'A'.repeat(10_000)]),
    );
    return image(await repository.pushBlob(), [], {
      algorithm,
      members: { annotations: { ...annotations, ...unique() } },
    });
  },
};

/** Pushing and pulling manifests of every shape; bytes, headers, conditions and several tags (P1–P3, P5–P7, P9–P13). */
export function describeManifestPushPull(start: StartTarget): void {
  describe('manifests', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
    });
    afterAll(() => registry.close());

    describe.each(Object.entries(SHAPES))('%s', (_name, build) => {
      it.each(DIGEST_ALGORITHMS)('comes back byte for byte under its %s digest (P1, S71)', async (algorithm) => {
        const pushed = await build(repository, algorithm);
        const reply = await repository.putManifest(pushed.digest, pushed, { chunked: true });
        expect(reply.status, reply.body.toString()).toBe(201);
        expect(reply.headers['docker-content-digest']).toBe(pushed.digest);
        for (const path of [`manifests/${pushed.digest}`, repository.locationOf(reply, 201)]) {
          const { status, headers, body } = await repository.get(path);
          expect(status).toBe(200);
          expect(body.equals(pushed.bytes)).toBe(true);
          expect(headers).toMatchObject({
            'content-type': pushed.mediaType,
            'content-length': String(pushed.bytes.length),
            'docker-content-digest': pushed.digest,
            etag: `"${pushed.digest}"`,
          });
        }
      });

      it('comes back by tag', async () => {
        const pushed = await build(repository, 'sha256');
        expect((await repository.putManifest('shape', pushed)).headers['docker-content-digest']).toBe(pushed.digest);
        const reply = await repository.get('manifests/shape');
        expect(reply.headers['docker-content-digest']).toBe(pushed.digest);
        expect(reply.body.equals(pushed.bytes)).toBe(true);
      });
    });

    it('keeps whitespace, key order, escapes and unknown members (S71)', async () => {
      const config = await repository.pushBlob();
      const text =
        `\n{"layers":[ ],\t"x":"\\u00e9\\/☃","annotations":{"b":"2","a":"1"},\r\n"schemaVersion":2 ,` +
        `"config":{"size":${config.bytes.length},"digest":"${config.digest}","mediaType":"a/b","z":[1.0,-0,1E400]}} `;
      const pushed = await repository.pushManifest(manifest(text, OCI_IMAGE_MANIFEST), 'odd');
      expect((await repository.get('manifests/odd')).body.toString()).toBe(pushed.bytes.toString());
    });

    it('finds the type without a Content-Type, and ignores parameters of one (P3)', async () => {
      const pushed = await repository.pushImage();
      const child = index([pushed]);
      for (const one of [pushed, child]) {
        const bare = await repository.send('PUT', `manifests/${one.digest}`, { body: one.bytes });
        expect(bare.status).toBe(201);
        const type = `${one.mediaType}; charset=utf-8`;
        expect((await repository.putManifest('typed', one, { headers: { 'content-type': type } })).status).toBe(201);
        expect((await repository.get('manifests/typed')).headers['content-type']).toBe(one.mediaType);
      }
    });

    it('infers the type of a manifest that does not name it (P3)', async () => {
      const config = describeContent(await repository.pushBlob(), CONFIG_TYPE);
      const plain = manifest({ schemaVersion: 2, config, layers: [], annotations: unique() }, OCI_IMAGE_MANIFEST);
      const list = manifest({ schemaVersion: 2, manifests: [], annotations: unique() }, OCI_IMAGE_INDEX);
      for (const one of [plain, list]) {
        expect((await repository.send('PUT', 'manifests/inferred', { body: one.bytes })).status).toBe(201);
        expect((await repository.get('manifests/inferred')).headers['content-type']).toBe(one.mediaType);
      }
    });

    it('serves the stored type whatever the client accepts (P13)', async () => {
      const pushed = await repository.pushImage('accepted');
      for (const accept of [undefined, '*/*', OCI_IMAGE_MANIFEST, DOCKER_MANIFEST, 'text/html']) {
        const reply = await repository.get('manifests/accepted', accept === undefined ? {} : { accept });
        expect([reply.status, reply.headers['content-type']]).toEqual([200, OCI_IMAGE_MANIFEST]);
        expect(reply.body.equals(pushed.bytes)).toBe(true);
      }
    });

    it('answers a client that has the content with 304 (P12)', async () => {
      const pushed = await repository.pushImage('cached');
      for (const path of ['manifests/cached', `manifests/${pushed.digest}`]) {
        for (const etag of [`"${pushed.digest}"`, pushed.digest]) {
          const reply = await repository.get(path, { 'if-none-match': etag });
          expect([reply.status, reply.body.length]).toEqual([304, 0]);
          expect(reply.headers['docker-content-digest']).toBe(pushed.digest);
        }
        expect((await repository.get(path, { 'if-none-match': `"${randomContent().digest}"` })).status).toBe(200);
      }
    });

    it('pushes only while a condition holds (P12)', async () => {
      const first = await repository.pushImage();
      const once = { headers: { 'if-none-match': '*' } };
      expect((await repository.putManifest('once', first, once)).status).toBe(201);
      const second = await repository.pushImage();
      expect((await repository.putManifest('once', second, once)).status).toBe(412);
      const stale = { headers: { 'if-match': `"${second.digest}"` } };
      expect((await repository.putManifest('once', second, stale)).status).toBe(412);
      expect((await repository.get('manifests/once')).body.equals(first.bytes)).toBe(true);
      const current = { headers: { 'if-match': `"${first.digest}"` } };
      expect((await repository.putManifest('once', second, current)).status).toBe(201);
      expect((await repository.get('manifests/once')).body.equals(second.bytes)).toBe(true);
      expect((await repository.putManifest('once', second, { headers: { 'if-match': 'nonsense' } })).status).toBe(400);
    });

    it('sets many tags in one push, all with the digest that was pushed (P10)', async () => {
      for (const algorithm of DIGEST_ALGORITHMS) {
        const config = await repository.pushBlob();
        const pushed = image(config, [], { algorithm });
        const tags = Array.from({ length: 10 }, (_, number) => `multi-${algorithm}-${number}`);
        const query = [...tags, tags[0]].map((tag) => `tag=${tag}`).join('&');
        const reply = await repository.putManifest(`${pushed.digest}?${query}`, pushed);
        expect(reply.status).toBe(201);
        expect(headerValues(reply, 'OCI-Tag').sort()).toEqual([...tags].sort());
        for (const tag of tags) {
          const found = await repository.head(`manifests/${tag}`);
          expect(found.headers['docker-content-digest']).toBe(pushed.digest);
        }
      }
    });

    it('refuses too many or malformed tags, and then sets none (P10)', async () => {
      const pushed = image(await repository.pushBlob(), []);
      const many = Array.from({ length: 101 }, (_, number) => `tag=t${number}`).join('&');
      expect((await repository.putManifest(`${pushed.digest}?${many}`, pushed)).status).toBe(414);
      expect(refusal(await repository.putManifest(`${pushed.digest}?tag=fine&tag=-bad`, pushed))).toEqual([
        400,
        'TAG_INVALID',
      ]);
      expect((await repository.putManifest('by-tag?tag=other', pushed)).status).toBe(400);
      for (const reference of ['fine', 't0', 'other', pushed.digest]) {
        expect((await repository.head(`manifests/${reference}`)).status).toBe(404);
      }
    });

    it('names the subject of a push, whether or not it exists (P9)', async () => {
      const subject = await repository.pushImage();
      const absent = image(randomContent(), []);
      for (const one of [subject, absent]) {
        const members = { subject: describeContent(one, one.mediaType) };
        const byDigest = image(await repository.pushBlob(), [], { members });
        const replies = [
          await repository.putManifest(byDigest.digest, byDigest),
          await repository.putManifest('subject', index([], { members })),
        ];
        for (const reply of replies) expect([reply.status, reply.headers['oci-subject']]).toEqual([201, one.digest]);
      }
      const plain = await repository.putManifest('plain', subject);
      expect(plain.headers['oci-subject']).toBeUndefined();
    });

    it('takes the same push again, by digest and by tag (P11, R9)', async () => {
      const pushed = await repository.pushImage('again');
      for (const reference of ['again', pushed.digest, 'again']) {
        expect((await repository.putManifest(reference, pushed)).status).toBe(201);
      }
    });

    it('moves a tag and keeps the manifest it leaves', async () => {
      const first = await repository.pushImage('moving');
      const second = await repository.pushImage('moving');
      expect((await repository.get('manifests/moving')).body.equals(second.bytes)).toBe(true);
      expect((await repository.get(`manifests/${first.digest}`)).body.equals(first.bytes)).toBe(true);
    });

    it('tells a missing manifest from a missing repository (P14)', async () => {
      await repository.pushImage();
      const unknown = randomContent().digest;
      for (const reference of ['absent', unknown, '-not-a-tag', 'x'.repeat(129)]) {
        expect(refusal(await repository.get(`manifests/${reference}`))).toEqual([404, 'MANIFEST_UNKNOWN']);
      }
      const fresh = registry.repository('fresh');
      for (const reference of ['absent', unknown]) {
        expect(refusal(await fresh.get(`manifests/${reference}`))).toEqual([404, 'NAME_UNKNOWN']);
      }
    });

    it('knows a manifest only under the digest it was pushed with', async () => {
      const pushed = await repository.pushImage();
      expect((await repository.head(`manifests/${digestOf(pushed.bytes, 'sha512')}`)).status).toBe(404);
    });
  });
}
