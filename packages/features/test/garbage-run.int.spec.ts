import type { RepositoryScope } from '@moorage/distribution';
import { ExecutionStore, planTask, TaskStore } from '@moorage/jobs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectGarbage, GARBAGE_COLLECTION, garbageProcessors } from '../src/garbage-collection/index.ts';
import { runTasks } from '../src/retention/testing/run-tasks.ts';
import { READ_ONLY_RUN } from '../src/settings/index.ts';
import { settingsOf } from '../src/settings/settings.rules.ts';
import { measureUsage } from '../src/usage/index.ts';
import { GarbageWorld } from './garbage-world.ts';

let world: GarbageWorld;
let repository: RepositoryScope;
let other: RepositoryScope;

beforeEach(async () => {
  world = await GarbageWorld.open();
  repository = world.repository('app');
  other = world.repository('other');
});
afterEach(() => world.close());

const usage = async () => {
  const { stored, counted } = await measureUsage(world.test.database, world.projectId);
  expect(stored).toBe(counted);
  return stored;
};

describe('what a run counts', () => {
  const DEAD = 1_200;
  const KEPT = 300;
  const executions = { running: () => Promise.resolve(null), hasSpawned: () => Promise.resolve(false) };
  const settings = { get: () => Promise.resolve({ ...settingsOf([]), gc_grace_seconds: 3600 }) };
  const run = (parts: Partial<Parameters<typeof garbageProcessors>[0]> = {}) => {
    const { database } = world.test;
    const usual = { database, blobs: world.content.blobs, settings, executions };
    return runTasks(database, garbageProcessors({ ...usual, ...parts }));
  };
  const begin = async (plan: { deleteUntagged?: boolean; dryRun?: boolean; workers?: number }) => {
    const { database } = world.test;
    const task = planTask(collectGarbage, { deleteUntagged: false, dryRun: false, workers: 1, ...plan });
    const wish = {
      vendorType: GARBAGE_COLLECTION,
      vendorId: 0,
      trigger: 'Manual',
      createdBy: 'ada',
      tasks: [task],
    } as const;
    return (await new TaskStore(database).insertExecution(database, wish)).id;
  };
  const factsOf = async (id: number) => (await new ExecutionStore(world.test.database).find({}, id))?.facts;
  /** What the worker of a task that died looks like to those that are left. */
  const orphan = async () => {
    await world.test.database.query(`update executions set ended_at = null, status = 'Running' where status = 'Error'`);
    const tasks = await world.test.database.query(
      `update tasks set ended_at = null, enqueued_at = null, status = 'Pending' where status = 'Error' returning 1`,
    );
    return tasks.length > 0;
  };
  const seed = async () => {
    await world.test.database.query(
      `with repo as (
         insert into repositories (project_id, name, first_pushed_at) values ($1, 'p/many', now()) returning id, project_id
       ), stored as (
         insert into blobs (digest, size, created_at, last_touched_at)
         select decode('12' || encode(sha256(n::text::bytea), 'hex'), 'hex'), 10, now() - interval '9 days',
           case when n <= $2 then now() - interval '9 days' else now() end
         from generate_series(1, $2::int + $3::int) n returning digest, size
       ), linked as (
         insert into repository_blobs (repository_id, digest, project_id, size) select id, digest, project_id, size from repo, stored
       ), charged as (
         insert into project_blobs (project_id, digest, size, links) select project_id, digest, size, 1 from repo, stored
       )
       insert into quota_ledger (project_id, bytes) select project_id, 10 * ($2::int + $3::int) from repo`,
      [world.projectId, DEAD, KEPT],
    );
  };
  const all = { purged_blobs: DEAD, purged_links: DEAD, freed_space: DEAD * 10, scanned_blobs: DEAD + KEPT };

  it('is what went, wherever its worker dies (R19)', async () => {
    await seed();
    const id = await begin({ workers: 2 });
    let calls = 0;
    let killed = 0;
    /** Dies after every other batch: its rows are gone, and nothing was reported since. */
    const dying = new Proxy(world.content.blobs, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === 'setAside' && calls++ % 2 === 0) {
          killed++;
          return () => Promise.reject(new Error('killed'));
        }
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    for (let attempt = 0; attempt < 20; attempt++) {
      await run({ blobs: dying });
      const [left] = await world.test.database.query<{ count: number }>('select count(*) as count from blobs');
      expect((await factsOf(id))?.purged_blobs).toBe(DEAD + KEPT - (left?.count ?? 0));
      if (!(await orphan())) break;
    }
    expect(killed).toBeGreaterThan(1);
    expect(await factsOf(id)).toMatchObject({ ...all, purged_manifests: 0 });
    expect(await usage()).toBe(KEPT * 10);
  });

  it('is not what was undone, as the worker died before it was kept (R19)', async () => {
    await seed();
    const { database } = world.test;
    await database.query('create sequence deaths');
    await database.query(
      `create function die() returns trigger language plpgsql as
       $$ begin if nextval('deaths') in (2, 3) then raise 'killed'; end if; return null; end $$`,
    );
    await database.query(
      `create constraint trigger die after insert on removed_blobs deferrable initially deferred
       for each row when (get_byte(new.digest, 1) = 0) execute function die()`,
    );
    const id = await begin({});
    let deaths = 0;
    do await run();
    while (++deaths < 9 && (await orphan()));
    expect(deaths).toBeGreaterThan(1);
    expect(await factsOf(id)).toMatchObject(all);
    expect(await usage()).toBe(KEPT * 10);
  });

  it('is what a dry run said, untagged artifacts with it, each counted once however often it begins', async () => {
    const { database } = world.test;
    for (let count = 0; count < 5; count++) {
      await world.pushManifest(count % 2 === 0 ? repository : other, null, [
        await world.pushBlob(count % 2 === 0 ? repository : other),
      ]);
    }
    await database.query(
      `update manifests set push_time = push_time - interval '9 days', touched_at = touched_at - interval '9 days'`,
    );
    await seed();
    const dry = await begin({ deleteUntagged: true, dryRun: true, workers: 3 });
    await run();
    const said = { ...all, purged_manifests: 5, scanned_blobs: DEAD + KEPT + 5 };
    expect(await factsOf(dry)).toMatchObject(said);
    expect(await database.query('select from manifests')).toHaveLength(5);
    await database.query('create sequence removals');
    await database.query(
      `create function die() returns trigger language plpgsql as
       $$ begin if nextval('removals') = 4 then raise 'killed'; end if; return old; end $$`,
    );
    await database.query('create trigger die before delete on manifests for each row execute function die()');
    const id = await begin({ deleteUntagged: true, workers: 3 });
    await run();
    expect((await factsOf(id))?.purged_manifests).toBe(5 - (await database.query('select from manifests')).length);
    expect(await orphan()).toBe(true);
    await run();
    expect(await factsOf(id)).toMatchObject(said);
    expect(await database.query('select from manifests')).toEqual([]);
  });

  it('is nothing while an earlier run is under way, or in read-only mode', async () => {
    await seed();
    const second = await begin({});
    await run({ executions: { ...executions, running: () => Promise.resolve(second - 1) } });
    expect(await factsOf(second)).toEqual({ skipped: true });
    const refused = await begin({});
    const readOnly = { get: async () => ({ ...(await settings.get()), read_only: true }) };
    await run({ settings: readOnly });
    expect(await new ExecutionStore(world.test.database).find({}, refused)).toMatchObject({
      status: 'Error',
      statusMessage: READ_ONLY_RUN,
    });
    expect(await world.rows()).toHaveLength(DEAD + KEPT);
    const dry = await begin({ dryRun: true });
    await run({ settings: readOnly });
    expect(await factsOf(dry)).toMatchObject(all);
    expect(await world.rows()).toHaveLength(DEAD + KEPT);
  });

  it('keeps to a pace that all parts share', async () => {
    for (let count = 0; count < 12; count++) await world.pushBlob(repository);
    await world.age();
    const id = await begin({ workers: 2 });
    const lines = await run({ settings: { get: async () => ({ ...(await settings.get()), gc_blobs_per_second: 8 }) } });
    expect(await factsOf(id)).toMatchObject({ purged_blobs: 12, workers: 2 });
    const batches = lines.flatMap((line) => /^removed (\d+) blobs/.exec(line)?.[1] ?? []).map(Number);
    expect(batches.reduce((sum, batch) => sum + batch, 0)).toBe(12);
    expect(Math.max(...batches)).toBeLessThanOrEqual(4);
  });
});
