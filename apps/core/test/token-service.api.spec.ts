import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { fetchToken, pushImage, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

describe('the token service', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  interface Key {
    readonly kid: string;
    readonly state: string;
    readonly retires_at?: string;
  }
  const keys = async (): Promise<Key[]> =>
    JSON.parse((await callApi(core, ADMIN, 'GET', '/system/token-keys')).text) as Key[];
  const kidOf = (token: string): string =>
    (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as { kid: string }).kid;

  it('S24 rotates its key without a refused token: announced, signing, verifying, gone', async () => {
    const scope = ['repository:priva/app:pull'];
    const pull = async (token: string) => (await withToken(core, token, 'GET', '/v2/priva/app/manifests/v1')).status;
    const first = (await fetchToken(core, ADMIN, scope)).token;
    expect((await keys()).map(({ state }) => state)).toEqual(['signing']);
    expect((await callApi(core, ADMIN, 'POST', '/system/token-keys')).status).toBe(200);
    expect((await keys()).map(({ state }) => state)).toEqual(['announced', 'signing']);
    expect((await callApi(core, ADMIN, 'POST', '/system/token-keys')).status).toBe(412);
    const second = (await fetchToken(core, ADMIN, scope)).token;
    expect(kidOf(second)).toBe(kidOf(first));
    core.clock.advanceMinutes(1.1);
    const third = (await fetchToken(core, ADMIN, scope)).token;
    expect(kidOf(third)).not.toBe(kidOf(first));
    expect(await Promise.all([first, second, third].map(pull))).toEqual([200, 200, 200]);
    const jwks = await (await fetch(`${core.url}/service/token/jwks`)).text();
    expect(jwks).not.toContain('"d"');
    core.clock.advanceMinutes(36);
    expect((await keys()).map(({ kid }) => kid)).toEqual([kidOf(third)]);
    const audited = await core.database.query<{ actor: string }>(
      `select payload->'audit'->>'username' as actor from outbox_events where name = 'token-key.rotated'`,
    );
    expect(audited.map(({ actor }) => actor)).toEqual(['admin']);
  });

  it('S24 lets nobody but administrators see or rotate keys, and them not by token', async () => {
    const others = [
      undefined,
      scene.members.projectAdmin.credentials,
      scene.pushRobot.credentials,
      scene.nobody.credentials,
    ];
    for (const credentials of others) {
      const answers = await Promise.all(
        ['GET', 'POST'].map(async (method) => (await callApi(core, credentials, method, '/system/token-keys')).status),
      );
      expect(answers).toEqual(credentials ? [403, 403] : [401, 401]);
    }
    const made = await callApi(core, ADMIN, 'POST', '/users/current/tokens', { name: 'all rights' });
    const { token } = JSON.parse(made.text) as { token: string };
    expect((await callApi(core, { name: 'admin', password: token }, 'GET', '/system/token-keys')).status).toBe(200);
    expect((await callApi(core, { name: 'admin', password: token }, 'POST', '/system/token-keys')).status).toBe(403);
  });

  it('issues so many tokens a minute to one caller, and goes on for the others', async () => {
    await callApi(core, ADMIN, 'PUT', '/configurations', { token_requests_per_minute: 5 });
    core.clock.advanceMinutes(1.1);
    const ask = async (who: Scene['pullRobot']) =>
      (await fetchToken(core, who.credentials, ['repository:priva/app:pull'])).status;
    const answers: number[] = [];
    for (let index = 0; index < 7; index++) answers.push(await ask(scene.pullRobot));
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(await ask(scene.pushRobot)).toBe(200);
    core.clock.advanceMinutes(0.21);
    expect(await ask(scene.pullRobot)).toBe(200);
    await callApi(core, ADMIN, 'PUT', '/configurations', { token_requests_per_minute: 6000 });
    core.clock.advanceMinutes(0.1);
    await pushImage(core, ADMIN, 'priva/after', 'v1');
  });
});
