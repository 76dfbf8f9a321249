import { randomUUID } from 'node:crypto';
import type { RepositoryScope, UploadClaim, UploadSession } from '@moorage/distribution';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SqlMetadataStore } from '../src/registry/index.ts';
import {
  change,
  createRegistryFixture,
  descriptor,
  link,
  type RegistryFixture,
  scope,
} from '../src/registry/testing/registry-fixture.ts';

let fixture: RegistryFixture;
let projectId: number;
let repository: RepositoryScope;
let run = 0;

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  run++;
  projectId = await fixture.project(`p${run}`);
  repository = scope(projectId, `p${run}/app`);
});

async function start(context = change(repository)): Promise<UploadSession> {
  const outcome = await fixture.store.startUpload(context);
  if (outcome.status === 'refused') throw new Error(outcome.message);
  return outcome.session;
}

async function claim(id: string, store: SqlMetadataStore = fixture.store): Promise<UploadClaim> {
  const outcome = await store.claimUpload(change(repository), id);
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
}

const future = () => new Date(Date.now() + 3_600_000);

describe('a session', () => {
  test('continues on another process', async () => {
    const { id } = await start();
    const first = await claim(id);
    expect(first.session).toEqual({ id, offset: 0 });
    expect(await first.release(4096)).toBe(true);
    const second = await claim(id, fixture.otherProcess());
    expect(second.session.offset).toBe(4096);
    expect(await second.release(8192)).toBe(true);
    expect(await fixture.store.findUpload(change(repository), id)).toEqual({ id, offset: 8192 });
  });

  test('keeps the algorithm the client announced', async () => {
    const started = await fixture.store.startUpload(change(repository), 'sha512');
    expect(started).toMatchObject({ status: 'started', session: { algorithm: 'sha512' } });
  });

  test('does not exist for another caller, repository or project, nor under no id', async () => {
    const { id } = await start();
    const stranger = await fixture.project(`stranger${run}`);
    const contexts = [
      change(repository, 2),
      change(scope(projectId, `p${run}/other`)),
      change(scope(stranger, repository.name)),
    ];
    for (const context of contexts) {
      expect(await fixture.store.findUpload(context, id)).toBeNull();
      expect(await fixture.store.claimUpload(context, id)).toBe('missing');
      expect(await fixture.store.endUpload(context, id)).toBe(false);
    }
    for (const unknown of [randomUUID(), '', "x' or 1=1", `${id} `, id.toUpperCase()]) {
      expect(await fixture.store.findUpload(change(repository), unknown)).toBeNull();
      expect(await fixture.store.claimUpload(change(repository), unknown)).toBe('missing');
      expect(await fixture.store.endUpload(change(repository), unknown)).toBe(false);
    }
    expect(await fixture.store.endUpload(change(repository), id)).toBe(true);
    expect(await fixture.store.endUpload(change(repository), id)).toBe(false);
  });

  test('does not make its repository exist', async () => {
    await start();
    expect(await fixture.store.hasRepository(repository)).toBe(false);
    expect(await fixture.store.listTags(repository, { limit: 10 })).toBeNull();
  });
});

describe('a claim', () => {
  test('is held by one request at a time', async () => {
    const { id } = await start();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        (number % 2 === 0 ? fixture.store : fixture.otherProcess()).claimUpload(change(repository), id),
      ),
    );
    expect(claims.filter((one) => one === 'busy')).toHaveLength(19);
    const [held] = claims.filter((one) => typeof one !== 'string');
    expect(await held?.release(10)).toBe(true);
    expect(await held?.release(20)).toBe(false);
    expect(await (await claim(id)).release(30)).toBe(true);
  });

  test('is lost with its session', async () => {
    const { id } = await start();
    const held = await claim(id);
    await fixture.store.endUpload(change(repository), id);
    expect(await held.release(10)).toBe(false);
  });

  test('of a process that is gone can be taken over, and then records nothing', async () => {
    const { id } = await start();
    const lost = await claim(id, fixture.otherProcess());
    await fixture.database.query("update uploads set claimed_until = now() - interval '1 second' where id = $1", [id]);
    const taken = await claim(id);
    expect(await lost.release(999)).toBe(false);
    expect(await taken.release(5)).toBe(true);
    expect(await fixture.store.findUpload(change(repository), id)).toMatchObject({ offset: 5 });
  });

  test('is renewed while its request runs', async () => {
    const { id } = await start();
    const held = await claim(id);
    await fixture.database.query("update uploads set claimed_until = now() + interval '1 second' where id = $1", [id]);
    const secondsLeft = async () => {
      const [row] = await fixture.database.query<{ left: number }>(
        'select extract(epoch from claimed_until - now())::float8 as left from uploads where id = $1',
        [id],
      );
      return row?.left;
    };
    await expect.poll(secondsLeft).toBeGreaterThan(5);
    expect(await held.release(1)).toBe(true);
  });
});

