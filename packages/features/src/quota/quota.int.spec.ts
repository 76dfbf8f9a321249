import { AppError, listQuotas, type ListSpec } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import type { TaskContext } from '@moorage/jobs';
import { countStatements, createTestDatabase, seedProject, seedUser, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Clock } from '../clock/index.ts';
import { ExecutionService } from '../execution/index.ts';
import { type Caller, parseListQuery } from '../http/index.ts';
import { SettingsService } from '../settings/settings.service.ts';
import { SettingsStore } from '../settings/settings.store.ts';
import { foldLedger } from '../usage/index.ts';
import { QuotaGrowthStore } from './quota-growth.store.ts';
import { proveUsageProcessor } from './quota.jobs.ts';
import { QuotaService } from './quota.service.ts';
import { QuotaStore } from './quota.store.ts';

let test: TestDatabase;
let quotas: QuotaService;
let growth: QuotaGrowthStore;

class FixedClock extends Clock {
  now(): Date {
    return new Date('2026-03-10T12:00:00Z');
  }
}

function serviceOn(database: Database): QuotaService {
  const settings = new SettingsService(new SettingsStore(database), new FixedClock());
  const growthStore = new QuotaGrowthStore(database);
  const executions = new ExecutionService(database);
  return new QuotaService(new QuotaStore(database), growthStore, settings, executions, new FixedClock());
}

let ownerId: number;
let projects: number[];

const caller: Caller = {
  principal: { kind: 'user', id: 1, username: 'root', isSysadmin: true },
  credential: 'password',
  address: '192.0.2.1',
  userAgent: 'test',
  requestId: 'request-1',
};
const page = (query: { q?: string; sort?: string; page_size?: string } = {}) =>
  parseListQuery(listQuotas.list as ListSpec, query);
const charge = (projectId: number | undefined, ...bytes: number[]) =>
  test.database.query('insert into quota_ledger (project_id, bytes) select $1, unnest($2::bigint[])', [
    projectId,
    bytes,
  ]);
const used = async () => {
  const { items } = await quotas.list(undefined, page({ sort: 'name' }));
  return items.map((item) => item.used.storage);
};

beforeAll(async () => {
  test = await createTestDatabase();
  growth = new QuotaGrowthStore(test.database);
  quotas = serviceOn(test.database);
  ownerId = await seedUser(test.database, 'ada');
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('delete from projects');
  await test.database.query('delete from outbox_events');
  projects = [];
  for (const name of ['alpha', 'beta']) projects.push(await seedProject(test.database, name, { ownerId }));
});

