import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, callApi, rawRequest, rawStatus, sendRaw } from './support/api.ts';
import { authorization, pushBlob, pushImage, putManifest, sha256 } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { basic, startTestCore, type TestCore } from './support/test-core.ts';

describe('other spellings of a request, and what comes back as something else', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });

  afterAll(() => core.stop());

  const header = (actor: { credentials: Scene['admin']['credentials'] }): string[] =>
    actor.credentials ? [`Authorization: ${basic(actor.credentials.name, actor.credentials.password)}`] : [];
  const isJson = (answer: string): boolean => /^content-type: application\/json/im.test(answer);
  const guarded = (): Endpoint[] =>
    ENDPOINTS.filter(
      ({ method, access, raw, base }) =>
        method === 'GET' && !raw && base !== '' && (access.kind === 'system' || access.kind === 'project'),
    );

  it('S56 HEAD is answered as GET is, without a body, for whoever asks', async () => {
    const different: string[] = [];
    for (const endpoint of guarded()) {
      const url = core.url + addressOf(endpoint);
      for (const actor of [scene.anonymous, scene.nobody, scene.admin]) {
        const headers = authorization(actor.credentials);
        const [get, head] = await Promise.all([fetch(url, { headers }), fetch(url, { method: 'HEAD', headers })]);
        await get.body?.cancel();
        if (get.status !== head.status) different.push(`${actor.name} ${endpoint.id}: ${get.status} ${head.status}`);
        if ((await head.text()) !== '') different.push(`${endpoint.id}: body`);
      }
    }
    expect(different).toEqual([]);
  });

  it('S56 a method is what the request line says, and unknown methods do nothing', async () => {
    const path = '/api/v2.0/projects/priva';
    const owner = header(scene.members.projectAdmin);
    for (const method of ['TRACE', 'PROPFIND', 'get', 'CONNECT', 'LOCK', 'M-SEARCH', 'QUERY']) {
      for (const target of [path, '/v2/priva/app/manifests/v1', '/c/login', '/service/token']) {
        const answer = await sendRaw(core, rawRequest(`${method} ${target}`, owner));
        expect(answer === '' || rawStatus(answer) >= 400, `${method} ${target}: ${answer.slice(0, 60)}`).toBe(true);
        expect(answer).not.toContain('Authorization');
      }
    }
    for (const override of ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE'])
      expect(rawStatus(await sendRaw(core, rawRequest(`GET ${path}`, [...owner, override]))), override).toBe(200);
    expect(rawStatus(await sendRaw(core, rawRequest(`GET ${path}?_method=DELETE`, owner)))).toBe(400);
    for (const endpoint of guarded()) {
      const isPost = ENDPOINTS.some(({ method, path: other }) => method === 'POST' && other === endpoint.path);
      if (isPost) continue;
      const { status } = await callApi(core, scene.admin.credentials, 'POST', addressOf(endpoint).slice(9), {});
      expect([404, 405], endpoint.id).toContain(status);
    }
    expect((await callApi(core, scene.members.projectAdmin.credentials, 'GET', '/projects/priva')).status).toBe(200);
  });

  it('S57 no spelling of an address opens what its plain form keeps shut', async () => {
    const opened: string[] = [];
    let tried = 0;
    for (const endpoint of guarded()) {
      const path = addressOf(endpoint);
      const plain = await sendRaw(core, rawRequest(`GET ${path}`, header(scene.nobody)));
      expect(rawStatus(plain), endpoint.id).toBeGreaterThanOrEqual(400);
      for (const target of spellings(path)) {
        tried++;
        for (const who of [[], header(scene.nobody)]) {
          const answer = await sendRaw(core, rawRequest(`GET ${target}`, who));
          if (rawStatus(answer) < 400 && rawStatus(answer) > 0 && isJson(answer)) opened.push(`${target} ${answer}`);
          if (rawStatus(answer) >= 500) opened.push(`${target}: ${rawStatus(answer)}`);
        }
      }
    }
    expect(opened).toEqual([]);
    expect(tried).toBeGreaterThan(300);
    expect(rawStatus(await sendRaw(core, rawRequest('GET /api/v2.0/users', header(scene.admin))))).toBe(200);
  }, 120_000);

  it('S57 other spellings of repositories and tokens open nothing either', async () => {
    const pull = '/v2/priva/app/manifests/v1';
    for (const target of [
      ...spellings(pull),
      '/v2/PRIVA/app/manifests/v1',
      '/v2/pub/../priva/app/manifests/v1',
      '/v2/pub%2f..%2fpriva/app/manifests/v1',
      '/v2/pub/%2e%2e/priva/app/manifests/v1',
      '/v2//priva/app/manifests/v1',
      '/V2/priva/app/manifests/v1',
    ]) {
      for (const who of [[], header(scene.nobody)]) {
        const answer = await sendRaw(core, rawRequest(`GET ${target}`, who));
        expect(answer, target).not.toContain('"schemaVersion"');
        expect(rawStatus(answer), target).toBeLessThan(500);
      }
    }
    expect(await sendRaw(core, rawRequest(`GET ${pull}`, header(scene.admin)))).toContain('"schemaVersion"');
  });

  it('S58 nothing internal is served where everybody may call', async () => {
    for (const path of [
      '/metrics',
      '/debug/pprof/',
      '/swagger',
      '/api-docs',
      '/admin/queues',
      '/service/notifications',
      '/service/notifications/tasks/1',
      '/api/internal/switchquota',
      '/api/v2.0/internalconfig',
      '/internal',
      '/.env',
      '/server-status',
      '/api/v2.0/configurations/secrets',
    ]) {
      for (const method of ['GET', 'POST', 'PUT']) {
        const answer = await fetch(core.url + path, { method, headers: authorization(scene.nobody.credentials) });
        await answer.body?.cancel();
        // Where the portal is built, every other address is a page of it.
        if (method === 'GET' && answer.headers.get('content-type')?.startsWith('text/html')) continue;
        // Measurements have an address of their own, for those who hold the permission.
        const refusals = path === '/metrics' && method === 'GET' ? [403] : [404, 405];
        expect(refusals, `${method} ${path}: ${answer.status}`).toContain(answer.status);
      }
    }
    for (const path of ['/livez', '/readyz']) {
      const answer = await fetch(core.url + path);
      expect([answer.status, (await answer.text()).length < 16], path).toEqual([200, true]);
    }
  });

  it('S41 no parameter and no path makes an answer point to another site', async () => {
    const targets = [
      '//evil.example',
      '/\\evil.example',
      '\\/evil.example',
      'https:evil.example',
      '/%2f%2fevil.example',
      '/%09/evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '@evil.example',
      '///evil.example',
      `${'http://127.0.0.1'}.evil.example/`,
    ];
    const away: string[] = [];
    for (const target of targets) {
      const value = encodeURIComponent(target);
      const paths = ['redirect', 'redirect_url', 'redirect_uri', 'return_to', 'next', 'url', 'goto'].flatMap((name) => [
        `/c/log_out?${name}=${value}`,
        `/c/login?${name}=${value}`,
        `/service/token?${name}=${value}`,
        `/?${name}=${value}`,
      ]);
      for (const path of [...paths, `/${target}`, `/c/${target}`, `//evil.example/${target}`]) {
        const answer = await sendRaw(core, rawRequest(`GET ${path.replaceAll(/[\t ]/g, '')}`, []));
        const location = /^location: (.*)$/im.exec(answer)?.[1];
        if (location !== undefined && !/^\/(?![/\\])/.test(location)) away.push(`${path} -> ${location}`);
        if (/^refresh:/im.test(answer)) away.push(`${path} refreshes`);
      }
    }
    expect(away).toEqual([]);
    const made = await callApi(core, scene.admin.credentials, 'POST', '/projects', { project_name: 'located' });
    expect(made.headers.get('location')).toMatch(/^\/api\/v2\.0\/projects\/\d+$/);
  });

  it('S42 S43 markup that was pushed comes back as data that no browser runs', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const admin = scene.admin.credentials;
    const blob = await pushBlob(core, admin, 'priva/markup', `<html>${evil}</html>`);
    const config = JSON.stringify({
      architecture: evil,
      author: evil,
      os: 'linux',
      config: { Labels: { [evil]: evil } },
      rootfs: { type: 'layers', diff_ids: [] },
      history: [{ created_by: evil }],
    });
    const configDigest = await pushBlob(core, admin, 'priva/markup', config);
    const size = `<html>${evil}</html>`.length;
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: configDigest, size: config.length },
      layers: [{ mediaType: 'text/html', digest: blob, size }],
      annotations: { 'org.opencontainers.image.title': evil },
    });
    expect((await putManifest(core, admin, 'priva/markup', 'v1', manifest)).status).toBe(201);
    await callApi(core, admin, 'PUT', '/projects/priva/repositories/markup', { description: evil });
    const artifact = '/api/v2.0/projects/priva/repositories/markup/artifacts/v1';
    const answers: [string, RegExp][] = [
      [`/v2/priva/markup/blobs/${blob}`, /^application\/octet-stream$/],
      [`/v2/priva/markup/blobs/${configDigest}`, /^application\/octet-stream$/],
      ['/v2/priva/markup/manifests/v1', /^application\/vnd\.oci\.image\.manifest\.v1\+json$/],
      ['/api/v2.0/projects/priva/repositories/markup', /^application\/json/],
      [artifact, /^application\/json/],
      [`${artifact}/config`, /^application\/json/],
      [`${artifact}/manifest`, /^application\/(octet-stream|vnd\.oci\.image\.manifest\.v1\+json)$/],
      [`${artifact}/additions/build_history`, /^application\/json/],
      [`/api/v2.0/projects/${encodeURIComponent(evil)}`, /^application\/json/],
      [`/v2/priva/${encodeURIComponent(evil)}/tags/list`, /^application\/json/],
    ];
    for (const [path, type] of answers) {
      const answer = await fetch(core.url + path, { headers: authorization(admin) });
      await answer.body?.cancel();
      expect(answer.headers.get('content-type'), path).toMatch(type);
      expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(answer.headers.get('content-security-policy'), path).toMatch(/default-src 'none'.*sandbox/);
    }
    const stored = await fetch(`${core.url}/v2/priva/markup/blobs/${blob}`, { headers: authorization(admin) });
    expect(sha256(await stored.text())).toBe(blob);
  });

  it('S74 addresses inside a manifest are never asked', async () => {
    let asked = 0;
    const trap = createServer((_request, response) => {
      asked++;
      response.end('trapped');
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const url = `http://user:password@127.0.0.1:${(trap.address() as AddressInfo).port}/layer`;
    const admin = scene.admin.credentials;
    const config = await pushBlob(core, admin, 'priva/foreign', '{}');
    const layer = sha256('somewhere else');
    for (const mediaType of [
      'application/vnd.oci.image.layer.v1.tar',
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    ]) {
      const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2, urls: [url] },
        layers: [{ mediaType, digest: layer, size: 14, urls: [url] }],
        annotations: { 'org.opencontainers.image.url': url },
      });
      const answer = await putManifest(core, admin, 'priva/foreign', `t${mediaType.length}`, manifest);
      expect([201, 400], mediaType).toContain(answer.status);
      const pull = await fetch(`${core.url}/v2/priva/foreign/blobs/${layer}`, { headers: authorization(admin) });
      expect(pull.status).toBe(404);
      await callApi(core, admin, 'GET', `/projects/priva/repositories/foreign/artifacts/t${mediaType.length}`);
    }
    await pushImage(core, admin, 'priva/foreign', 'control');
    expect(asked).toBe(0);
    await (await fetch(url.replace('user:password@', ''))).text();
    expect(asked).toBe(1);
    trap.close();
  });
});

