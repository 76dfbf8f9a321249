import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessStore } from '../src/access/access.store.ts';
import { AccessService } from '../src/access/index.ts';
import { ExplanationService } from '../src/access/explanation.service.ts';
import { ANONYMOUS, type Caller, type ListRequest } from '../src/http/index.ts';
import { SettingsService } from '../src/settings/index.ts';
import { SettingsStore } from '../src/settings/settings.store.ts';
import { TestClock, type TestCore, testCore } from './identity-core.ts';

const origin = { requestId: 'r', address: '192.0.2.1', userAgent: 'test' };
const admin: Caller = caller(1, 'admin', true);
const robot: Caller = {
  principal: { kind: 'robot', id: 9, username: 'robot$people', projectId: null, grants: [] },
  credential: 'robot-secret',
  ...origin,
};
const PASSWORD = 'Correct-horse-1';

function caller(id: number, username: string, isSysadmin = false): Caller {
  return { principal: { kind: 'user', id, username, isSysadmin }, credential: 'password', ...origin };
}

const page = (change: Partial<ListRequest> = {}): ListRequest => ({
  page: 1,
  pageSize: 100,
  conditions: [],
  sort: [{ key: 'username', descending: false }],
  ...change,
});

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
}

let test: TestDatabase;
let core: TestCore;

beforeAll(async () => {
  test = await createTestDatabase();
  core = testCore(test.database);
});
afterAll(() => test.close());

const make = (name: string, change: object = {}) =>
  core.users.create(admin, {
    username: name,
    password: PASSWORD,
    email: `${name}@example.com`,
    realname: name,
    ...change,
  });

describe('the first administrator', () => {
  it('S3 is made once, by whichever process comes first, with a random password that must be changed', async () => {
    const made = await Promise.all(
      Array.from({ length: 4 }, () => testCore(test.database).users.ensureFirstAdmin(undefined)),
    );
    const told = made.filter((result) => result !== null);
    expect(told).toHaveLength(1);
    const { username, password = '' } = told[0] ?? { username: '' };
    expect(username).toBe('admin');
    expect(await core.users.verify('admin', password)).toMatchObject({
      id: 1,
      isSysadmin: true,
      mustChangePassword: true,
    });
    expect(await core.users.ensureFirstAdmin(undefined)).toBeNull();
    const stored = await test.database.query(
      'select (select jsonb_agg(u) from users u) as users, (select jsonb_agg(e) from outbox_events e) as events',
    );
    expect(JSON.stringify(stored)).not.toContain(password);
    expect(await make('second')).toBe(2);
  });
});

