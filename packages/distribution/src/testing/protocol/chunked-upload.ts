import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Content, randomContent } from './content.ts';
import { refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** Sessions, offsets, resuming and cancelling (U5–U8, U11–U13, R22–R24, S63, S64). */
export function describeChunkedUpload(start: StartTarget): void {
  describe('uploads in chunks', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    let blob: Content;
    let location: string;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
    });
    afterAll(() => registry.close());
    beforeEach(async () => {
      blob = randomContent(3000);
      location = await repository.startUpload();
    });

    const part = (from: number, to: number) => blob.bytes.subarray(from, to);
    const status = async () => {
      const reply = await repository.get(location);
      return [reply.status, reply.headers.range];
    };
    /** Sends a chunk that must be accepted and moves on to its Location. */
    async function accept(from: number, to: number): Promise<void> {
      const reply = await repository.patch(location, part(from, to), from);
      location = repository.locationOf(reply, 202);
      expect(reply.headers.range).toBe(`0-${to - 1}`);
    }

    it('reports an empty session in a form that parses (U7)', async () => {
      expect(await status()).toEqual([204, '0-0']);
      const reply = await repository.get(location);
      expect(reply.headers['docker-upload-uuid']).toBeTruthy();
      expect(repository.locationOf(reply, 204)).toContain(reply.headers['docker-upload-uuid']);
    });

    it('reports what it has, and finishes with an empty PUT (U5, U7)', async () => {
      await accept(0, 1000);
      await accept(1000, 2500);
      expect(await status()).toEqual([204, '0-2499']);
      await accept(2500, 3000);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
      expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('refuses a chunk out of order, by PATCH and by PUT, and tells where to go on (U6)', async () => {
      const wrong = [
        await repository.patch(location, part(1000, 2000), 1000),
        await repository.finish(location, blob.digest, part(1000, 2000), { 'content-range': '1000-1999' }),
      ];
      for (const reply of wrong) {
        expect(refusal(reply)).toEqual([416, 'RANGE_INVALID']);
        expect(reply.headers.range).toBe('0-0');
        expect(repository.locationOf(reply, 416)).toContain('/blobs/uploads/');
      }
      await accept(0, 1000);
      const ahead = await repository.patch(location, part(2000, 3000), 2000);
      expect([ahead.status, ahead.headers.range]).toEqual([416, '0-999']);
      location = repository.locationOf(ahead, 416);
      await accept(1000, 3000);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
    });

    it('refuses a chunk that it already has (U6, R24)', async () => {
      const first = location;
      await accept(0, 1000);
      for (const target of [first, location]) {
        const again = await repository.patch(target, part(0, 1000), 0);
        expect([again.status, again.headers.range]).toEqual([416, '0-999']);
      }
      expect(await status()).toEqual([204, '0-999']);
    });

    it('does not append a replayed stream twice (R24)', async () => {
      const replay = () => repository.patch(location, blob.bytes);
      const first = await replay();
      const second = await replay();
      expect([first.status, second.status]).toEqual([202, 416]);
      location = repository.locationOf(second, 416);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
    });

    it('takes several streams without ranges as long as the client follows the Locations', async () => {
      for (const [from, to] of [
        [0, 1],
        [1, 2000],
        [2000, 3000],
      ] as const) {
        location = repository.locationOf(await repository.patch(location, part(from, to), undefined, true), 202);
      }
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
    });

    it('refuses lengths that contradict the range, and keeps the session (U8)', async () => {
      const claim = (range: string, body: Buffer, chunked = false) =>
        repository.send('PATCH', location, { headers: { 'content-range': range }, body, chunked });
      expect(refusal(await claim('0-998', part(0, 1000)))).toEqual([400, 'SIZE_INVALID']);
      expect(refusal(await claim('0-1500', part(0, 1000), true))).toEqual([400, 'SIZE_INVALID']);
      expect(refusal(await claim('0-500', part(0, 1000), true))).toEqual([400, 'SIZE_INVALID']);
      for (const range of [
        'bytes 0-999/*',
        '0',
        'a-b',
        '-',
        '5-1',
        '0-999/3000',
        '-1-999',
        '',
        '0-99999999999999999999',
      ]) {
        expect((await claim(range, part(0, 1000))).status, range).toBe(400);
      }
      expect(await status()).toEqual([204, '0-0']);
      await accept(0, 1000);
    });

    it('refuses a Location that was tampered with (S64)', async () => {
      await accept(0, 1000);
      const [path = ''] = location.split('?');
      for (const offset of ['-1', 'x', '1e3', '']) {
        expect((await repository.patch(`${path}?offset=${offset}`, part(1000, 2000))).status).toBe(400);
      }
      for (const offset of ['0', '999', '5000']) {
        expect((await repository.patch(`${path}?offset=${offset}`, part(1000, 2000))).status).toBe(416);
      }
      expect(await status()).toEqual([204, '0-999']);
    });

    it('cancels a session, once (U11)', async () => {
      await accept(0, 1000);
      expect((await repository.send('DELETE', location)).status).toBe(204);
      const gone = [
        await repository.get(location),
        await repository.send('DELETE', location),
        await repository.patch(location, part(1000, 2000), 1000),
        await repository.finish(location, blob.digest),
      ];
      for (const reply of gone) expect(refusal(reply)).toEqual([404, 'BLOB_UPLOAD_UNKNOWN']);
    });

    it('knows a session only in its repository, and no longer once it is finished (U12, S63)', async () => {
      const [, id] = location.split('/blobs/uploads/');
      const other = registry.repository('other');
      await other.pushBlob();
      const elsewhere = `/v2/${other.name}/blobs/uploads/${id}`;
      const refused = [
        await other.get(elsewhere),
        await other.patch(elsewhere, part(0, 1000), 0),
        await other.finish(elsewhere, blob.digest, blob.bytes),
        await other.send('DELETE', elsewhere),
        await repository.get('blobs/uploads/00000000-0000-0000-0000-000000000000'),
        await repository.get('blobs/uploads/..%2f..%2fetc'),
        await repository.get(`blobs/uploads/${'x'.repeat(200)}`),
      ];
      for (const reply of refused) expect(refusal(reply)).toEqual([404, 'BLOB_UPLOAD_UNKNOWN']);
      await accept(0, 3000);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
      expect(refusal(await repository.get(location))).toEqual([404, 'BLOB_UPLOAD_UNKNOWN']);
    });

    it('lets only one of many writers in, and never mixes their bytes (U12, R24)', async () => {
      const replies = await Promise.all(Array.from({ length: 6 }, () => repository.patch(location, blob.bytes, 0)));
      expect(replies.filter(({ status }) => status === 202)).toHaveLength(1);
      for (const reply of replies) expect([202, 416]).toContain(reply.status);
      const winner = replies.find(({ status }) => status === 202);
      location = registry.http.pathOf(winner?.headers.location);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
      expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('keeps what arrived before the connection broke, and goes on from there (U13)', async () => {
      blob = randomContent(400_000);
      await breakOff(location, part(0, 250_000));
      let kept = 0;
      for (let attempt = 0; attempt < 100 && kept === 0; attempt++) {
        await setTimeout(20);
        const reply = await repository.get(location);
        const end = Number(reply.headers.range?.slice(2));
        kept = end > 0 ? end + 1 : 0;
        location = registry.http.pathOf(reply.headers.location);
      }
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThanOrEqual(250_000);
      await accept(kept, blob.bytes.length);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
      expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    it('goes on after the registry was killed (U12, R22)', async ({ skip }) => {
      const restart = registry.target.restart ?? skip();
      await accept(0, 1000);
      await restart();
      expect(await status()).toEqual([204, '0-999']);
      await accept(1000, 2000);
      await restart();
      await accept(2000, 3000);
      expect((await repository.finish(location, blob.digest)).status).toBe(201);
      await restart();
      expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
    });

    /** Sends the beginning of a longer body and cuts the connection. */
    async function breakOff(path: string, bytes: Buffer): Promise<void> {
      const authorization = await registry.target.authorization?.({ repositories: [repository.name] });
      const { hostname, port } = new URL(registry.target.baseUrl);
      const headers = { 'content-length': bytes.length * 2, ...(authorization ? { authorization } : {}) };
      await new Promise<void>((resolve) => {
        const outgoing = request({ host: hostname, port, method: 'PATCH', path, headers });
        outgoing.once('error', () => resolve());
        outgoing.write(bytes, () => {
          // The bytes are in the kernel; closing orderly lets the other side read them all.
          outgoing.socket?.end(() => resolve());
        });
      });
    }
  });
}
