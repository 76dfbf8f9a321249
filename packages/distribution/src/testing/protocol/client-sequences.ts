import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OCI_IMAGE_INDEX, OCI_IMAGE_MANIFEST } from '../../manifest/media-type.ts';
import {
  type Content,
  content,
  describeContent,
  EMPTY_TYPE,
  image,
  index,
  type Manifest,
  randomContent,
} from './content.ts';
import { RegistryUnderTest, type RepositoryClient, withParameter } from './repository-client.ts';
import type { StartTarget } from './target.ts';

const ALL_TYPES = [
  OCI_IMAGE_MANIFEST,
  OCI_IMAGE_INDEX,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
].join(', ');

/** The request sequences of real clients, as observed (peers.md §A5). */
export function describeClientSequences(start: StartTarget): void {
  describe('clients', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    let config: Content;
    let layer: Content;
    let pushed: Manifest;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
    });
    afterAll(() => registry.close());

    /** Fresh content in a fresh repository that may mount from `others`. */
    function prepare(label: string, others: readonly string[] = []): void {
      repository = registry.repository(label, others);
      [config, layer] = [randomContent(500), randomContent(200_000)];
      pushed = image(config, [layer]);
    }

    async function expectPullByDigest(): Promise<void> {
      const tag = await repository.head('manifests/latest', { accept: ALL_TYPES });
      expect(tag.status).toBe(200);
      const digest = String(tag.headers['docker-content-digest']);
      const found = await repository.get(`manifests/${digest}`, {
        accept: `${String(tag.headers['content-type'])}, */*`,
      });
      expect(found.body.equals(pushed.bytes)).toBe(true);
      for (const blob of [config, layer]) {
        expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
      }
    }

    it('docker (classic store): mount attempts, streamed PATCH without type, empty PUT, HEAD, manifest by tag', async () => {
      const elsewhere = registry.repository('elsewhere');
      prepare('docker', [elsewhere.name]);
      expect((await registry.send('GET', '/v2/')).status).toBe(200);
      for (const blob of [layer, config]) {
        expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(404);
        const mount = `blobs/uploads/?from=${encodeURIComponent(elsewhere.name)}&mount=${blob.digest}`;
        const opened = await repository.send('POST', mount, { headers: { 'content-length': 0 } });
        const patched = await repository.send('PATCH', repository.locationOf(opened, 202), {
          body: blob.bytes,
          chunked: true,
        });
        // Docker parses this header as first-last and demands last >= first.
        expect(patched.headers.range).toBe(`0-${blob.bytes.length - 1}`);
        const put = await repository.finish(repository.locationOf(patched, 202), blob.digest);
        expect(put.status).toBe(201);
        expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(200);
      }
      const reply = await repository.putManifest('latest', pushed);
      expect(reply.headers['docker-content-digest']).toBe(pushed.digest);
      await expectPullByDigest();
      const resumed = await repository.get(`blobs/${layer.digest}`, { range: 'bytes=100000-' });
      expect([resumed.status, resumed.headers['content-range']]).toEqual([206, 'bytes 100000-199999/200000']);
    });

    it('containerd: HEAD with types, POST, PUT with body, manifest by digest then tag, parallel ranges', async () => {
      prepare('containerd');
      for (const blob of [config, layer]) {
        const headers = { accept: 'application/vnd.oci.image.layer.v1.tar+gzip, */*' };
        expect((await repository.head(`blobs/${blob.digest}`, headers)).status).toBe(404);
        const location = await repository.startUpload();
        expect(
          (await repository.finish(location, blob.digest, blob.bytes, { 'content-type': 'application/octet-stream' }))
            .status,
        ).toBe(201);
      }
      expect((await repository.head('manifests/latest', { accept: `${OCI_IMAGE_MANIFEST}, */*` })).status).toBe(404);
      await repository.pushManifest(pushed, 'latest');
      await expectPullByDigest();
      const ranges = await Promise.all(
        [0, 50_000, 100_000, 150_000].map((from) =>
          repository.get(`blobs/${layer.digest}`, {
            range: `bytes=${from}-`,
            'accept-encoding': 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5',
          }),
        ),
      );
      for (const [position, reply] of ranges.entries()) {
        expect(reply.body.equals(layer.bytes.subarray(position * 50_000))).toBe(true);
      }
    });

    it('skopeo, podman and buildah: manifest by digest and then by tag, pulled by tag', async () => {
      prepare('skopeo');
      expect(
        (await registry.send('GET', '/v2/', { headers: { 'docker-distribution-api-version': 'registry/2.0' } })).status,
      ).toBe(200);
      for (const blob of [layer, config]) {
        expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(404);
        const headers = { 'content-type': 'application/octet-stream' };
        const patched = await repository.send('PATCH', await repository.startUpload(), {
          headers,
          body: blob.bytes,
          chunked: true,
        });
        expect((await repository.finish(repository.locationOf(patched, 202), blob.digest)).status).toBe(201);
      }
      await repository.pushManifest(pushed);
      await repository.pushManifest(pushed, 'latest');
      const byTag = await repository.get('manifests/latest', { accept: ALL_TYPES });
      expect(byTag.body.equals(pushed.bytes)).toBe(true);
      await expectPullByDigest();
      // skopeo deletes what a tag points at by digest.
      const digest = String((await repository.head('manifests/latest')).headers['docker-content-digest']);
      expect((await repository.send('DELETE', `manifests/${digest}`)).status).toBe(202);
      expect((await repository.head('manifests/latest')).status).toBe(404);
    });

    it('crane, kaniko and cosign (ggcr): JSON-typed empty POST, permission probe, referrers after a subject', async () => {
      prepare('ggcr');
      const json = { 'content-type': 'application/json', 'content-length': 0 };
      const probe = repository.locationOf(await repository.send('POST', 'blobs/uploads/', { headers: json }), 202);
      expect((await repository.send('DELETE', probe)).status).toBe(204);
      expect((await repository.head('manifests/latest')).status).toBe(404);
      for (const blob of [layer, config]) {
        const opened = repository.locationOf(await repository.send('POST', 'blobs/uploads/', { headers: json }), 202);
        const patched = repository.locationOf(await repository.send('PATCH', opened, { body: blob.bytes }), 202);
        expect((await repository.finish(patched, blob.digest)).status).toBe(201);
      }
      await repository.pushManifest(pushed, 'latest');
      const signature = image(config, [layer], { members: { subject: describeContent(pushed, pushed.mediaType) } });
      const put = await repository.putManifest(signature.digest, signature);
      expect(put.headers['oci-subject']).toBe(pushed.digest);
      const referrers = await repository.get(`referrers/${pushed.digest}`, { accept: OCI_IMAGE_INDEX });
      expect(referrers.headers['content-type']).toBe(OCI_IMAGE_INDEX);
      // The signature tag of cosign's older form.
      await repository.pushManifest(image(config, [layer]), `${pushed.digest.replace(':', '-')}.sig`);
      await expectPullByDigest();
    });

    it('oras, helm and notation: probes, uploads in parallel, attach and discover', async () => {
      prepare('oras');
      expect((await repository.get(`referrers/sha256:${'0'.repeat(64)}`)).headers['content-type']).toBe(
        OCI_IMAGE_INDEX,
      );
      const locations = await Promise.all([repository.startUpload(), repository.startUpload()]);
      const puts = await Promise.all(
        [config, layer].map((blob, number) => repository.finish(locations[number] ?? '', blob.digest, blob.bytes)),
      );
      expect(puts.map(({ status }) => status)).toEqual([201, 201]);
      expect((await repository.head(`manifests/${pushed.digest}`)).status).toBe(404);
      await repository.pushManifest(pushed, 'latest');
      const empty = await repository.pushBlob(content(Buffer.from('{}')));
      const members = {
        artifactType: 'application/vnd.cncf.notary.signature',
        config: describeContent(empty, EMPTY_TYPE),
        subject: describeContent(pushed, pushed.mediaType),
      };
      const attached = await repository.pushManifest(image(empty, [layer], { members }));
      const found = await repository.get(
        `referrers/${pushed.digest}?artifactType=application%2Fvnd.cncf.notary.signature`,
      );
      expect(JSON.parse(found.body.toString())).toMatchObject({ manifests: [{ digest: attached.digest }] });
      const blob = await repository.get(`blobs/${layer.digest}`);
      expect([blob.headers['content-length'], blob.headers['accept-ranges']]).toEqual(['200000', 'bytes']);
      await expectPullByDigest();
    });

    it('regctl: mount without a source, chunks of its own size, resume from a 416, several tags, real tag delete', async () => {
      prepare('regctl');
      const opened = await repository.send('POST', `blobs/uploads/?mount=${layer.digest}`, {
        headers: { 'content-length': 0 },
      });
      let location = repository.locationOf(opened, 202);
      let sent = 0;
      while (sent < layer.bytes.length) {
        const chunk = layer.bytes.subarray(sent, sent + 65_536);
        const wrong = await repository.patch(location, chunk, sent + 1);
        expect(wrong.status).toBe(416);
        const end = Number(String(wrong.headers.range).split('-')[1]);
        expect(end).toBe(Math.max(0, sent - 1));
        location = repository.locationOf(await repository.patch(repository.locationOf(wrong, 416), chunk, sent), 202);
        sent += chunk.length;
      }
      expect((await repository.finish(location, layer.digest)).status).toBe(201);
      const announced = await repository.startUpload('?digest-algorithm=sha256');
      expect((await repository.finish(announced, config.digest, config.bytes)).status).toBe(201);
      const reply = await repository.putManifest(`${pushed.digest}?tag=latest&tag=v1`, pushed);
      expect(reply.status).toBe(201);
      await expectPullByDigest();
      expect((await repository.send('DELETE', 'manifests/v1')).status).toBe(202);
      expect((await repository.head('manifests/latest')).status).toBe(200);
    });

    it('stargz and other lazy pullers: probe, size, many ranges', async () => {
      prepare('stargz');
      await repository.pushBlob(layer);
      const headers = { 'accept-encoding': 'identity' };
      const path = `blobs/${layer.digest}`;
      const probe = await repository.get(path, { ...headers, range: 'bytes=0-1' });
      expect([probe.status, probe.headers['content-range']]).toEqual([206, 'bytes 0-1/200000']);
      expect((await repository.head(path, headers)).headers['content-length']).toBe('200000');
      const many = await repository.get(path, { ...headers, range: 'bytes=0-99,1000-1099,5000-5099' });
      expect(many.headers['content-type']).toMatch(/^multipart\/byteranges; boundary=/);
    });

    it('buildx: platform images and attestations by digest, then the index by tag', async () => {
      prepare('buildx');
      for (const blob of [config, layer]) await repository.pushBlob(blob);
      const attestation = image(config, [layer], { members: { subject: describeContent(pushed, pushed.mediaType) } });
      for (const one of [pushed, attestation]) await repository.pushManifest(one);
      const unknown = { architecture: 'unknown', os: 'unknown' };
      const annotations = {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': pushed.digest,
      };
      const manifests = [
        { ...describeContent(pushed, pushed.mediaType), platform: { architecture: 'amd64', os: 'linux' } },
        { ...describeContent(attestation, attestation.mediaType), platform: unknown, annotations },
      ];
      const top = await repository.pushManifest(index([], { members: { manifests } }), 'latest');
      expect((await repository.get('manifests/latest')).body.equals(top.bytes)).toBe(true);
    });

    it('a client that adds the digest in front of other parameters', async () => {
      prepare('order');
      const location = await repository.startUpload();
      const [path = '', query = ''] = location.split('?');
      const reordered = `${withParameter(path, 'digest', layer.digest)}&${query}`;
      expect((await repository.send('PUT', reordered, { body: layer.bytes })).status).toBe(201);
    });
  });
}
