import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, callApi, rawRequest, rawStatus, sendRaw } from './support/api.ts';
import { authorization, pushImage, putManifest, sha256 } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

/** What has ended a text, a statement or a pattern early somewhere; already encoded for addresses. */
const PAYLOADS = [
  "'",
  "''",
  "'--",
  "' or '1'='1",
  "1' or pg_sleep(0)--",
  "');drop table users;--",
  "' union select password_hash from users--",
  '";select 1;--',
  '$1',
  '$$x$$',
  '\\',
  "\\'",
  '%',
  '_',
  '[a~b]',
  '{a b',
  '(select 1)',
  'name::text',
  '{"a":{"_type":"raw"}}',
  '__proto__',
  'constructor',
]
  .map(encodeURIComponent)
  .concat(['%ff%27', '%c0%a7', '%bf%5c%27', '%ed%a0%80', '%e2%80%a8']);

describe('input that tries to be something else', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });

  afterAll(() => core.stop());

  const admin = basic('admin', ADMIN_PASSWORD);
  const reads = (): Endpoint[] => ENDPOINTS.filter(({ method, raw, base }) => method === 'GET' && !raw && base !== '');
  /** Statuses of many reads at once, in the order of the addresses. */
  const statusesOf = (targets: readonly string[]): Promise<number[]> =>
    Promise.all(
      targets.map(async (target) => {
        const answer = await fetch(core.url + target, { headers: { authorization: admin } });
        await answer.body?.cancel();
        return answer.status;
      }),
    );
  const create = (contentType: string | null, body: string): Promise<string> =>
    sendRaw(
      core,
      `POST /api/v2.0/projects HTTP/1.1\r\nHost: registry.test\r\nConnection: close\r\nAuthorization: ${admin}\r\n${
        contentType === null ? '' : `Content-Type: ${contentType}\r\n`
      }Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );

  it('S98 no parameter of any read reaches the database as anything but a value', async () => {
    const failed: string[] = [];
    let next = 0;
    // Every parameter gets five of them, and all have their turn.
    const some = (): string[] => Array.from({ length: 5 }, () => PAYLOADS[next++ % PAYLOADS.length] as string);
    for (const endpoint of reads()) {
      const path = addressOf(endpoint);
      const keys = [...(endpoint.list ? ['sort', 'page', ...filtersOf(endpoint)] : []), ...queryKeysOf(endpoint)];
      const targets = [
        ...[...endpoint.path.matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) =>
          some().map((payload) => addressOf(endpoint, { [name]: payload })),
        ),
        ...keys.flatMap((key) => some().map((payload) => `${path}?${key.includes('=') ? key : `${key}=`}${payload}`)),
      ];
      const statuses = await statusesOf(targets);
      for (const [index, status] of statuses.entries()) if (status >= 500) failed.push(`${targets[index]}: ${status}`);
    }
    expect(failed).toEqual([]);
    expect(next).toBeGreaterThan(1_000);
    expect(await statusesOf(['/api/v2.0/users', '/api/v2.0/projects/priva'])).toEqual([200, 200]);
  }, 120_000);

  it('S98 a condition is never widened by its value', async () => {
    const total = async (q: string): Promise<string | null> =>
      (await callApi(core, scene.admin.credentials, 'GET', `/projects?q=${encodeURIComponent(q)}`)).headers.get(
        'x-total-count',
      );
    for (const value of ["x' or '1'='1", "x' or true--", "priva'", "priva'--", "' || 'priva"])
      expect(await total(`name=${value}`), value).toBe('0');
    expect(await total('name=priva')).toBe('1');
    for (const name of ["' or 1=1--", "admin'--", "admin' or 'a'='a"]) {
      const answer = await fetch(`${core.url}/c/login`, {
        method: 'POST',
        body: new URLSearchParams({ principal: name, password: "' or '1'='1" }),
      });
      expect(answer.status, name).toBe(401);
    }
  });

  it('S99 signs of patterns in names and searches stand for themselves', async () => {
    const { credentials } = scene.admin;
    for (const name of ['a_b', 'axb', 'a-b', 'a.b'])
      expect((await callApi(core, credentials, 'POST', '/projects', { project_name: name })).status).toBe(201);
    await pushImage(core, credentials, 'a_b/app', 'v1');
    await pushImage(core, credentials, 'axb/app', 'v1');
    const names = async (query: string): Promise<string[]> => {
      const { status, text } = await callApi(core, credentials, 'GET', query);
      expect(status, query).toBe(200);
      return (JSON.parse(text) as { name: string }[]).map(({ name }) => name).toSorted();
    };
    expect(await names('/projects?q=name=a_b')).toEqual(['a_b']);
    expect(await names('/projects?q=name=~a_b')).toEqual(['a_b']);
    expect(await names('/projects?name=a_b')).toEqual(['a_b']);
    expect(await names('/projects?q=name=~%25')).toEqual([]);
    expect(await names('/projects?name=%25')).toEqual([]);
    expect(await names('/projects?name=%5C')).toEqual([]);
    expect(await names('/repositories?q=name=~a_b')).toEqual(['a_b/app']);
    expect(await names('/projects/a_b/repositories')).toEqual(['a_b/app']);
    const found = await callApi(core, credentials, 'GET', '/search?q=a_b');
    expect(found.text).toContain('a_b');
    expect(found.text).not.toContain('axb');
    const members = await callApi(core, credentials, 'GET', '/projects/priva/members?entityname=%25');
    expect(JSON.parse(members.text)).toEqual([]);
  });

  it('S100 objects, lists and operators in place of plain values are refused', async () => {
    const odd: string[] = [];
    const hostile = [{ _type: 'raw' }, { $ne: null }, [['a']], { where: {}, relations: ['user'] }, [{ a: 1 }]];
    for (const endpoint of ENDPOINTS) {
      if (!endpoint.body || endpoint.base === '' || endpoint.consumes) continue;
      const path = addressOf(endpoint).slice('/api/v2.0'.length);
      const keys = Object.keys((endpoint.body as unknown as { shape?: object }).shape ?? {});
      for (const value of hostile) {
        // An unknown key beside it, so that a value that means nothing here cannot pass with the rest.
        const bodies = [value, ...keys.map((key) => ({ [key]: value, 'no.such.key': 1 }))];
        const answers = await Promise.all(
          bodies.map((body) => callApi(core, scene.admin.credentials, endpoint.method, path, body)),
        );
        for (const [index, { status }] of answers.entries())
          if (status < 400 || status >= 500) odd.push(`${endpoint.id} ${JSON.stringify(bodies[index])}: ${status}`);
      }
    }
    for (const query of ['name[$like]=a', 'name[]=a', 'page[where]=1', 'q[name]=a', 'sort[]=name', 'name=a&name=b']) {
      const { status } = await callApi(core, scene.admin.credentials, 'GET', `/projects?${query}`);
      if (status < 400 || status >= 500) odd.push(`?${query}: ${status}`);
    }
    expect(odd).toEqual([]);
    expect((await callApi(core, scene.admin.credentials, 'GET', '/projects?name=priva')).status).toBe(200);
  });

  it('S101 keys that lead to the prototype of objects leave no trace', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const body of [
      '{"project_name":"p1","__proto__":{"polluted":1}}',
      '{"project_name":"p2","constructor":{"prototype":{"polluted":1}}}',
      '{"project_name":"p3","metadata":{"__proto__":{"public":"true"}}}',
      '{"__proto__":{"project_name":"p4"}}',
    ])
      expect([400, 422], body).toContain(rawStatus(await create('application/json', body)));
    for (const query of ['__proto__=1', '__proto__[polluted]=1', 'constructor=1', 'q=__proto__=1', 'sort=constructor'])
      expect((await callApi(core, scene.admin.credentials, 'GET', `/projects?${query}`)).status, query).toBe(400);
    for (const line of ['GET /api/v2.0/projects', 'GET /v2/', 'POST /c/login']) {
      const answer = await sendRaw(core, rawRequest(line, ['__proto__: {"polluted":1}', 'constructor: x']));
      expect(rawStatus(answer), line).toBeLessThan(500);
    }
    const { credentials } = scene.admin;
    const { config, layer } = await pushImage(core, credentials, 'priva/proto', 'v1');
    const manifest = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"${config}","size":73},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"${layer}","size":11}],"annotations":{"__proto__":"x","constructor":"y"}}`;
    const pushed = await putManifest(core, credentials, 'priva/proto', 'v2', manifest);
    expect([201, 400]).toContain(pushed.status);
    const shown = await callApi(core, credentials, 'GET', '/projects/priva/repositories/proto/artifacts/v2');
    expect(shown.status).toBe(pushed.status === 201 ? 200 : 404);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((await callApi(core, credentials, 'POST', '/projects', { project_name: 'p5' })).status).toBe(201);
  });

  it('S102 no Content-Type makes a body pass unread', async () => {
    const bad = '{"project_name":"typed","no_such_key":1}';
    for (const type of [
      'application/json\ta',
      'application/json',
      ' application/json',
      'APPLICATION/JSON',
      'application/json garbage',
      'application/json; charset=utf-16',
      'application/json,text/plain',
      'application/jsonp',
      'application/vnd.api+json',
      'text/plain',
      'text/json',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      null,
    ]) {
      const status = rawStatus(await create(type, bad));
      expect(status >= 400 && status < 500, `${type}: ${status}`).toBe(true);
    }
    expect(rawStatus(await create('application/x-www-form-urlencoded', 'project_name=typed'))).toBeGreaterThanOrEqual(
      400,
    );
    expect((await callApi(core, scene.admin.credentials, 'GET', '/projects/typed')).status).toBe(404);
    expect(rawStatus(await create('application/json; charset=utf-8', '{"project_name":"typed"}'))).toBe(201);
    for (const type of ['application/json\ta', 'text/html', 'application/vnd.oci.image.manifest.v1+json x', '']) {
      const answer = await putManifest(core, scene.admin.credentials, 'priva/app', 'typed', '{}', type);
      expect(answer.status, type).toBeGreaterThanOrEqual(400);
    }
  });

  it('S103 deep, wide and doubled JSON is refused before anything walks it', async () => {
    const wide = `{${Array.from({ length: 60_000 }, (_, index) => `"${index}":0`).join(',')}}`;
    for (const body of [
      '['.repeat(900_000),
      `${'{"a":'.repeat(150_000)}1`,
      wide,
      '{"project_name":"x","project_name":"y"}',
    ]) {
      const status = rawStatus(await create('application/json', body));
      expect([400, 413, 422], body.slice(0, 12)).toContain(status);
      const manifest = await putManifest(core, scene.admin.credentials, 'priva/app', 'deep', body);
      expect(manifest.status, body.slice(0, 12)).toBe(400);
    }
    expect(rawStatus(await create('application/json', '{"project_name":"plain"}'))).toBe(201);
  });

  it('S105 nothing that was asked for becomes a header of the answer', async () => {
    const injected: string[] = [];
    const who = [`Authorization: ${admin}`];
    for (const text of [
      '%0d%0aX-Evil:%201',
      '%0aX-Evil:%201',
      '%e5%98%8a%e5%98%8dX-Evil:%201',
      '"%0d%0aX-Evil:1',
      '\xe9X-Evil',
    ])
      for (const target of [
        `/v2/priva/${text}/tags/list`,
        `/v2/priva/app/tags/list?n=1&last=${text}`,
        `/v2/priva/app/manifests/${text}`,
        `/v2/_catalog?n=1&last=${text}`,
        `/api/v2.0/projects?page_size=1&name=${text}`,
        `/api/v2.0/projects?page_size=1&q=name=~${text}`,
        `/api/v2.0/projects/priva/repositories/${text}`,
        `/service/token?service=${text}&scope=${text}`,
        `/c/log_out?x=${text}`,
        `/${text}`,
      ]) {
        const answer = await sendRaw(core, rawRequest(`GET ${target}`, [...who, `X-Request-Id: a${text}`]));
        const [head = ''] = answer.split('\r\n\r\n', 1);
        if (/^X-Evil/im.test(head)) injected.push(target);
        if ((answer.match(/^HTTP\/1\.1 /gm) ?? []).length > 1) injected.push(`${target}: two answers`);
        if (rawStatus(answer) >= 500) injected.push(`${target}: ${rawStatus(answer)}`);
      }
    expect(injected).toEqual([]);
    const page = await fetch(`${core.url}/v2/_catalog?n=1`, { headers: { authorization: admin } });
    expect(page.headers.get('link')).toContain('rel="next"');
  });

  it('S110 bodies, headers and addresses have limits that hold before they are read', async () => {
    const { credentials } = scene.admin;
    const large = JSON.stringify({ project_name: 'large', comment: 'x'.repeat(1_100_000) });
    expect(rawStatus(await create('application/json', large))).toBe(413);
    const announced = `POST /api/v2.0/projects HTTP/1.1\r\nHost: registry.test\r\nConnection: close\r\nAuthorization: ${admin}\r\nContent-Type: application/json\r\nContent-Length: 107374182400\r\n\r\n{`;
    expect(rawStatus(await sendRaw(core, announced))).toBe(413);
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    const chunked = `POST /api/v2.0/projects HTTP/1.1\r\nHost: registry.test\r\nConnection: close\r\nAuthorization: ${admin}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}0\r\n\r\n`;
    expect([413, 0]).toContain(rawStatus(await sendRaw(core, chunked)));
    expect([431, 0]).toContain(
      rawStatus(await sendRaw(core, rawRequest('GET /v2/', [`X-Large: ${'x'.repeat(65_536)}`]))),
    );
    const many = Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1`);
    expect([431, 400, 0]).toContain(rawStatus(await sendRaw(core, rawRequest('GET /v2/', many))));
    const long = rawStatus(await sendRaw(core, rawRequest(`GET /api/v2.0/projects?name=${'x'.repeat(32_768)}`)));
    expect([414, 431, 0]).toContain(long);
    const big = await putManifest(core, credentials, 'priva/app', 'big', ' '.repeat(4 * 1024 * 1024 + 1));
    expect(big.status).toBe(413);
    expect((await callApi(core, credentials, 'POST', '/projects', { project_name: 'small' })).status).toBe(201);
  });

  it('S112 only HTTP/1.1 is spoken, and nothing is upgraded', async () => {
    const preface = await sendRaw(core, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
    expect(preface === '' || rawStatus(preface) === 400, preface.slice(0, 80)).toBe(true);
    for (const protocol of ['h2c', 'websocket']) {
      const upgrade = [
        'Connection: Upgrade, close',
        `Upgrade: ${protocol}`,
        'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
      ];
      for (const path of ['/v2/', '/api/v2.0/projects']) {
        const answer = await sendRaw(core, rawRequest(`GET ${path}`, upgrade));
        expect(rawStatus(answer), `${protocol} ${path}`).not.toBe(101);
      }
    }
    const plain = await sendRaw(core, rawRequest('GET /v2/', [`Authorization: ${admin}`]));
    expect(rawStatus(plain)).toBe(200);
  });

  it('S69 S71 a manifest with odd spelling comes back byte for byte', async () => {
    const { credentials } = scene.admin;
    const { config, layer } = await pushImage(core, credentials, 'priva/bytes', 'v1', 'bytes');
    const odd = `\n{ "layers":[ {"size":5,"digest":"${layer}","mediaType":"application/vnd.oci.image.layer.v1.tar"}],\t"config":{"digest":"${config}","mediaType":"application/vnd.oci.image.config.v1+json","size":73},"schemaVersion":2,"annotations":{"\\u0061":"\\u00e9\\/"},"mediaType":"application/vnd.oci.image.manifest.v1+json" }\r\n`;
    expect((await putManifest(core, credentials, 'priva/bytes', 'odd', odd)).status).toBe(201);
    for (const reference of ['odd', sha256(odd)]) {
      const answer = await fetch(`${core.url}/v2/priva/bytes/manifests/${reference}`, {
        headers: authorization(credentials),
      });
      expect(await answer.text(), reference).toBe(odd);
    }
    expect((await putManifest(core, credentials, 'priva/bytes', sha256('other'), odd)).status).toBe(400);
  });
});

function filtersOf(endpoint: Endpoint): string[] {
  return Object.entries(endpoint.list?.filters ?? {}).map(
    ([key, kind], index) => `q=${key}%3D${kind === 'text' && index % 2 === 0 ? '~' : ''}`,
  );
}

function queryKeysOf(endpoint: Endpoint): string[] {
  return Object.keys((endpoint.query as unknown as { shape?: object } | undefined)?.shape ?? {});
}
