import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const WRONG = 'Wrong-Passw0rd';
/** What differs from answer to answer whoever asks. */
const PASSING = ['date', 'x-request-id'];

/** Every door a name and a secret can be shown at. */
const DOORS: readonly (readonly [string, (core: TestCore, name: string, secret: string) => Promise<Response>])[] = [
  ['the API', (core, name, secret) => get(core, '/api/v2.0/users/current', name, secret)],
  ['/v2', (core, name, secret) => get(core, '/v2/', name, secret)],
  ['the token service', (core, name, secret) => get(core, '/service/token?service=harbor-registry', name, secret)],
  [
    'its form',
    (core, username, password) =>
      fetch(`${core.url}/service/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'password',
          service: 'harbor-registry',
          client_id: 'c',
          username,
          password,
        }),
      }),
  ],
  [
    'the sign-in page',
    (core, principal, password) =>
      fetch(`${core.url}/c/login`, { method: 'POST', body: new URLSearchParams({ principal, password }) }),
  ],
];

function get(core: TestCore, path: string, name: string, secret: string): Promise<Response> {
  return fetch(core.url + path, { headers: { authorization: basic(name, secret) } });
}

async function visible(response: Response): Promise<object> {
  const headers = [...response.headers].filter(([name]) => !PASSING.includes(name));
  return { status: response.status, headers, body: await response.text() };
}

describe('S4 answers to a wrong secret tell nothing about the name', () => {
  let core: TestCore;
  let scene: Scene;
  /** Account without a password, as people of a provider have it. */
  const OF_A_SOURCE = 'of-a-source';

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    await core.createUser(OF_A_SOURCE);
    await core.database.query('update users set password_hash = null where username = $1', [OF_A_SOURCE]);
    await core.createUser('lapsed');
    await core.database.query(`update users set lapsed_at = now() where username = 'lapsed'`);
  });
  afterAll(() => core.stop());

  it.each(DOORS)('S4 at %s: there, absent, of a source, lapsed', async (_door, ask) => {
    const absent = await visible(await ask(core, 'no-such-user', WRONG));
    expect(absent).toMatchObject({ status: 401 });
    for (const name of ['the-guest', 'admin', OF_A_SOURCE, 'lapsed', 'THE-GUEST', 'the-guest@example.com']) {
      expect(await visible(await ask(core, name, WRONG)), name).toEqual(absent);
    }
    // A lapsed account and a right password look the same too.
    expect(await visible(await ask(core, 'lapsed', USER_PASSWORD))).toEqual(absent);
    const control = await ask(core, 'the-guest', USER_PASSWORD);
    await control.body?.cancel();
    expect(control.status).toBe(200);
  });

  it.each(DOORS)('S4 at %s: robots that are there and that are not', async (_door, ask) => {
    const { name } = scene.pullRobot;
    const absent = await visible(await ask(core, 'robot$priva+nobody', WRONG));
    expect(await visible(await ask(core, name, WRONG))).toEqual(absent);
    expect(await visible(await ask(core, 'robot$no-such-project+ci', WRONG))).toEqual(absent);
  });

  it('S4 users are found by whole names only, and by nobody who is not signed in', async () => {
    const { credentials } = scene.nobody;
    const search = async (name: string) => {
      const { text } = await callApi(core, credentials, 'GET', `/users/search?username=${name}`);
      return (JSON.parse(text) as { username: string }[]).map(({ username }) => username);
    };
    expect((await callApi(core, undefined, 'GET', '/users/search?username=the-guest')).status).toBe(401);
    expect(await search('the-guest')).toEqual(['the-guest']);
    for (const part of ['the', 'the-gues', 'he-guest', '%25', '_he-guest', 'the-guest%25']) {
      expect(await search(part), part).toEqual([]);
    }
  });
});

describe('S5 guessing is bounded for every kind of secret', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  const guess = async (name: string, secret: string) => {
    const response = await get(core, '/service/token?service=harbor-registry', name, secret);
    await response.body?.cancel();
    return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) };
  };

  it('S5 ten guesses at a robot, then 429 with the time to wait; other robots and users go on', async () => {
    const { name, credentials } = scene.pullRobot;
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn++) statuses.push((await guess(name, `Wrong-${turn}`)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    const limited = await guess(name, credentials?.password ?? '');
    expect(limited.status).toBe(429);
    expect(limited.retryAfter).toBeGreaterThan(60);
    expect((await guess(scene.pushRobot.name, scene.pushRobot.credentials?.password ?? '')).status).toBe(200);
    expect((await guess('the-guest', USER_PASSWORD)).status).toBe(200);
    core.clock.advanceMinutes(16);
    expect((await guess(name, credentials?.password ?? '')).status).toBe(200);
  });

  it('S5 a spray over many names from one place ends after sixty, at all doors together', async () => {
    core.clock.advanceMinutes(16);
    let checked = 0;
    let limited = 0;
    for (let turn = 0; turn < 80; turn++) {
      const [, ask] = DOORS[turn % DOORS.length] as (typeof DOORS)[number];
      const { status } = await ask(core, `spray-${turn}`, WRONG);
      if (status === 401) checked++;
      if (status === 429) limited++;
    }
    expect([checked, limited]).toEqual([60, 20]);
    // Robots behind the same address are counted apart.
    expect((await guess(scene.pushRobot.name, scene.pushRobot.credentials?.password ?? '')).status).toBe(200);
    core.clock.advanceMinutes(16);
    expect((await callApi(core, ADMIN, 'GET', '/users/current')).status).toBe(200);
  });
});