describe('idle sessions', () => {
  test('are listed oldest first, without those in use, and expire unless they became active', async () => {
    await fixture.database.query('delete from uploads');
    const [oldest, middle, busy] = [await start(), await start(), await start()];
    const held = await claim(busy.id);
    expect(await fixture.store.listIdleUploads(future(), 10)).toEqual([oldest.id, middle.id]);
    expect(await fixture.store.listIdleUploads(future(), 1)).toEqual([oldest.id]);
    expect(await fixture.store.listIdleUploads(new Date(0), 10)).toEqual([]);
    expect(await fixture.store.expireUpload(busy.id, future())).toBe(false);
    expect(await fixture.store.expireUpload(oldest.id, new Date(0))).toBe(false);
    expect(await fixture.store.expireUpload(oldest.id, future())).toBe(true);
    expect(await fixture.store.expireUpload(oldest.id, future())).toBe(false);
    expect(await held.release(1)).toBe(true);
    expect(await fixture.store.listIdleUploads(future(), 10)).toEqual([middle.id, busy.id]);
  });
});

describe('limits', () => {
  test('a caller has at most so many open sessions, whatever the project', async () => {
    fixture.limits = { ...fixture.limits, uploadsPerCaller: 3 };
    const context = change(repository, 31);
    for (let count = 0; count < 3; count++) await start(context);
    const refused = await fixture.store.startUpload({ ...context, repository: scope(projectId, `p${run}/b`) });
    expect(refused).toMatchObject({ status: 'refused', message: expect.stringContaining('3 unfinished uploads') });
    expect((await fixture.store.startUpload(change(repository, 32))).status).toBe('started');
    fixture.limits = { ...fixture.limits, uploadsPerCaller: 100 };
  });

  test('uploads that stand still keep nobody out for long, though not without end', async () => {
    fixture.limits = { ...fixture.limits, uploadsPerCaller: 2 };
    const context = change(repository, 33);
    const isStarted = async () => (await fixture.store.startUpload(context)).status === 'started';
    for (let round = 0; round < 10; round++) {
      expect([await isStarted(), await isStarted()]).toEqual([true, true]);
      if (round === 0) expect(await isStarted()).toBe(false);
      await fixture.database.query(
        `update uploads set last_active_at = last_active_at - interval '16 minutes' where caller_id = $1`,
        [context.caller.id],
      );
    }
    expect(await isStarted()).toBe(false);
    fixture.limits = { ...fixture.limits, uploadsPerCaller: 100 };
  });

  test('a project has at most so many, whoever opened them', async () => {
    fixture.limits = { ...fixture.limits, uploadsPerProject: 2 };
    await start(change(repository, 41));
    await start(change(repository, 42));
    const refused = await fixture.store.startUpload(change(repository, 43));
    expect(refused).toMatchObject({ status: 'refused', message: expect.stringContaining('the project has 2') });
    fixture.limits = { ...fixture.limits, uploadsPerProject: 1000 };
  });

  test('a full project starts none', async () => {
    const full = await fixture.project(`full${run}`, 1000);
    const context = change(scope(full, `full${run}/app`));
    await link(fixture.store, context, [descriptor('fills it', 1000)]);
    expect(await fixture.store.startUpload(context)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('1000 bytes of 1000 bytes are used'),
    });
    fixture.limits = { ...fixture.limits, quotaEnforced: false };
    expect((await fixture.store.startUpload(context)).status).toBe('started');
    fixture.limits = { ...fixture.limits, quotaEnforced: true };
  });
});
