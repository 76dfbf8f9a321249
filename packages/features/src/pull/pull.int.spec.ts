import type { ChangeContext, RepositoryScope } from '@moorage/distribution';
import { settleEvents } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditConsumer } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { deliverEvents } from '../outbox/index.ts';
import {
  change,
  createRegistryFixture,
  image,
  type RegistryFixture,
  scope,
  tag,
} from '../registry/testing/registry-fixture.ts';
import { foldPulls } from './pull.store.ts';
import { PullRecorder } from './pull-recorder.ts';

class TestClock extends Clock {
  time = new Date('2026-03-01T12:00:00Z');
  now(): Date {
    return this.time;
  }
}

const manifest = image([], { tags: [tag('v1'), tag('v2')] });
const NOON = new Date('2026-03-01T12:00:00Z');

let fixture: RegistryFixture;
let projectId: number;
let repository: RepositoryScope;
let clock: TestClock;
let pulls: PullRecorder;
let run = 0;

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  run++;
  projectId = await fixture.project(`p${run}`);
  repository = scope(projectId, `p${run}/app`);
  clock = new TestClock();
  pulls = new PullRecorder(fixture.database, { clock });
  await fixture.store.putManifest(change(repository), manifest);
});

/** A read in a request of that id. */
function requested(requestId: string): ChangeContext {
  const context = change(repository);
  const { caller } = context.caller as ReturnType<typeof change>['caller'] & { caller: object };
  return { ...context, caller: { id: context.caller.id, caller: { ...caller, requestId } } as ChangeContext['caller'] };
}

async function statistics() {
  await pulls.flush();
  await foldPulls(fixture.database);
  const [row] = await fixture.database.query(
    `select pull_count::int, (select pull_time from manifests where repository_id = r.id) as pulled,
       (select json_object_agg(name, pull_time is not null order by name) from tags where repository_id = r.id) as tags
     from repositories r where project_id = $1`,
    [projectId],
  );
  return row;
}

async function audited() {
  const rows = await fixture.database.query<{ payload: { data: object; audit: object } }>(
    "select payload from outbox_events where project_id = $1 and name = 'artifact.pulled' order by id",
    [projectId],
  );
  return rows.map((row) => row.payload);
}

const { digest } = manifest;

describe('what counts as a pull', () => {
  test('a GET does, a HEAD does not', async () => {
    pulls.record(change(repository), { method: 'HEAD', digest, tag: tag('v1') });
    expect(await statistics()).toEqual({ pull_count: 0, pulled: null, tags: { v1: false, v2: false } });
    pulls.record(change(repository), { method: 'GET', digest, tag: tag('v1') });
    expect(await statistics()).toEqual({ pull_count: 1, pulled: NOON, tags: { v1: true, v2: false } });
  });

  test('a GET of the digest behind a tag is a pull of the tag, for the caller who resolved it and for a while', async () => {
    pulls.record(change(repository, 1), { method: 'HEAD', digest, tag: tag('v1') });
    pulls.record(change(repository, 2), { method: 'GET', digest });
    expect(await statistics()).toMatchObject({ pull_count: 1, tags: { v1: false, v2: false } });
    clock.time = new Date('2026-03-01T12:30:00Z');
    pulls.record(change(repository, 1), { method: 'GET', digest });
    expect(await statistics()).toMatchObject({ pull_count: 2, tags: { v1: false, v2: false } });
    pulls.record(change(repository, 1), { method: 'HEAD', digest, tag: tag('v2') });
    pulls.record(change(repository, 1), { method: 'GET', digest });
    expect(await statistics()).toMatchObject({ pull_count: 3, tags: { v1: false, v2: true } });
  });

  test('reads of the product itself do not', async () => {
    const context = change(repository);
    const { caller } = context.caller as ReturnType<typeof change>['caller'] & { caller: object };
    const internal: ChangeContext = {
      ...context,
      caller: { id: 'scanner', caller: { ...caller, credential: 'internal' } } as ChangeContext['caller'],
    };
    pulls.record(internal, { method: 'GET', digest });
    expect(await statistics()).toMatchObject({ pull_count: 0, pulled: null });
    expect(await audited()).toEqual([]);
  });
});

describe('writing pulls', () => {
  test('each of many pulls has its audit row, with its time and request, from few events', async () => {
    const pulled = { method: 'GET', digest, tag: tag('v1') } as const;
    for (let count = 0; count < 250; count++) {
      clock.time = new Date(NOON.getTime() + count);
      pulls.record(requested(`request-${count}`), pulled);
    }
    pulls.record(change(repository, 2), pulled);
    expect(await statistics()).toMatchObject({ pull_count: 251 });
    expect((await audited()).map(({ data }) => data)).toMatchObject(
      [100, 100, 50, 1].map((count) => ({ pulls: count })),
    );
    await settleEvents(fixture.database);
    const consumer = auditConsumer(async () => new Set());
    while ((await deliverEvents(fixture.database, consumer)) > 0);
    const rows = await fixture.database.query(
      `select username, operation, resource, request_id, op_time from audit_logs
       where project_id = $1 and operation = 'pull' order by event_id, event_part`,
      [projectId],
    );
    const resource = `${repository.name}:v1`;
    expect(rows).toHaveLength(251);
    expect(new Set(rows.map((row) => row.request_id)).size).toBe(251);
    expect(rows[249]).toEqual({
      username: 'user-1',
      operation: 'pull',
      resource,
      request_id: 'request-249',
      op_time: new Date(NOON.getTime() + 249),
    });
    expect(rows[250]).toMatchObject({ username: 'user-2', operation: 'pull', resource });
  });

  test('what is pending when the process stops in order is written', async () => {
    pulls.record(change(repository), { method: 'GET', digest });
    await pulls.close();
    expect(await audited()).toHaveLength(1);
  });

  test('a pull of a repository that was removed is forgotten, the others of its batch are not', async () => {
    pulls.record(change(scope(projectId, `p${run}/gone`)), { method: 'GET', digest });
    pulls.record(change(repository), { method: 'GET', digest });
    expect(await statistics()).toMatchObject({ pull_count: 1 });
  });

  test('a batch that could not be written is written with the next', async () => {
    const errors: unknown[] = [];
    let broken = true;
    const sql: Pick<typeof fixture.database, 'query' | 'run'> = {
      query: (text, values) => (broken ? Promise.reject(new Error('away')) : fixture.database.query(text, values)),
      run: (statement) => fixture.database.run(statement),
    };
    const patient = new PullRecorder(sql, { clock, onError: (error) => errors.push(error) });
    patient.record(change(repository), { method: 'GET', digest });
    await patient.flush();
    patient.record(change(repository), { method: 'GET', digest });
    broken = false;
    await patient.close();
    expect(errors).toHaveLength(1);
    expect(await statistics()).toMatchObject({ pull_count: 2 });
  });

  test('folding on many processes at once counts every pull once', async () => {
    for (let batch = 0; batch < 40; batch++) {
      pulls.record(change(repository), { method: 'GET', digest, tag: tag(batch % 2 === 0 ? 'v1' : 'v2') });
      await pulls.flush();
    }
    const folded = await Promise.all(Array.from({ length: 8 }, () => foldPulls(fixture.database, 7)));
    expect(folded.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await foldPulls(fixture.database)).toBe(0);
    expect(await statistics()).toMatchObject({ pull_count: 40, tags: { v1: true, v2: true } });
  });
});
