import { ENDPOINTS } from '@moorage/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser } from './support/browser.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

describe('what a browser can be made to do', () => {
  let core: TestCore;
  let browser: Browser;

  beforeAll(async () => {
    core = await startTestCore();
    await core.createUser('ada');
  });

  beforeEach(async () => {
    browser = new Browser(core);
    const { status } = await browser.signIn();
    if (status !== 200) throw new Error(`sign-in answered ${status}`);
  });

  afterAll(() => core.stop());

  const createProject = (name: string, headers: Record<string, string> = {}): Promise<Response> =>
    browser.send('POST', '/api/v2.0/projects', { json: { project_name: name }, headers });

  it('S37 control: the portal itself may change things', async () => {
    expect((await createProject('from-portal')).status).toBe(201);
  });

  it("S37 no unsafe call passes without this session's token, whatever the endpoint", async () => {
    const other = new Browser(core);
    await other.signIn('ada', USER_PASSWORD);
    await other.isSignedIn();
    const passed: string[] = [];
    for (const endpoint of ENDPOINTS.filter(
      ({ method, base }) => method !== 'GET' && method !== 'HEAD' && base !== '',
    )) {
      const path = `/api/v2.0${endpoint.path.replaceAll(/\{\w+\}/g, '1')}`;
      for (const token of ['', 'x', other.csrf]) {
        const { status } = await browser.send(endpoint.method, path, {
          json: {},
          headers: { 'x-harbor-csrf-token': token },
        });
        if (status !== 403) passed.push(`${endpoint.id} with ${JSON.stringify(token.slice(0, 4))}: ${status}`);
      }
    }
    expect(passed).toEqual([]);
  });

  it('S37 requests that another site started are refused, also sign-in', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await createProject('evil', { 'sec-fetch-site': site })).status, site).toBe(403);
      expect(
        (
          await new Browser(core).send('POST', '/c/login', {
            form: { principal: 'ada', password: USER_PASSWORD },
            headers: { 'sec-fetch-site': site },
          })
        ).status,
        site,
      ).toBe(403);
    }
    expect((await createProject('evil', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await createProject('own', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('S37 a session opens no door of /v2', async () => {
    expect((await browser.send('GET', '/v2/')).status).toBe(401);
    expect((await browser.send('POST', '/v2/from-portal/app/blobs/uploads/')).status).toBe(401);
  });

  it('S38 sign-in makes a new session and does not take a given one', async () => {
    const preset = 'sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const victim = new Browser(core);
    victim.cookie = preset;
    await victim.signIn('ada', USER_PASSWORD);
    expect(victim.cookie).not.toBe(preset);
    const before = victim.cookie;
    await victim.signIn('ada', USER_PASSWORD);
    expect(victim.cookie).not.toBe(before);
  });

  it('S38 a session ends with sign-out, and its cookie is worth nothing afterwards', async () => {
    const { cookie } = browser;
    expect(await browser.isSignedIn()).toBe(true);
    const answer = await browser.send('GET', '/c/log_out', { headers: { 'x-harbor-csrf-token': browser.csrf } });
    expect(answer.status).toBeLessThan(400);
    browser.cookie = cookie;
    expect(await browser.isSignedIn()).toBe(false);
  });

  it('S38 a session ends when idle, and at the latest after twelve hours', async () => {
    const idle = new Browser(core);
    await idle.signIn('ada', USER_PASSWORD);
    expect(await idle.isSignedIn()).toBe(true);
    core.clock.advanceMinutes(61);
    expect(await idle.isSignedIn()).toBe(false);
    const busy = new Browser(core);
    await busy.signIn('ada', USER_PASSWORD);
    for (let half = 0; half < 23; half++) {
      core.clock.advanceMinutes(31);
      expect(await busy.isSignedIn(), `after ${(half + 1) * 31} minutes`).toBe(true);
    }
    core.clock.advanceMinutes(31);
    expect(await busy.isSignedIn()).toBe(false);
  });

  it('S38 changing the password ends the other sessions', async () => {
    const [here, there] = [new Browser(core), new Browser(core)];
    await core.createUser('bob');
    await here.signIn('bob', USER_PASSWORD);
    await there.signIn('bob', USER_PASSWORD);
    const id = ((await (await here.send('GET', '/api/v2.0/users/current')).json()) as { user_id: number }).user_id;
    const answer = await here.send('PUT', `/api/v2.0/users/${id}/password`, {
      json: { old_password: USER_PASSWORD, new_password: 'Another-Passw0rd-1' },
    });
    expect(answer.status).toBe(200);
    expect(await there.isSignedIn()).toBe(false);
  });

  it('S39 the session cookie cannot be read, sent elsewhere or shared with a parent domain', async () => {
    const [line = ''] = (await new Browser(core).signIn('ada', USER_PASSWORD)).headers.getSetCookie();
    expect(line).toMatch(/; HttpOnly/i);
    expect(line).toMatch(/; SameSite=(Lax|Strict)/i);
    expect(line).toMatch(/; Path=\//i);
    expect(line).not.toMatch(/Domain=/i);
  });

  it('S39 behind https the cookie is bound to the host and to TLS', async () => {
    const secure = await startTestCore({ MOORAGE_EXTERNAL_URL: 'https://registry.example.com' });
    const [line = ''] = (await new Browser(secure).signIn()).headers.getSetCookie();
    await secure.stop();
    expect(line).toMatch(/^__Host-/);
    expect(line).toMatch(/; Secure/i);
  });

  it('S40 every answer carries the security headers, also refusals', async () => {
    const answers = await Promise.all([
      fetch(`${core.url}/api/v2.0/projects`),
      fetch(`${core.url}/api/v2.0/nothing`),
      fetch(`${core.url}/api/v2.0/users/current`),
      fetch(`${core.url}/service/token`),
      fetch(`${core.url}/v2/`),
      fetch(`${core.url}/v2/a/b/manifests/x`),
      fetch(`${core.url}/api/v2.0/projects`, {
        method: 'POST',
        body: 'x'.repeat(2_000_000),
        headers: { 'content-type': 'application/json', authorization: basic('admin', ADMIN_PASSWORD) },
      }).catch(() => null),
    ]);
    for (const answer of answers) {
      if (!answer) continue;
      expect(answer.headers.get('x-content-type-options'), answer.url).toBe('nosniff');
      expect(answer.headers.get('content-security-policy'), answer.url).toContain("default-src 'none'");
      expect(answer.headers.get('content-security-policy'), answer.url).toContain("frame-ancestors 'none'");
      expect(answer.headers.get('content-security-policy'), answer.url).not.toContain('unsafe');
      expect(answer.headers.get('x-powered-by'), answer.url).toBeNull();
      expect(answer.headers.get('server'), answer.url).toBeNull();
    }
  });

  it('S44 no origin is ever allowed to read across sites', async () => {
    for (const origin of ['null', 'https://evil.example', core.url.replace('127.0.0.1', 'localhost')]) {
      for (const path of ['/api/v2.0/projects', '/v2/', '/service/token']) {
        const response = await fetch(core.url + path, { headers: { origin } });
        expect(response.headers.get('access-control-allow-origin'), `${origin} ${path}`).toBeNull();
        const preflight = await fetch(core.url + path, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        });
        expect(preflight.headers.get('access-control-allow-origin'), `${origin} ${path}`).toBeNull();
      }
    }
  });

  it('S46 private answers are not cached, and a strange Host changes no address once ours is configured', async () => {
    const response = await fetch(`${core.url}/api/v2.0/users/current`, {
      headers: { authorization: basic('admin', ADMIN_PASSWORD) },
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const configured = await startTestCore({ MOORAGE_EXTERNAL_URL: 'https://registry.example.com' });
    const challenge = await fetch(`${configured.url}/v2/`, {
      headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', 'x-forwarded-proto': 'http' },
    });
    await configured.stop();
    expect(challenge.headers.get('www-authenticate')).toContain('realm="https://registry.example.com/service/token"');
  });
});