/** Other ways to write a path that some server somewhere has taken for the same. */
function spellings(path: string): string[] {
  const letter = path.lastIndexOf('/') + 1;
  const encoded = `${path.slice(0, letter)}%${path.charCodeAt(letter).toString(16)}${path.slice(letter + 1)}`;
  return [
    `${path}/`,
    `/${path}`,
    path.replace('/api/', '/api//'),
    path.replace('/api/', '/API/'),
    path.toUpperCase(),
    encoded,
    `${path};x=1`,
    `${path}%3fx`,
    `${path}%23`,
    `${path}%00`,
    `${path}%20`,
    `${path}/.`,
    `${path}/x/..`,
    `${path}%2f`,
    `${path}\\`,
    `${path}.json`,
    path.replaceAll('/', '%2f').replace('%2f', '/'),
    path.replace(/\/(?=[^/]*$)/, '\\'),
    path.replace(/\/(?=[^/]*$)/, '/./'),
    path.replace(/\/(?=[^/]*$)/, '/%2e%2e/%2e/'),
    `/api/v2.0/ping/..${path.slice('/api/v2.0'.length)}`,
    `/livez/..${path}`,
    `/assets/..${path}`,
    `http://registry.test${path}`,
    `http://registry.test/livez/..${path}`,
  ];
}