describe('accounts', () => {
  it('take a name and an address once, whatever the case, and free them with deletion (AUTH-13)', async () => {
    const id = await make('anna');
    expect(await refusal(make('ANNA', { email: 'other@example.com' }))).toBe('CONFLICT');
    expect(await refusal(make('anna2', { email: 'Anna@Example.com' }))).toBe('CONFLICT');
    await core.users.delete(admin, id, core.clock.now());
    expect(await refusal(core.users.get(id))).toBe('NOT_FOUND');
    expect(await core.users.verify('anna', PASSWORD)).toBeNull();
    const again = await make('anna');
    expect(again).toBeGreaterThan(id);
    const rows = await test.database.query('select username, email from users where id = $1', [id]);
    expect(rows).toEqual([{ username: `anna#${id}`, email: `anna@example.com#${id}` }]);
  });

  it('S2 change by profile in nothing but e-mail, name and comment', async () => {
    const id = await make('berta');
    const before = await core.users.get(id);
    await core.users.updateProfile(caller(id, 'berta'), id, { email: 'b@example.com', comment: 'hello' });
    const after = await core.users.get(id);
    expect(after).toEqual({ ...before, email: 'b@example.com', comment: 'hello', update_time: after.update_time });
    expect(await refusal(core.users.updateProfile(caller(id, 'berta'), id, { email: 'admin@example.com' }))).toBe(
      'CONFLICT',
    );
    expect(await refusal(core.users.updateProfile(admin, 99_999, {}))).toBe('NOT_FOUND');
  });

  it('AUTH-12 keep the first administrator, the one who asks, and the last system administrator', async () => {
    const id = await make('clara');
    expect(await refusal(core.users.delete(admin, 1, core.clock.now()))).toBe('FORBIDDEN');
    expect(await refusal(core.users.delete(caller(id, 'clara', true), id, core.clock.now()))).toBe('FORBIDDEN');
    expect(await refusal(core.users.setSysadmin(admin, 1, false))).toBe('FORBIDDEN');
    await core.users.setSysadmin(admin, id, true);
    const both = await Promise.all([1, id].map((one) => refusal(core.users.setSysadmin(admin, one, false))));
    expect(both.sort()).toEqual(['FORBIDDEN', 'none']);
    const rows = await test.database.query('select 1 from users where is_sysadmin and deleted_at is null');
    expect(rows).toHaveLength(1);
    await core.users.setSysadmin(admin, 1, true);
  });

  it('S49 of administrators are out of reach for robots that may change users', async () => {
    const id = await make('dora');
    expect(await refusal(core.users.setSysadmin(robot, id, true))).toBe('FORBIDDEN');
    expect(await refusal(core.users.resetPassword(robot, 1, 'Robots-choice-1', new Date()))).toBe('FORBIDDEN');
    await core.users.setSysadmin(admin, id, true);
    expect(await refusal(core.users.delete(robot, id, core.clock.now()))).toBe('FORBIDDEN');
    expect(await refusal(core.users.updateProfile(robot, id, { email: 'robot@example.com' }))).toBe('FORBIDDEN');
    await core.users.setSysadmin(admin, id, false);
    // The same for who is an administrator because his identity source says so.
    await test.database.query('update users set is_sysadmin_by_source = true where id = $1', [id]);
    expect(await refusal(core.users.delete(robot, id, core.clock.now()))).toBe('FORBIDDEN');
    expect(await refusal(core.users.resetPassword(robot, id, 'Robots-choice-1', new Date()))).toBe('FORBIDDEN');
    expect(await refusal(core.users.updateProfile(robot, id, { email: 'robot@example.com' }))).toBe('FORBIDDEN');
    expect(await refusal(core.users.updateProfile(caller(id, 'dora'), id, { comment: 'mine' }))).toBe('none');
    expect(await refusal(core.users.updateProfile(admin, id, { comment: 'hers' }))).toBe('none');
    await test.database.query('update users set is_sysadmin_by_source = false where id = $1', [id]);
    expect(await refusal(core.users.updateProfile(robot, id, { email: 'robot@example.com' }))).toBe('none');
    expect(await refusal(core.users.resetPassword(robot, id, 'Robots-choice-1', new Date()))).toBe('none');
    expect(await core.users.verify('dora', 'Robots-choice-1')).toMatchObject({ mustChangePassword: true });
  });

  it('S12 change their password with the old one only, once at a time', async () => {
    const id = await make('emil');
    const change = (old: string, next: string) =>
      refusal(core.users.changeOwnPassword(caller(id, 'emil'), id, old, next));
    expect([await change('Wrong-1', 'New-horse-22'), await change(PASSWORD, PASSWORD)]).toEqual([
      'FORBIDDEN',
      'BAD_REQUEST',
    ]);
    expect(await change(PASSWORD, `New-${String.fromCharCode(0xdc00)}-horse1`)).toBe('BAD_REQUEST');
    const both = await Promise.all([change(PASSWORD, 'New-horse-22'), change(PASSWORD, 'New-horse-33')]);
    expect(both.filter((answer) => answer === 'none')).toHaveLength(1);
  });

  it('S4 S99 are found by whole name, and by parts only where asked for', async () => {
    await make('wild_card');
    await make('wildXcard');
    const found = async (name: string, fuzzy: boolean) =>
      (await core.users.search(name, fuzzy, page())).items.map((item) => item.username);
    expect(await found('wild', false)).toEqual([]);
    expect(await found('wild_card', false)).toEqual(['wild_card']);
    expect(await found('d_c', true)).toEqual(['wild_card']);
    expect(await found('%', true)).toEqual([]);
    expect(await found('nul\0', true)).toEqual([]);
  });

  it('S53 are listed page by page, with no more than the account shows', async () => {
    const all = await core.users.list(page());
    const first = await core.users.list(page({ pageSize: 2 }));
    expect(first.total).toBe(all.total);
    expect(first.items.map((item) => item.username)).toEqual(all.items.slice(0, 2).map((item) => item.username));
    expect(JSON.stringify(all)).not.toContain('argon2');
    await expect(core.users.list(page({ sort: [{ key: 'password_hash', descending: false }] }))).rejects.toThrow(
      'no column',
    );
  });

  it('leave audit rows with before and after, and without secrets', async () => {
    const id = await make('frida', { password: 'Canary-horse-77' });
    await core.users.resetPassword(admin, id, 'Canary-horse-88', new Date());
    const rows = await test.database.query<{ name: string; payload: object }>(
      `select name, payload from outbox_events where payload->'audit'->>'resource' = 'frida' order by id`,
    );
    expect(rows.map((row) => row.name)).toEqual(['user.created', 'user.password-changed']);
    expect(rows[1]?.payload).toMatchObject({
      audit: { username: 'admin', before: { must_change_password: false }, after: { must_change_password: true } },
    });
    expect(JSON.stringify(rows)).not.toMatch(/Canary|argon2/);
  });
});

