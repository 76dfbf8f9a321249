import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UploadClaim } from '../../ports/index.ts';
import { isUploadId } from '../../reference.ts';
import { MetadataBench, type OpenMetadata } from './metadata-fixture.ts';

const LONG_AGO = new Date('2000-01-01');
/** Far enough ahead for any clock, so that everything counts as idle. */
const later = () => new Date(Date.now() + 24 * 3600_000);

/** The contract of UploadSessions. */
export function describeUploadSessions(title: string, open: OpenMetadata): void {
  describe(`${title}: upload sessions`, () => {
    let bench: MetadataBench;
    beforeEach(async () => {
      bench = new MetadataBench(await open());
    });
    afterEach(() => bench.fixture.close());

    async function claim(id: string, store = bench.store): Promise<UploadClaim> {
      const outcome = await store.claimUpload(bench.context(), id);
      if (typeof outcome === 'string') throw new Error(`the upload was ${outcome}`);
      return outcome;
    }

    it('starts at zero under an id that nobody can guess and any storage can use', async () => {
      const ids = new Set<string>();
      for (let count = 0; count < 20; count++) ids.add(await bench.start());
      expect(ids.size).toBe(20);
      for (const id of ids) {
        expect(isUploadId(id)).toBe(true);
        expect(id.length).toBeGreaterThanOrEqual(22);
      }
      const [id = ''] = ids;
      expect(await bench.store.findUpload(bench.context(), id)).toMatchObject({ id, offset: 0 });
    });

    it('remembers the announced algorithm', async () => {
      const outcome = await bench.store.startUpload(bench.context(), 'sha512');
      const id = outcome.status === 'started' ? outcome.session.id : '';
      expect(await bench.store.findUpload(bench.context(), id)).toMatchObject({ algorithm: 'sha512' });
    });

    it('exists only for its owner, in its repository (U12, S63)', async () => {
      const id = await bench.start();
      const stolenName = { name: bench.name('app'), namespaceId: bench.fixture.namespaceIds[1] };
      const strangers = [
        bench.context(bench.scope('other')),
        bench.context(bench.scope('app', 1)),
        bench.context(stolenName),
        bench.context(bench.scope(), 1),
      ];
      for (const stranger of strangers) {
        expect(await bench.store.findUpload(stranger, id)).toBeNull();
        expect(await bench.store.claimUpload(stranger, id)).toBe('missing');
        expect(await bench.store.endUpload(stranger, id)).toBe(false);
      }
      expect(await bench.store.findUpload(bench.context(), id)).not.toBeNull();
    });

    it('records a released offset', async () => {
      const id = await bench.start();
      const first = await claim(id);
      expect(first.session.offset).toBe(0);
      expect(await first.release(5 * 1024 ** 3)).toBe(true);
      expect(await bench.store.findUpload(bench.context(), id)).toMatchObject({ offset: 5 * 1024 ** 3 });
      const second = await claim(id);
      expect(second.session.offset).toBe(5 * 1024 ** 3);
      await second.release(7);
      expect(await bench.store.findUpload(bench.context(), id)).toMatchObject({ offset: 7 });
    });

    it('gives the right to append to one request at a time (U12)', async () => {
      const id = await bench.start();
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => bench.store.claimUpload(bench.context(), id)));
      expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(7);
      const winner = outcomes.find((outcome) => typeof outcome !== 'string');
      await winner?.release(1);
      await (await claim(id)).release(2);
    });

    it('gives that right across processes', async ({ skip }) => {
      const other = bench.fixture.other ?? skip();
      const id = await bench.start();
      const held = await claim(id);
      expect(await other.claimUpload(bench.context(), id)).toBe('busy');
      await held.release(10);
      const taken = await claim(id, other);
      expect(taken.session.offset).toBe(10);
      expect(await bench.store.claimUpload(bench.context(), id)).toBe('busy');
      await taken.release(20);
    });

    it('tells a holder whose session was ended that nothing was recorded', async () => {
      const id = await bench.start();
      const held = await claim(id);
      expect(await bench.store.endUpload(bench.context(), id)).toBe(true);
      expect(await held.release(10)).toBe(false);
      expect(await bench.store.findUpload(bench.context(), id)).toBeNull();
    });

    it('releases once', async () => {
      const id = await bench.start();
      const held = await claim(id);
      expect(await held.release(10)).toBe(true);
      expect(await held.release(99)).toBe(false);
      expect(await bench.store.findUpload(bench.context(), id)).toMatchObject({ offset: 10 });
    });

    it('ends once and knows nothing of unknown ids', async () => {
      const id = await bench.start();
      expect(await bench.store.endUpload(bench.context(), id)).toBe(true);
      expect(await bench.store.endUpload(bench.context(), id)).toBe(false);
      expect(await bench.store.claimUpload(bench.context(), id)).toBe('missing');
      expect(await bench.store.findUpload(bench.context(), 'never-started')).toBeNull();
      expect(await bench.store.claimUpload(bench.context(), 'never-started')).toBe('missing');
    });

    it('lists idle sessions, oldest first, within the limit, and expires them (U14)', async () => {
      const ids: string[] = [];
      for (let count = 0; count < 3; count++) {
        ids.push(await bench.start());
        // Clocks of stores tick in milliseconds.
        await setTimeout(5);
      }
      expect(await bench.store.listIdleUploads(LONG_AGO, 10)).toEqual([]);
      const idle = await bench.store.listIdleUploads(later(), 10_000);
      expect(idle.filter((id) => ids.includes(id))).toEqual(ids);
      expect(await bench.store.listIdleUploads(later(), 2)).toHaveLength(2);
      const [id = ''] = ids;
      expect(await bench.store.expireUpload(id, LONG_AGO)).toBe(false);
      expect(await bench.store.expireUpload(id, later())).toBe(true);
      expect(await bench.store.expireUpload(id, later())).toBe(false);
      expect(await bench.store.findUpload(bench.context(), id)).toBeNull();
    });

    it('never expires a session that somebody is writing to', async () => {
      const id = await bench.start();
      const held = await claim(id);
      expect(await bench.store.listIdleUploads(later(), 10_000)).not.toContain(id);
      expect(await bench.store.expireUpload(id, later())).toBe(false);
      expect(await held.release(1)).toBe(true);
      expect(await bench.store.expireUpload(id, later())).toBe(true);
    });

    it('does not make a repository exist', async () => {
      await bench.start(bench.context(bench.scope('only-started')));
      expect(await bench.store.hasRepository(bench.scope('only-started'))).toBe(false);
    });
  });
}
