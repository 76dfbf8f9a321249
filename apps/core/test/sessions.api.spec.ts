import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const OWN = '/api/v2.0/users/current/sessions';

interface Shown {
  readonly id: string;
  readonly current: boolean;
  readonly address: string;
  readonly expires_at: string;
  readonly creation_time: string;
}

describe('portal sessions', () => {
  let core: TestCore;
  let count = 0;

  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  async function person(browsers: number): Promise<{ id: number; name: string; browsers: Browser[] }> {
    const name = `sitter-${++count}`;
    const { id } = await core.createUser(name);
    const all = Array.from({ length: browsers }, () => new Browser(core));
    for (const browser of all) await browser.signIn(name, USER_PASSWORD);
    return { id, name, browsers: all };
  }

  const list = async (browser: Browser): Promise<Shown[]> => (await (await browser.send('GET', OWN)).json()) as Shown[];
  const alive = (browsers: readonly Browser[]) => Promise.all(browsers.map((browser) => browser.isSignedIn()));

  it('are listed without their cookies, and ended one by one or all but this one', async () => {
    const { browsers } = await person(4);
    const [mine, second] = browsers as [Browser, Browser];
    const sessions = await list(mine);
    expect(sessions).toHaveLength(4);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions[0]?.address).toBe('127.0.0.1');
    expect(JSON.stringify(sessions)).not.toContain(mine.cookie.split('=')[1]);
    const secondId = (await list(second)).find(({ current }) => current)?.id;
    expect((await mine.send('DELETE', `${OWN}/${secondId}`)).status).toBe(200);
    expect(await alive(browsers)).toEqual([true, false, true, true]);
    expect((await mine.send('DELETE', `${OWN}/${secondId}`)).status).toBe(404);
    expect((await mine.send('DELETE', OWN)).status).toBe(200);
    expect(await alive(browsers)).toEqual([true, false, false, false]);
  });

  it('S48 are ended by their own user and administrators only', async () => {
    const [one, other] = [await person(2), await person(1)];
    const [stranger] = other.browsers as [Browser];
    const [session] = await list(one.browsers[0] as Browser);
    expect((await stranger.send('DELETE', `${OWN}/${session?.id}`)).status).toBe(404);
    expect((await stranger.send('GET', `/api/v2.0/users/${one.id}/sessions`)).status).toBe(403);
    expect((await stranger.send('DELETE', `/api/v2.0/users/${one.id}/sessions`)).status).toBe(403);
    expect(await alive(one.browsers)).toEqual([true, true]);
    const shown = await callApi(core, ADMIN, 'GET', `/users/${one.id}/sessions`);
    expect((JSON.parse(shown.text) as Shown[]).map(({ current }) => current)).toEqual([false, false]);
    expect((await callApi(core, ADMIN, 'DELETE', `/users/${other.id}/sessions/${session?.id}`)).status).toBe(404);
    expect((await callApi(core, ADMIN, 'DELETE', `/users/${one.id}/sessions`)).status).toBe(200);
    expect(await alive(one.browsers)).toEqual([false, false]);
    const events = await core.database.query<{ actor: string }>(
      `select payload->'audit'->>'username' as actor from outbox_events where name = 'session.ended'`,
    );
    expect(events.map(({ actor }) => actor)).toContain('admin');
  });

  it('S38 end after the idle and the absolute limit of the settings, also when these get shorter', async () => {
    await callApi(core, ADMIN, 'PUT', '/configurations', { session_timeout: 30, session_absolute_timeout: 120 });
    core.clock.advanceMinutes(0.1);
    const { browsers } = await person(2);
    const [idle, busy] = browsers as [Browser, Browser];
    for (let minutes = 0; minutes < 100; minutes += 20) {
      core.clock.advanceMinutes(20);
      expect(await busy.isSignedIn()).toBe(true);
    }
    expect(await idle.isSignedIn()).toBe(false);
    expect(await list(busy)).toHaveLength(1);
    core.clock.advanceMinutes(20.5);
    expect(await busy.isSignedIn()).toBe(false);
    const later = new Browser(core);
    await later.signIn('admin', ADMIN_PASSWORD);
    core.clock.advanceMinutes(20);
    expect(await later.isSignedIn()).toBe(true);
    await later.send('PUT', '/api/v2.0/configurations', { json: { session_absolute_timeout: 15 } });
    core.clock.advanceMinutes(0.1);
    expect(await later.isSignedIn()).toBe(false);
    await callApi(core, ADMIN, 'PUT', '/configurations', { session_timeout: 60, session_absolute_timeout: 720 });
  });
});