describe('quotas', () => {
  it('show the folded and the pending usage as one number', async () => {
    await charge(projects[0], 100, 50, -30);
    expect(await used()).toEqual([120, 0]);
    expect(await foldLedger(test.database)).toBe(1);
    expect(await used()).toEqual([120, 0]);
    expect(await test.database.query('select 1 from quota_ledger')).toEqual([]);
    await charge(projects[1], 7);
    const sorted = await quotas.list(undefined, page({ sort: '-used.storage' }));
    expect(sorted.items.map((item) => item.ref.name)).toEqual(['alpha', 'beta']);
  });

  it('keep the sum while folding and charging at once', async () => {
    const charging = Array.from({ length: 40 }, (_, index) => charge(projects[index % 2], 3));
    const folding = Array.from({ length: 10 }, () => foldLedger(test.database));
    await Promise.all([...charging, ...folding]);
    await foldLedger(test.database);
    expect(await used()).toEqual([60, 60]);
  });

  it('change their limit once, with the value before it', async () => {
    const { items } = await quotas.list(projects[0], page());
    const id = items[0]?.id ?? 0;
    await quotas.changeLimits(caller, id, { hardBytes: 5000, hardArtifacts: 20 });
    await quotas.changeLimits(caller, id, { hardBytes: 5000 });
    expect(await quotas.get(id)).toMatchObject({
      ref: { name: 'alpha', owner_name: 'ada' },
      hard: { storage: 5000, count: 20 },
    });
    const events = await test.database.query<{ payload: { audit: object } }>('select payload from outbox_events');
    expect(events.map((event) => event.payload.audit)).toMatchObject([
      {
        operation: 'update',
        before: { 'hard.storage': -1, 'hard.count': -1 },
        after: { 'hard.storage': 5000, 'hard.count': 20 },
      },
    ]);
    const error = await quotas.changeLimits(caller, 999_999, { hardBytes: 1 }).catch((reason: unknown) => reason);
    expect((error as AppError).code).toBe('NOT_FOUND');
  });

  it('cost the same number of statements for every page size', async () => {
    await test.database.query(
      `with made as (insert into projects (name, owner_id) select 'p' || n, $1 from generate_series(1, 300) n returning id)
       insert into quotas (project_id) select id from made`,
      [ownerId],
    );
    const counter = countStatements(test.database);
    const counted = serviceOn(counter.database);
    // The settings are read once in two seconds.
    await counted.list(undefined, page());
    counter.take();
    for (const page_size of ['10', '100']) {
      expect((await counted.list(undefined, page({ page_size }))).total).toBe(302);
      expect(counter.take()).toBe(2);
    }
  });

  it('tell once of a soft limit that is reached, and again after it was left', async () => {
    const [id] = projects;
    const told = async (used: number, percent = 80) => {
      await test.database.query('update quotas set used_bytes = $2 where project_id = $1', [id, used]);
      return growth.tellOfSoftLimits(percent);
    };
    await test.database.query('update quotas set hard_bytes = 1000 where project_id = $1', [id]);
    expect(await told(799)).toBe(0);
    expect(await told(800)).toBe(1);
    expect(await told(950)).toBe(0);
    expect(await told(100)).toBe(0);
    expect(await told(950, 0)).toBe(0);
    expect(await told(950)).toBe(1);
    await test.database.query('update quotas set soft_bytes = -1 where project_id = $1', [id]);
    expect(await told(950)).toBe(0);
    await test.database.query('update quotas set soft_bytes = 10 where project_id = $1', [id]);
    expect(await told(950)).toBe(1);
    const events = await test.database.query<{ payload: { data: object } }>(
      "select payload from outbox_events where name = 'quota.soft-limit-reached' order by id desc limit 1",
    );
    expect(events[0]?.payload.data).toMatchObject({ usedBytes: 950, softBytes: 10, hardBytes: 1000 });
  });

  it('show how usage grew and when it is full', async () => {
    const [id = 0] = projects;
    await quotas.changeLimits(caller, (await quotas.ofProject({ id, name: 'alpha', isPublic: false }, 90)).id, {
      hardBytes: 1300,
    });
    for (const [day, used] of [
      ['2026-03-07', 100],
      ['2026-03-08', 200],
      ['2026-03-09', 250],
      ['2026-03-09', 300],
    ] as const) {
      await test.database.query('update quotas set used_bytes = $2 where project_id = $1', [id, used]);
      await growth.recordDay(day);
    }
    await test.database.query('update quotas set used_bytes = 400 where project_id = $1', [id]);
    expect(await quotas.ofProject({ id, name: 'alpha', isPublic: false }, 3)).toMatchObject({
      growth: [
        { day: '2026-03-08', storage: 200 },
        { day: '2026-03-09', storage: 300 },
        { day: '2026-03-10', storage: 400 },
      ],
      forecast: { storage_per_day: 100, full_at: new Date('2026-03-19T12:00:00Z') },
      state: 'ok',
    });
  });

  it('are set right by the nightly proof, which tells of it (R14)', async () => {
    const [id] = projects;
    await test.database.query('update quotas set used_bytes = 77, used_artifacts = 3 where project_id = $1', [id]);
    const facts: object[] = [];
    const report = (fact: object) => Promise.resolve(void facts.push(fact));
    const context = { payload: {}, report } as unknown as TaskContext<unknown>;
    const proof = proveUsageProcessor(test.database);
    await proof.run(context);
    await proof.run(context);
    expect(facts).toEqual([
      { checked: 2, corrected: 1 },
      { checked: 2, corrected: 0 },
    ]);
    expect(await used()).toEqual([0, 0]);
    const events = await test.database.query<{ name: string; payload: { data: object } }>(
      "select name, payload from outbox_events where name = 'quota.corrected'",
    );
    expect(events.map(({ payload }) => payload.data)).toEqual([
      { before: { bytes: 77, artifacts: 3 }, after: { bytes: 0, artifacts: 0 } },
    ]);
  });
});
