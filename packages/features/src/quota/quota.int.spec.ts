import { AppError, listQuotas, type ListSpec } from '@moorage/contracts';
import { countStatements, createTestDatabase, seedProject, seedUser, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, parseListQuery } from '../http/index.ts';
import { foldLedger } from '../usage/index.ts';
import { QuotaService } from './quota.service.ts';
import { QuotaStore } from './quota.store.ts';

let test: TestDatabase;
let quotas: QuotaService;
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
  quotas = new QuotaService(new QuotaStore(test.database));
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
    await quotas.changeLimit(caller, id, 5000);
    await quotas.changeLimit(caller, id, 5000);
    expect(await quotas.get(id)).toMatchObject({ ref: { name: 'alpha', owner_name: 'ada' }, hard: { storage: 5000 } });
    const events = await test.database.query<{ payload: { audit: object } }>('select payload from outbox_events');
    expect(events.map((event) => event.payload.audit)).toMatchObject([
      { operation: 'update', before: { hard: { storage: -1 } }, after: { hard: { storage: 5000 } } },
    ]);
    const error = await quotas.changeLimit(caller, 999_999, 1).catch((reason: unknown) => reason);
    expect((error as AppError).code).toBe('NOT_FOUND');
  });

  it('cost the same number of statements for every page size', async () => {
    await test.database.query(
      `with made as (insert into projects (name, owner_id) select 'p' || n, $1 from generate_series(1, 300) n returning id)
       insert into quotas (project_id) select id from made`,
      [ownerId],
    );
    const counter = countStatements(test.database);
    const counted = new QuotaService(new QuotaStore(counter.database));
    for (const page_size of ['10', '100']) {
      expect((await counted.list(undefined, page({ page_size }))).total).toBe(302);
      expect(counter.take()).toBe(2);
    }
  });
});
