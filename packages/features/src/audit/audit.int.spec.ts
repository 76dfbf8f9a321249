import { listAuditLogExts, type ListSpec } from '@moorage/contracts';
import { countStatements, createTestDatabase, settleEvents, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, parseListQuery, type Principal } from '../http/index.ts';
import { appendEvents, deliverEvents, readEvents } from '../outbox/index.ts';
import { AuditService } from './audit.service.ts';
import { AuditStore } from './audit.store.ts';
import { auditConsumer, auditEntry, deliverAudit, disabledAuditEvents, ensureAuditPartitions } from './index.ts';

let test: TestDatabase;
let audit: AuditService;

const person: Principal = { kind: 'user', id: 1, username: 'ada', isSysadmin: true };
const caller: Caller = {
  principal: person,
  credential: 'password',
  address: '192.0.2.1',
  userAgent: 'curl/8\r\nX: "}',
  requestId: 'request-1',
};
const page = (query: { q?: string; sort?: string; page_size?: string } = {}) =>
  parseListQuery(listAuditLogExts.list as ListSpec, query);
const START = { transaction: '0', id: 0 };

async function record(resource: string, change: object = {}, projectId: number | null = 7): Promise<void> {
  const entry = auditEntry(caller, { resourceType: 'project', operation: 'update', resource, ...change });
  await appendEvents(test.database, [{ name: 'project.updated', projectId, data: {}, audit: entry }]);
  await settleEvents(test.database);
}
const resources = async (q: string, project: number | null = null) => {
  const ref = project === null ? null : { id: project, name: 'p', isPublic: false };
  return (await audit.list(person, ref, page({ q, sort: 'id' }))).items.map((item) => item.resource);
};

beforeAll(async () => {
  test = await createTestDatabase();
  audit = new AuditService(new AuditStore(test.database));
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('truncate outbox_events, outbox_consumers, audit_logs');
});

describe('delivery', () => {
  it('writes one row an event, with all it says, however often it is delivered', async () => {
    await record('team', { before: { public: 'false' }, after: { public: 'true' }, status: 200 });
    await appendEvents(test.database, [{ name: 'artifact.scanned', projectId: 7, data: {} }]);
    await settleEvents(test.database);
    const events = await readEvents(test.database, START, 10);
    await deliverAudit(test.database, events);
    await deliverAudit(test.database, events);
    const { items } = await audit.list(person, null, page());
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      username: 'ada',
      actor_kind: 'user',
      credential_kind: 'password',
      client_address: '192.0.2.1',
      user_agent: 'curl/8\r\nX: "}',
      request_id: 'request-1',
      resource: 'team',
      operation: 'update',
      operation_description: 'update project: team',
      operation_result: true,
      status: 200,
      project_id: 7,
      before: { public: 'false' },
      after: { public: 'true' },
    });
    const machine: Principal = { kind: 'robot', id: 1, username: 'robot$x', projectId: null, grants: [] };
    const forRobot = (await audit.list(machine, null, page())).items[0];
    expect(forRobot).toMatchObject({ resource: 'team' });
    expect(forRobot).not.toHaveProperty('before');
    expect(forRobot).not.toHaveProperty('after');
  });

  it('stores what PostgreSQL cannot hold as a replacement character', async () => {
    await record('a\0b\ud800c', { after: { description: 'x\0y' } });
    await deliverEvents(
      test.database,
      auditConsumer(async () => new Set()),
    );
    const { items } = await audit.list(person, null, page());
    expect(items[0]).toMatchObject({ resource: 'a\ufffdb\ufffdc', after: { description: 'x\ufffdy' } });
  });

  it('leaves out the events that are switched off', async () => {
    await record('kept', { operation: 'delete' });
    await record('dropped');
    await record('pulled', { resourceType: 'artifact', operation: 'pull' });
    const disabled = disabledAuditEvents(' update_project, ', true);
    await deliverEvents(
      test.database,
      auditConsumer(async () => disabled),
    );
    expect(await resources('')).toEqual(['kept']);
  });
});