describe('settings', () => {
  it('hold their defaults until changed, show at once here and within two seconds elsewhere', async () => {
    const clock = new TestClock();
    const [here, there] = [1, 2].map(() => new SettingsService(new SettingsStore(test.database), clock)) as [
      SettingsService,
      SettingsService,
    ];
    expect([(await here.get()).session_timeout, (await there.get()).session_timeout]).toEqual([60, 60]);
    await here.update(admin, { session_timeout: 15, read_only: null, self_registration: false });
    expect([(await here.get()).session_timeout, (await there.get()).session_timeout]).toEqual([15, 60]);
    clock.advance(2);
    expect((await there.get()).session_timeout).toBe(15);
    const events = await test.database.query<{ payload: object }>(
      `select payload from outbox_events where name = 'settings.changed'`,
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.payload).toMatchObject({
      data: { keys: ['session_timeout'] },
      audit: { before: { session_timeout: 60 }, after: { session_timeout: 15 } },
    });
    await here.update(admin, { session_timeout: 15 });
    expect(await test.database.query(`select 1 from outbox_events where name = 'settings.changed'`)).toHaveLength(1);
  });

  it('give way to the default when a stored value breaks its rule', async () => {
    await test.database.query(
      `insert into settings (key, value, updated_by) values ('token_expiration', '"soon"', 'x'), ('gone', '1', 'x')`,
    );
    const settings = await new SettingsService(new SettingsStore(test.database), new TestClock()).get();
    expect(settings.token_expiration).toBe(30);
    expect(settings).not.toHaveProperty('gone');
  });
});

