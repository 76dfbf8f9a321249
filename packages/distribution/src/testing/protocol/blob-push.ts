import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS, digestOf } from '../../digest.ts';
import { type Content, content, randomContent } from './content.ts';
import { type Reply, refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient, withParameter } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** One way of uploading a blob; returns the last answer. */
type Style = (repository: RepositoryClient, blob: Content) => Promise<Reply>;

const octets = { 'content-type': 'application/octet-stream' };

const STYLES: Readonly<Record<string, Style>> = {
  'POST only': (repository, { bytes, digest }) =>
    repository.send('POST', `blobs/uploads/?digest=${digest}`, { headers: octets, body: bytes }),

  'POST and PUT': async (repository, { bytes, digest }) =>
    repository.finish(await repository.startUpload(), digest, bytes, octets),

  'one streamed PATCH without length or type': async (repository, { bytes, digest }) => {
    const location = await repository.startUpload();
    const reply = await repository.send('PATCH', location, { body: bytes, chunked: true });
    return repository.finish(repository.locationOf(reply, 202), digest);
  },

  'one PATCH with a length': async (repository, { bytes, digest }) => {
    const reply = await repository.patch(await repository.startUpload(), bytes);
    return repository.finish(repository.locationOf(reply, 202), digest);
  },

  'three chunks': async (repository, { bytes, digest }) => {
    const { location } = await sendChunks(repository, bytes, 3);
    return repository.finish(location, digest);
  },

  'two chunks and the last one in the PUT': async (repository, { bytes, digest }) => {
    const { location, offset } = await sendChunks(repository, bytes.subarray(0, Math.floor(bytes.length / 2)), 2);
    const rest = bytes.subarray(offset);
    const range = { 'content-range': `${offset}-${offset + rest.length - 1}` };
    return repository.finish(location, digest, rest, { ...octets, ...range });
  },
};

async function sendChunks(repository: RepositoryClient, bytes: Buffer, count: number) {
  const step = Math.ceil(bytes.length / count);
  let location = await repository.startUpload();
  let offset = 0;
  while (offset < bytes.length) {
    const chunk = bytes.subarray(offset, offset + step);
    location = repository.locationOf(await repository.patch(location, chunk, offset), 202);
    offset += chunk.length;
  }
  return { location, offset };
}

