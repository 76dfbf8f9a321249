import { settleEvents } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, rawRequest, rawStatus, sendRaw } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { authorization, fetchToken, pushImage, withToken } from './support/registry.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const SECRET_KEY = '5ec2e7'.repeat(10).padEnd(64, 'a');

describe('secrets, log lines and errors', () => {
  let core: TestCore;
  /** Everything the process wrote to its log, in pieces. */
  const logged: string[] = [];
  const write = process.stderr.write.bind(process.stderr);

  beforeAll(async () => {
    process.stderr.write = (text: string | Uint8Array): boolean => {
      logged.push(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
      return true;
    };
    core = await startTestCore({ MOORAGE_SECRET_KEY: SECRET_KEY }, 'debug');
  });

  afterAll(async () => {
    process.stderr.write = write;
    await core.stop();
  });

  const admin = { name: 'admin', password: ADMIN_PASSWORD };
  /** Every row of every table, as text. */
  const dump = async (): Promise<string> => {
    const tables = await core.database.query<{ name: string }>(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const rows = await core.database.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.push(`${name}: ${rows.map(({ row }) => row).join('\n')}`);
    }
    return texts.join('\n');
  };

  it('S116 no secret is written down anywhere, in success or failure', async () => {
    const canaries = new Map<string, string>([
      ['secret key', SECRET_KEY],
      ['first password', ADMIN_PASSWORD],
      ['user password', USER_PASSWORD],
    ]);
    const recorded: string[] = [];
    const ask = async (credentials: typeof admin, method: string, path: string, body?: unknown) => {
      const answer = await callApi(core, credentials, method, path, body);
      recorded.push(answer.text, ...[...answer.headers].flat());
      return answer;
    };
    const { id } = await core.createUser('keeper');
    const keeper = { name: 'keeper', password: 'Canary-new-passw0rd-1' };
    canaries.set('new password', keeper.password);
    const change = { old_password: USER_PASSWORD, new_password: keeper.password };
    const changed = await ask({ name: 'keeper', password: USER_PASSWORD }, 'PUT', `/users/${id}/password`, change);
    expect(changed.status).toBe(200);
    const guess = { name: 'keeper', password: 'Canary-wrong-passw0rd-2' };
    canaries.set('wrong password', guess.password);
    expect((await ask(guess, 'GET', '/users/current')).status).toBe(401);
    const weak = { ...change, old_password: keeper.password, new_password: 'canary-refused-3' };
    canaries.set('refused password', weak.new_password);
    expect((await ask(keeper, 'PUT', `/users/${id}/password`, weak)).status).toBeGreaterThanOrEqual(400);

    expect((await ask(admin, 'POST', '/projects', { project_name: 'vault' })).status).toBe(201);
    const permissions = [{ kind: 'project', namespace: 'vault', access: [{ resource: 'repository', action: 'pull' }] }];
    const robot = { name: 'ci', level: 'project', duration: -1, permissions, secret: 'Canary-robot-secret-4' };
    const made = await callApi(core, admin, 'POST', '/robots', robot);
    expect(made.status).toBe(201);
    const created = JSON.parse(made.text) as { id: number; name: string; secret: string };
    canaries.set('robot secret', created.secret);
    const renewed = await callApi(core, admin, 'PATCH', `/robots/${created.id}`, { secret: 'Canary-robot-secret-5' });
    expect(renewed.status).toBe(200);
    canaries.set('renewed robot secret', 'Canary-robot-secret-5');

    const browser = new Browser(core);
    await browser.signIn('keeper', keeper.password);
    expect(await browser.isSignedIn()).toBe(true);
    canaries.set('session', browser.cookie.split('=', 2)[1] ?? '');
    canaries.set('CSRF token', browser.csrf);
    await new Browser(core).signIn('keeper', guess.password);
    await pushImage(core, admin, 'vault/app', 'v1');
    const { token } = await fetchToken(core, admin, ['repository:vault/app:pull,push']);
    canaries.set('registry token', token);
    expect((await withToken(core, token, 'GET', '/v2/vault/app/manifests/v1')).status).toBe(200);
    await fetch(`${core.url}/v2/vault/app/manifests/v1?token=${token}`);
    const offline = await fetch(`${core.url}/service/token?service=harbor-registry&offline_token=true&client_id=c`, {
      headers: authorization(admin),
    });
    const { refresh_token: refresh } = (await offline.json()) as { refresh_token?: string };
    canaries.set('refresh token', refresh ?? '');

    for (const path of [
      '/users',
      '/robots',
      '/configurations',
      '/auditlog-exts?page_size=100',
      '/audit-logs',
      '/search?q=v',
    ])
      await ask(admin, 'GET', path);
    await settleEvents(core.database);
    await ask(admin, 'GET', '/auditlog-exts?page_size=100');
    const places = new Map([
      ['database', await dump()],
      ['log', logged.join('')],
      ['answers', recorded.join('\n')],
    ]);
    const found: string[] = [];
    for (const [what, canary] of canaries) {
      expect(canary.length, what).toBeGreaterThan(8);
      for (const [place, text] of places) {
        for (const form of [canary, Buffer.from(canary).toString('base64'), Buffer.from(canary).toString('hex')])
          if (text.includes(form)) found.push(`${what} in ${place}`);
      }
    }
    expect(found).toEqual([]);
    expect(places.get('database')).toContain('keeper');
    expect(canaries.size).toBe(12);
  });

  it('S104 texts from outside make no log lines of their own, and are cut in the audit log', async () => {
    const forged = '","level":"error","message":"forged"}\n{"forged":true}\r\n\u2028\x1b[31mred';
    const before = logged.length;
    for (const text of [forged, `x\n${'long '.repeat(2_000)}`]) {
      await fetch(`${core.url}/c/login`, {
        method: 'POST',
        body: new URLSearchParams({ principal: text, password: text }),
      });
      await callApi(core, { name: text, password: 'x' }, 'GET', '/users/current');
      await callApi(core, admin, 'POST', '/projects', { project_name: text });
      await fetch(`${core.url}/v2/${encodeURIComponent(text.slice(0, 500))}/tags/list`, {
        headers: authorization(admin),
      });
      await callApi(core, admin, 'GET', `/projects/${encodeURIComponent(text.slice(0, 500))}`);
    }
    const agent = 'User-Agent: a","level":"x\x1b[31m\x7f';
    await sendRaw(core, rawRequest('GET /api/v2.0/users', [agent, `Authorization: ${basic('admin', 'wrong')}`]));
    for (const line of logged.slice(before).join('').split('\n').filter(Boolean)) {
      expect(() => JSON.parse(line) as unknown, line).not.toThrow();
      expect(line).not.toMatch(/^\{"forged"/);
      expect(Object.values(JSON.parse(line) as object).every((value) => String(value).length <= 8_192)).toBe(true);
    }
    await settleEvents(core.database);
    const rows = await core.database.query<{ username: string; resource: string }>(
      `select payload->'audit'->>'username' as username, payload->'audit'->>'resource' as resource from outbox_events where payload->'audit' is not null`,
    );
    expect(rows).not.toEqual([]);
    for (const row of rows) expect([row.username.length <= 255, row.resource.length <= 1024]).toEqual([true, true]);
  });

  it('S117 a key that was swapped, changed, cut or put there in the clear is refused, not used', async () => {
    const tokenStatus = async (): Promise<number> => {
      // Keys are read again now and then.
      core.clock.advanceMinutes(1);
      return (
        await fetch(`${core.url}/service/token?service=harbor-registry&scope=repository:vault/app:pull`, {
          headers: authorization(admin),
        })
      ).status;
    };
    const rotated = await fetch(`${core.url}/api/v2.0/system/token-keys`, {
      method: 'POST',
      headers: authorization(admin),
    });
    expect(rotated.status).toBeLessThan(300);
    expect(await tokenStatus()).toBe(200);
    await core.database.query('create table kept_keys as select kid, private_key from signing_keys');
    const [kept] = await core.database.query<{ count: number }>('select count(*) as count from kept_keys');
    expect(kept?.count).toBeGreaterThan(1);
    const damages = [
      'private_key = (select o.private_key from kept_keys o where o.kid <> k.kid limit 1)',
      'private_key = set_byte(private_key, length(private_key) - 20, get_byte(private_key, length(private_key) - 20) # 1)',
      'private_key = substr(private_key, 1, length(private_key) - 1)',
      "private_key = convert_to('-----BEGIN PRIVATE KEY-----', 'utf8')",
      "private_key = ''",
    ];
    for (const damage of damages) {
      await core.database.query(`update signing_keys k set ${damage}`);
      expect(await tokenStatus(), damage).toBeGreaterThanOrEqual(500);
      await core.database.query(
        'update signing_keys k set private_key = o.private_key from kept_keys o where o.kid = k.kid',
      );
      expect(await tokenStatus(), `after ${damage}`).toBe(200);
    }
    await core.database.query('drop table kept_keys');
  });

  it('S117 the keys that sign tokens lie encrypted in the database', async () => {
    expect((await fetchToken(core, admin, ['repository:vault/app:pull'])).status).toBe(200);
    const rows = await core.database.query<{ row: string }>('select t::text as row from signing_keys t');
    expect(rows).not.toEqual([]);
    for (const { row } of rows) {
      expect(row).not.toMatch(/PRIVATE KEY/);
      expect(row).not.toMatch(/"+d"+ *:/);
    }
  });

  it('S118 errors of the inside tell a code and where to look, never what is inside', async () => {
    const inside = /select|from projects|relation|postgres|\.ts\b|\.js\b|node_modules|127\.0\.0\.1|\bat \w+ \(/i;
    await core.database.query('alter table projects rename to projects_away');
    try {
      for (const path of [
        '/api/v2.0/projects',
        '/api/v2.0/projects/vault',
        '/v2/vault/app/tags/list',
        '/v2/_catalog',
      ]) {
        const answer = await fetch(core.url + path, { headers: authorization(admin) });
        const text = await answer.text();
        expect(answer.status, path).toBeGreaterThanOrEqual(500);
        expect(text, path).not.toMatch(inside);
        expect(JSON.parse(text), path).toMatchObject({
          errors: [{ code: expect.any(String), message: expect.any(String) }],
        });
        expect(answer.headers.get('x-request-id') ?? '', path).not.toBe('');
        expect([answer.headers.get('server'), answer.headers.get('x-powered-by')]).toEqual([null, null]);
      }
    } finally {
      await core.database.query('alter table projects_away rename to projects');
    }
    for (const [path, body] of [
      ['/api/v2.0/projects', '{"project_name":'],
      ['/c/login', '%%%'],
      ['/api/v2.0/nothing', 'x'],
    ] as const) {
      const answer = await fetch(core.url + path, {
        method: 'POST',
        headers: { ...authorization(admin), 'content-type': 'application/json' },
        body,
      });
      expect(await answer.text(), path).not.toMatch(inside);
      expect(answer.status, path).toBeLessThan(500);
    }
    const broken = await sendRaw(core, 'GET /v2/ HTTP/9.9\r\nHost: x\r\n\r\n');
    expect(broken === '' || rawStatus(broken) === 400).toBe(true);
    expect(broken).not.toMatch(inside);
    expect((await callApi(core, admin, 'GET', '/projects/vault')).status).toBe(200);
  });

  it('S110 the audit log keeps no more of a request than it needs', async () => {
    const items = Array.from({ length: 5_000 }, (_, index) => ({ cve_id: `CVE-2026-${100_000 + index}` }));
    expect((await callApi(core, admin, 'PUT', '/projects/vault', { cve_allowlist: { items } })).status).toBe(200);
    const robot = { name: 'x'.repeat(200), level: 'nowhere', permissions: [], description: 'd'.repeat(900_000) };
    expect((await callApi(core, admin, 'POST', '/robots', robot)).status).toBeGreaterThanOrEqual(400);
    await settleEvents(core.database);
    const rows = await core.database.query<{ size: number }>(
      "select octet_length((payload->'audit')::text) as size from outbox_events where payload->'audit' is not null order by 1 desc",
    );
    expect(rows[0]?.size).toBeLessThanOrEqual(8 * 1024);
    expect(rows.length).toBeGreaterThan(2);
  });
});
