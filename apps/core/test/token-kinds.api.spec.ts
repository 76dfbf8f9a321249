import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { authorization, fetchToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
/** Requests under way at once. */
const LANES = 16;

/** How something can be carried to the server. */
const CARRIERS = {
  bearer: (value: string) => ({ headers: { authorization: `Bearer ${value}` }, query: '' }),
  // A user that exists, so that only the secret can be wrong.
  password: (value: string) => ({ headers: { authorization: basic('nobody-at-all', value) }, query: '' }),
  cookie: (value: string) => ({
    headers: { cookie: `moorage-dev-sid=${value}; __Host-sid=${value}; sid=${value}` },
    query: '',
  }),
  query: (value: string) => ({ headers: {}, query: `access_token=${value}&token=${value}&sid=${value}` }),
} as const;
type Carrier = keyof typeof CARRIERS;

interface Kind {
  readonly name: string;
  readonly value: string;
  /** Ways in which it is no credential at all. */
  readonly wrong: readonly Carrier[];
}

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

describe('S19 what the product hands out', () => {
  let core: TestCore;
  let scene: Scene;
  let kinds: readonly Kind[];

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    kinds = await collectKinds(core, scene);
  });
  afterAll(() => core.stop());

  const send = async ({ method, path }: Route, { headers, query }: ReturnType<(typeof CARRIERS)[Carrier]>) => {
    const address = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
    const answer = await fetch(core.url + address, { method, headers, redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status;
  };

  it('control: each of them is good for what it was made for', async () => {
    const [registry, robot, personal, , , session, , password] = kinds.map(({ value }) => value);
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(core.url + path, { headers })).status;
    expect(await status('/v2/priva/app/manifests/v1', { authorization: `Bearer ${registry}` })).toBe(200);
    expect(
      await status('/v2/priva/app/manifests/v1', authorization({ ...robotOf(scene), password: robot ?? '' })),
    ).toBe(200);
    expect(await status('/api/v2.0/users/current', { authorization: `Bearer ${personal}` })).toBe(200);
    expect(await status('/api/v2.0/users/current', CARRIERS.cookie(session ?? '').headers)).toBe(200);
    expect(await status('/api/v2.0/users/current', { authorization: basic('admin', password ?? '') })).toBe(200);
  });

  it('S19 opens nothing else: kinds × carriers × routes', async () => {
    const routes = routesToTry();
    const cells = kinds.flatMap((kind) =>
      kind.wrong.flatMap((carrier) =>
        routes
          // Wrong passwords are refused before the route counts, and slowly when there are many.
          .filter((_route, at) => carrier !== 'password' || at % 10 === 0)
          .map((route) => ({ kind, carrier, route })),
      ),
    );
    const accepted: string[] = [];
    const lane = async (own: typeof cells) => {
      for (const { kind, carrier, route } of own) {
        const status = await send(route, CARRIERS[carrier](kind.value));
        // 429 and 503 once a wrong password was tried too often, or too many are.
        const isRefused = status === 401 || (carrier === 'password' && (status === 429 || status === 503));
        if (!isRefused) accepted.push(`${kind.name} as ${carrier} at ${route.name}: ${status}`);
      }
    };
    await Promise.all(
      Array.from({ length: LANES }, (_, index) => lane(cells.filter((_cell, at) => at % LANES === index))),
    );
    expect(accepted).toEqual([]);
    expect(cells.length).toBeGreaterThan(3_000);
  }, 300_000);
});

const robotOf = (scene: Scene) => ({ name: scene.pullRobot.name });

/** One of every kind that is handed out. */
async function collectKinds(core: TestCore, scene: Scene): Promise<readonly Kind[]> {
  const browser = new Browser(core);
  await browser.signIn();
  const { token } = await fetchToken(core, ADMIN, ['repository:priva/app:pull,push']);
  const personal = await browser.send('POST', '/api/v2.0/users/current/tokens', { json: { name: 'matrix' } });
  const form = new URLSearchParams({
    grant_type: 'password',
    service: 'harbor-registry',
    client_id: 'matrix',
    access_type: 'offline',
    username: ADMIN.name,
    password: ADMIN.password,
  });
  const offline = await fetch(`${core.url}/service/token`, { method: 'POST', body: form });
  const upload = await fetch(`${core.url}/v2/priva/app/blobs/uploads/`, {
    method: 'POST',
    headers: authorization(ADMIN),
  });
  const everywhere = Object.keys(CARRIERS) as Carrier[];
  const but = (...right: readonly Carrier[]) => everywhere.filter((carrier) => !right.includes(carrier));
  const kinds: readonly Kind[] = [
    // Right as Bearer on /v2 only; what it is on the API is asked below.
    { name: 'registry token', value: token, wrong: but('bearer') },
    { name: 'robot secret', value: scene.pullRobot.credentials?.password ?? '', wrong: everywhere },
    { name: 'personal token', value: await field(personal, 'token'), wrong: but('bearer', 'password') },
    { name: 'refresh token', value: await field(offline, 'refresh_token'), wrong: everywhere },
    { name: 'CSRF token', value: browser.csrf, wrong: everywhere },
    { name: 'session', value: browser.cookie.split('=', 2)[1] ?? '', wrong: but('cookie') },
    {
      name: 'upload state',
      value: new URL(upload.headers.get('location') ?? '', core.url).searchParams.get('_state') ?? 'upload',
      wrong: everywhere,
    },
    { name: 'password', value: ADMIN.password, wrong: everywhere },
  ];
  for (const { name, value } of kinds) expect(value.length, name).toBeGreaterThan(5);
  return kinds;
}

async function field(answer: Response, name: string): Promise<string> {
  return String(((await answer.json()) as Record<string, unknown>)[name]);
}

/** Everything that wants to know who asks, as far as the descriptors tell, and the doors beside the API. */
function routesToTry(): readonly Route[] {
  const endpoints: readonly Endpoint[] = ENDPOINTS;
  const api = endpoints
    .filter(({ base, tag, access }) => base !== '' && tag !== 'event' && access.kind !== 'public')
    .map((endpoint) => ({ name: endpoint.id, method: endpoint.method, path: addressOf(endpoint) }));
  return [
    ...api,
    { name: 'metrics', method: 'GET', path: '/metrics' },
    { name: 'ping of /v2', method: 'GET', path: '/v2/' },
    { name: 'manifest', method: 'GET', path: '/v2/priva/app/manifests/v1' },
    { name: 'upload', method: 'POST', path: '/v2/priva/app/blobs/uploads/' },
    { name: 'catalog', method: 'GET', path: '/v2/_catalog' },
  ];
}