/** Uploading blobs in every style and algorithm, and refusing wrong ones (U1–U4, U9, U10, S67, S69). */
export function describeBlobPush(start: StartTarget): void {
  describe('pushing blobs', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
    });
    afterAll(() => registry.close());

    describe.each(Object.entries(STYLES))('by %s', (_name, push) => {
      it.each(DIGEST_ALGORITHMS)(
        'takes content under %s, and has it at once under its Location (U10, U16)',
        async (algorithm) => {
          const blob = randomContent(100_000, algorithm);
          const reply = await push(repository, blob);
          expect(reply.status).toBe(201);
          expect(reply.headers['docker-content-digest']).toBe(blob.digest);
          const pulled = await repository.get(repository.locationOf(reply, 201));
          expect(pulled.body.equals(blob.bytes)).toBe(true);
          expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(200);
        },
      );

      it.each(DIGEST_ALGORITHMS)(
        'refuses content that is not what its %s digest says, and stores nothing (U9)',
        async (algorithm) => {
          const [blob, other] = [randomContent(5000, algorithm), randomContent(5000, algorithm)];
          const reply = await push(repository, { bytes: blob.bytes, digest: other.digest });
          expect(refusal(reply)).toEqual([400, 'DIGEST_INVALID']);
          for (const { digest } of [blob, other]) expect((await repository.head(`blobs/${digest}`)).status).toBe(404);
        },
      );

      it('takes the same content twice (U15, R9)', async () => {
        const blob = randomContent();
        expect((await push(repository, blob)).status).toBe(201);
        expect((await push(repository, blob)).status).toBe(201);
      });
    });

    it('opens a session with everything a client needs (U1)', async () => {
      const reply = await repository.send('POST', 'blobs/uploads/', { headers: { 'content-length': 0 } });
      expect(reply.status).toBe(202);
      expect(reply.headers).toMatchObject({ range: '0-0', 'content-length': '0' });
      expect(reply.headers['docker-upload-uuid']).toBeTruthy();
      expect(reply.headers.location).toContain(reply.headers['docker-upload-uuid']);
      const next = await repository.send('POST', 'blobs/uploads/', { headers: { 'content-length': 0 } });
      expect(next.headers['docker-upload-uuid']).not.toBe(reply.headers['docker-upload-uuid']);
    });

    it('gives out Locations on its own host that survive another parameter (T10)', async () => {
      const blob = randomContent();
      const location = withParameter(await repository.startUpload(), 'x', 'y');
      expect((await repository.finish(location, blob.digest, blob.bytes)).status).toBe(201);
    });

    it('accepts a JSON type with an empty body, as ggcr sends it (T8)', async () => {
      const headers = { 'content-type': 'application/json', 'content-length': 0 };
      expect((await repository.send('POST', 'blobs/uploads/', { headers })).status).toBe(202);
    });

    it.each(DIGEST_ALGORITHMS)('takes an announced %s (dev)', async (algorithm) => {
      const blob = randomContent(70_000, algorithm);
      const location = await repository.startUpload(`?digest-algorithm=${algorithm}`);
      const patched = repository.locationOf(await repository.patch(location, blob.bytes, 0), 202);
      expect((await repository.finish(patched, blob.digest)).status).toBe(201);
    });

    it('refuses an algorithm it does not know, announced or not, and keeps the session (U9)', async () => {
      expect((await repository.send('POST', 'blobs/uploads/?digest-algorithm=md5')).status).toBe(400);
      const blob = randomContent();
      const location = repository.locationOf(await repository.patch(await repository.startUpload(), blob.bytes), 202);
      for (const digest of [
        'md5:d41d8cd98f00b204e9800998ecf8427e',
        'sha256:bad',
        'sha256:',
        blob.digest.toUpperCase(),
      ]) {
        expect(refusal(await repository.finish(location, digest))).toEqual([400, 'DIGEST_INVALID']);
      }
      expect(refusal(await repository.send('PUT', location))).toEqual([400, 'DIGEST_INVALID']);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
    });

    it('keeps a session as it was when the PUT had the wrong content (U9)', async () => {
      const blob = randomContent(4000);
      const [first, last] = [blob.bytes.subarray(0, 3000), blob.bytes.subarray(3000)];
      const location = repository.locationOf(await repository.patch(await repository.startUpload(), first), 202);
      expect((await repository.finish(location, blob.digest, randomContent(1000).bytes)).status).toBe(400);
      expect((await repository.get(location)).headers.range).toBe('0-2999');
      expect((await repository.finish(location, blob.digest, last)).status).toBe(201);
      expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('believes no digest that the bytes do not prove, even of content it has (S67)', async () => {
      const known = await registry.repository('owner').pushBlob();
      expect(
        (await repository.send('POST', `blobs/uploads/?digest=${known.digest}`, { body: Buffer.alloc(0) })).status,
      ).toBe(400);
      expect((await repository.finish(await repository.startUpload(), known.digest)).status).toBe(400);
      expect((await repository.finish(await repository.startUpload(), known.digest, Buffer.from('x'))).status).toBe(
        400,
      );
      expect((await repository.head(`blobs/${known.digest}`)).status).toBe(404);
    });

    it('does not confuse one content under two algorithms', async () => {
      const { bytes, digest } = await repository.pushBlob();
      expect((await repository.head(`blobs/${digestOf(bytes, 'sha512')}`)).status).toBe(404);
      await repository.pushBlob(content(bytes, 'sha512'));
      expect((await repository.head(`blobs/${digest}`)).status).toBe(200);
    });
  });
}