describe('access explained', () => {
  let explanations: ExplanationService;
  let projectId: number;
  let guest: { id: number };

  beforeAll(async () => {
    explanations = new ExplanationService(
      new AccessService(new AccessStore(test.database)),
      core.users,
      core.robots,
      core.identities,
    );
    const rows = await test.database.query<{ id: number }>(
      `insert into projects (name, owner_id) values ('hidden', 1) returning id`,
    );
    projectId = rows[0]?.id ?? 0;
    guest = { id: await make('guest') };
    await test.database.query(
      `insert into project_members (project_id, entity_type, entity_id, role_id) values ($1, 'u', $2, 3)`,
      [projectId, guest.id],
    );
  });

  const ask = (who: Caller, question: object) =>
    explanations.explain(who.principal, {
      subject_kind: 'user',
      project: 'hidden',
      permission: 'repository:push',
      ...question,
    });

  it('says through what somebody has a permission, or what is missing', async () => {
    expect(await ask(admin, { subject: 'guest', permission: 'repository:pull' })).toMatchObject({
      allowed: true,
      reasons: [{ kind: 'role', text: expect.stringContaining('guest') }],
    });
    expect(await ask(caller(guest.id, 'guest'), { subject: 'guest' })).toMatchObject({
      allowed: false,
      reasons: [{ kind: 'missing', text: expect.stringContaining('developer') }],
    });
    expect(await ask(admin, { subject_kind: 'anonymous', project: undefined, permission: 'user:list' })).toMatchObject({
      allowed: false,
    });
    expect(await ask(admin, { subject: 'admin', project: undefined, permission: 'user:list' })).toMatchObject({
      reasons: [{ kind: 'system-admin' }],
    });
  });

  it('is for members who may see members; system and robots for administrators', async () => {
    const stranger = caller(await make('stranger'), 'stranger');
    expect(await refusal(ask(stranger, { subject: 'guest' }))).toBe('FORBIDDEN');
    expect(await refusal(ask({ ...stranger, principal: ANONYMOUS }, { subject: 'guest' }))).toBe('UNAUTHORIZED');
    expect(
      await refusal(ask(caller(guest.id, 'guest'), { subject: 'admin', project: undefined, permission: 'user:list' })),
    ).toBe('FORBIDDEN');
    expect(await refusal(ask(caller(guest.id, 'guest'), { subject: 'admin', token_id: 1 }))).toBe('FORBIDDEN');
    expect(await refusal(ask(admin, { subject: 'guest', token_id: 999 }))).toBe('NOT_FOUND');
    expect(await refusal(ask(caller(guest.id, 'guest'), { subject_kind: 'robot', subject: 'robot$x' }))).toBe(
      'FORBIDDEN',
    );
    expect(await refusal(ask(admin, { subject_kind: 'robot', subject: 'robot$nobody' }))).toBe('NOT_FOUND');
    expect(await refusal(ask(admin, { subject: 'nobody-here' }))).toBe('NOT_FOUND');
    expect(await refusal(ask(admin, { subject: 'guest', permission: 'repository:fly' }))).toBe('BAD_REQUEST');
    expect(await refusal(ask(admin, { subject: 'guest', project: undefined, permission: 'tag:list' }))).toBe(
      'BAD_REQUEST',
    );
  });

  it('tells everyone about himself, and nothing of projects he may not see', async () => {
    const stranger = caller(await make('curious'), 'curious');
    const own = { subject: 'curious', permission: 'repository:push' };
    expect(await ask(stranger, { ...own, project: undefined, permission: 'user:list' })).toMatchObject({
      allowed: false,
    });
    expect(await refusal(ask(stranger, own))).toBe('FORBIDDEN');
    expect(await refusal(ask(stranger, { ...own, project: 'not-there' }))).toBe('FORBIDDEN');
    await test.database.query('update projects set is_public = true where id = $1', [projectId]);
    expect(await ask(stranger, own)).toMatchObject({ allowed: false });
    expect(await refusal(ask(stranger, { ...own, subject: 'guest' }))).toBe('FORBIDDEN');
    await test.database.query('update projects set is_public = false where id = $1', [projectId]);
  });

  it('lists what the caller may do, as Harbor does', async () => {
    const held = await explanations.listPermissions(caller(guest.id, 'guest').principal, `/project/${projectId}`, true);
    expect(held).toContainEqual({ resource: 'repository', action: 'pull' });
    expect(held).toContainEqual({ resource: '.', action: 'read' });
    expect(held).not.toContainEqual({ resource: 'repository', action: 'push' });
    const absolute = await explanations.listPermissions(
      caller(guest.id, 'guest').principal,
      `/project/${projectId}`,
      false,
    );
    expect(absolute).toContainEqual({ resource: `/project/${projectId}/repository`, action: 'pull' });
    expect(absolute).toContainEqual({ resource: `/project/${projectId}`, action: 'read' });
    expect(await explanations.listPermissions(caller(99, 'stranger').principal, `/project/${projectId}`, true)).toEqual(
      [],
    );
    expect(await explanations.listPermissions(admin.principal, '/project/999999', true)).toEqual([]);
    expect(await explanations.listPermissions(caller(guest.id, 'guest').principal, undefined, true)).toEqual([]);
    expect(await explanations.listPermissions(admin.principal, '/', true)).toContainEqual({
      resource: 'user',
      action: 'list',
    });
    expect(await refusal(explanations.listPermissions(admin.principal, '/project/01', true))).toBe('BAD_REQUEST');
  });
});