describe('partitions', () => {
  it('are made once, ahead, and take along what came too early', async () => {
    await record('early');
    await deliverEvents(
      test.database,
      auditConsumer(async () => new Set()),
    );
    const partitionOf = async () =>
      (await test.database.query<{ place: string }>('select tableoid::regclass::text as place from audit_logs'))[0]
        ?.place;
    expect(await partitionOf()).toBe('audit_logs_rest');
    const now = new Date();
    await Promise.all([ensureAuditPartitions(test.database, now, 2), ensureAuditPartitions(test.database, now, 2)]);
    const month = now.toISOString().slice(0, 7).replace('-', '_');
    expect(await partitionOf()).toBe(`audit_logs_${month}`);
    await record('now');
    await deliverEvents(
      test.database,
      auditConsumer(async () => new Set()),
    );
    expect(await resources('')).toEqual(['early', 'now']);
    const partitions = await test.database.query(
      `select inhrelid from pg_inherits where inhparent = 'audit_logs'::regclass`,
    );
    expect(partitions).toHaveLength(4);
    expect(await test.database.query('select 1 from audit_logs_rest')).toEqual([]);
  });

  it('may be made while rows of their month come in', async () => {
    await record('meanwhile');
    const nextMonth = new Date('2031-05-01T00:00:00Z');
    const late = (await readEvents(test.database, START, 10)).map((event) => ({ ...event, occurredAt: nextMonth }));
    let delivered: Promise<void> | undefined;
    await test.database.transaction(async (transaction) => {
      await ensureAuditPartitions(transaction, nextMonth, 0);
      delivered = deliverAudit(test.database, late);
      await expectWaiting();
    });
    await delivered;
    expect(await test.database.query('select resource from audit_logs_2031_05')).toEqual([{ resource: 'meanwhile' }]);
  });
});

/** Until another connection waits for a lock. */
async function expectWaiting(): Promise<void> {
  await expect.poll(() => test.database.query('select 1 from pg_locks where not granted')).not.toEqual([]);
}

describe('reading', () => {
  it('filters by every key and keeps projects apart', async () => {
    await record('library/web:v1', { resourceType: 'artifact', operation: 'create', status: 201 });
    await record('other', { succeeded: false, status: 403 }, 8);
    await record('system', {}, null);
    await deliverEvents(
      test.database,
      auditConsumer(async () => new Set()),
    );
    expect(await resources('', 7)).toEqual(['library/web:v1']);
    expect(await resources('project_id=8')).toEqual(['other']);
    expect(await resources('resource=~WEB')).toEqual(['library/web:v1']);
    expect(await resources('resource=~%')).toEqual([]);
    expect(await resources('operation_result=false')).toEqual(['other']);
    expect(await resources('status=[200~299]')).toEqual(['library/web:v1', 'system']);
    expect(await resources('resource_type={artifact tag}')).toEqual(['library/web:v1']);
    expect(await resources('username=ada,actor_kind=user,credential_kind=password,op_time=[2020-01-01~]')).toHaveLength(
      3,
    );
    expect(await resources('op_time=[~2020-01-01]')).toEqual([]);
    expect(await resources('project_id=8', 7)).toEqual([]);
  });

  it('costs the same number of statements for every page size', async () => {
    await test.database.query(
      `insert into audit_logs (event_id, op_time, project_id, actor_kind, username, credential_kind, client_address,
         user_agent, request_id, resource_type, resource, operation, operation_description, operation_result, status)
       select n, now(), 7, 'user', 'ada', 'password', '', '', '', 'project', 'p' || n, 'update', '', true, 200
       from generate_series(1, 500) n`,
    );
    const counter = countStatements(test.database);
    const counted = new AuditService(new AuditStore(counter.database));
    for (const page_size of ['10', '100']) {
      expect((await counted.list(person, null, page({ page_size }))).total).toBe(500);
      expect(counter.take()).toBe(2);
    }
  });
});
