import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, content, randomContent } from './content.ts';
import { type Reply, refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** HEAD and GET of blobs, ranges and conditions (B1–B7, S65, S77). */
export function describeBlobPull(start: StartTarget): void {
  describe('pulling blobs', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    let blob: Content;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
      blob = await repository.pushBlob(randomContent(2048));
    });
    afterAll(() => registry.close());

    const range = (value: string, headers = {}, of: Content = blob) =>
      repository.get(`blobs/${of.digest}`, { range: value, ...headers });

    it.each([0, 2, 1000, 65_536, 65_537, 600_000, 3_000_000])('serves %i bytes whole (B1, U17)', async (size) => {
      const some = await repository.pushBlob(randomContent(size));
      for (const method of ['HEAD', 'GET']) {
        const { status, headers, body } = await repository.send(method, `blobs/${some.digest}`);
        expect(status).toBe(200);
        expect(headers).toMatchObject({
          'content-type': 'application/octet-stream',
          'content-length': String(size),
          'docker-content-digest': some.digest,
          etag: `"${some.digest}"`,
          'accept-ranges': 'bytes',
        });
        expect(headers['cache-control']).toContain('private');
        expect(body.equals(method === 'GET' ? some.bytes : Buffer.alloc(0))).toBe(true);
      }
    });

    it('serves a blob under its sha512 digest (B1)', async () => {
      const some = await repository.pushBlob(randomContent(5000, 'sha512'));
      const reply = await repository.get(`blobs/${some.digest}`);
      expect(reply.headers['docker-content-digest']).toBe(some.digest);
      expect(reply.body.equals(some.bytes)).toBe(true);
    });

    it('does not have what nobody pushed here, even if another repository has it (B2, S65)', async () => {
      const elsewhere = registry.repository('elsewhere');
      for (const { digest } of [randomContent(), blob, randomContent(1, 'sha512')]) {
        expect(refusal(await elsewhere.get(`blobs/${digest}`))).toEqual([404, 'BLOB_UNKNOWN']);
        expect((await elsewhere.head(`blobs/${digest}`)).status).toBe(404);
      }
      const [known, unknown] = [
        await elsewhere.get(`blobs/${blob.digest}`),
        await elsewhere.get(`blobs/${randomContent().digest}`),
      ];
      expect(known.body.length).toBe(unknown.body.length);
    });

    const malformed = [
      'sha256:bad',
      `sha256:${'A'.repeat(64)}`,
      `sha256:${'0'.repeat(63)}`,
      `sha256:${'0'.repeat(65)}`,
      `sha512:${'0'.repeat(64)}`,
      'md5:d41d8cd98f00b204e9800998ecf8427e',
      `blake3:${'0'.repeat(64)}`,
      'sha256:../../etc/passwd'.replaceAll('/', '%2f'),
      'latest',
      ':',
    ];
    it.each(malformed)('refuses the digest %s (T6, S69)', async (digest) => {
      expect(refusal(await repository.get(`blobs/${digest}`))).toEqual([400, 'DIGEST_INVALID']);
    });

    it.each([
      ['500-1499', 500, 1499],
      ['500-', 500, 2047],
      ['-500', 1548, 2047],
      ['2000-5000', 2000, 2047],
      ['0-0', 0, 0],
      ['0-1', 0, 1],
      ['2047-2047', 2047, 2047],
      ['-5000', 0, 2047],
    ])('serves the range %s (B3, B4)', async (text, first, last) => {
      const reply = await range(`bytes=${text}`);
      expect(reply.status).toBe(206);
      expect(reply.headers['content-range']).toBe(`bytes ${first}-${last}/2048`);
      expect(reply.headers['content-length']).toBe(String(last - first + 1));
      expect(reply.headers['docker-content-digest']).toBe(blob.digest);
      expect(reply.body.equals(blob.bytes.subarray(first, last + 1))).toBe(true);
    });

    it.each([
      'bytes=500-0',
      'bytes=5000-10000',
      'bytes=2048-',
      'bytes=-0',
      'bytes=',
      'bytes=a-b',
      'bytes=-',
      'bytes=1-2-3',
    ])('refuses the range %s and says how large the blob is (B3)', async (text) => {
      const reply = await range(text);
      expect(refusal(reply)).toEqual([416, 'RANGE_INVALID']);
      expect(reply.headers['content-range']).toBe('bytes */2048');
    });

    it('serves the whole blob for a unit it does not know, and for ranges of HEAD', async () => {
      expect((await range('items=0-1')).status).toBe(200);
      const head = await repository.head(`blobs/${blob.digest}`, { range: 'bytes=0-1' });
      expect([head.status, head.headers['content-length']]).toEqual([200, '2048']);
    });

    it('serves ranges of a large blob (B4)', async () => {
      const large = await repository.pushBlob(randomContent(1_500_000));
      const reply = await range('bytes=300000-1400000', {}, large);
      expect(reply.body.equals(large.bytes.subarray(300_000, 1_400_001))).toBe(true);
    });

    it('serves a very large blob to a fast client (B1)', async () => {
      const large = await repository.pushBlob(randomContent(40_000_000));
      expect((await repository.get(`blobs/${large.digest}`)).body.equals(large.bytes)).toBe(true);
      const reply = await range('bytes=1000-39000000', {}, large);
      expect(reply.body.equals(large.bytes.subarray(1000, 39_000_001))).toBe(true);
    });

    it('serves several ranges as parts, in order, unmerged (B5)', async () => {
      for (const some of [blob, await repository.pushBlob(randomContent(900_000))]) {
        const reply = await range('bytes=100-199,0-9, 200-209', {}, some);
        expect(reply.status).toBe(206);
        expect(Number(reply.headers['content-length'])).toBe(reply.body.length);
        const parts = partsOf(reply);
        const size = some.bytes.length;
        expect(parts.map((part) => part.range)).toEqual([
          `bytes 100-199/${size}`,
          `bytes 0-9/${size}`,
          `bytes 200-209/${size}`,
        ]);
        const expected = [some.bytes.subarray(100, 200), some.bytes.subarray(0, 10), some.bytes.subarray(200, 210)];
        expect(parts.every((part, index) => part.bytes.equals(expected[index] ?? Buffer.alloc(0)))).toBe(true);
      }
    });

    it('never answers several ranges with a single-range 206 (B5)', async () => {
      const one = await range('bytes=0-9,5000-6000');
      expect(one.status).toBe(206);
      expect(partsOf(one)).toHaveLength(1);
      expect((await range('bytes=5000-6000,7000-8000')).status).toBe(416);
    });

    it('does not let ranges multiply what is sent (S77)', async () => {
      const overlapping = await range(`bytes=${Array.from({ length: 200 }, () => '0-').join(',')}`);
      expect([overlapping.status, overlapping.body.length]).toEqual([200, 2048]);
      const tooMany = await range(`bytes=${Array.from({ length: 1100 }, (_, index) => `${index}-${index}`).join(',')}`);
      expect(tooMany.status).toBe(400);
    });

    it('answers a client that has the content with 304 (B7)', async () => {
      for (const etag of [`"${blob.digest}"`, blob.digest, `W/"${blob.digest}"`, `"x", "${blob.digest}"`, '*']) {
        for (const method of ['GET', 'HEAD']) {
          const reply = await repository.send(method, `blobs/${blob.digest}`, { headers: { 'if-none-match': etag } });
          expect([reply.status, reply.body.length]).toEqual([304, 0]);
          expect(reply.headers.etag).toBe(`"${blob.digest}"`);
        }
      }
      const other = { 'if-none-match': `"${randomContent().digest}"` };
      expect((await repository.get(`blobs/${blob.digest}`, other)).status).toBe(200);
    });

    it('serves a range only of the content that If-Range names (B7)', async () => {
      expect((await range('bytes=0-9', { 'if-range': `"${blob.digest}"` })).status).toBe(206);
      const others = [`"${randomContent().digest}"`, `W/"${blob.digest}"`, 'Wed, 21 Oct 2026 07:28:00 GMT'];
      for (const other of others) {
        const reply = await range('bytes=0-9', { 'if-range': other });
        expect([reply.status, reply.body.length]).toEqual([200, 2048]);
      }
    });

    it('ignores the namespace that mirrors are asked with (N1)', async () => {
      expect((await repository.get(`blobs/${blob.digest}?ns=docker.io`)).status).toBe(200);
    });

    it('has the well-known empty contents once they are pushed (U17)', async () => {
      for (const algorithm of ['sha256', 'sha512'] as const) {
        for (const text of ['', '{}']) {
          const some = await repository.pushBlob(content(Buffer.from(text), algorithm));
          expect((await repository.get(`blobs/${some.digest}`)).body.toString()).toBe(text);
        }
      }
    });
  });
}

interface Part {
  readonly range: string;
  readonly bytes: Buffer;
}

/** Takes a multipart/byteranges body apart, as strictly as containers/image does. */
function partsOf(reply: Reply): Part[] {
  const [type, boundary = ''] = (reply.headers['content-type'] ?? '').split('; boundary=');
  if (type !== 'multipart/byteranges') throw new Error(`the type is ${type}`);
  for (const char of boundary) if (!/[a-zA-Z0-9:-]/.test(char)) throw new Error(`the boundary is ${boundary}`);
  const text = reply.body.toString('latin1');
  const [lead, ...rest] = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (lead !== '' || rest.pop() !== '--\r\n') throw new Error('the multipart body is not framed');
  return rest.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, end).split('\r\n');
    const line = head.find((header) => header.startsWith('Content-Range: ')) ?? '';
    return { range: line.slice('Content-Range: '.length), bytes: Buffer.from(part.slice(end + 4), 'latin1') };
  });
}
