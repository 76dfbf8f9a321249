import { createImmutableRule } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorization, OCI_MANIFEST, pushBlob, sha256 } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

let core: TestCore;
let scene: Scene;
beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
});
afterAll(() => core.stop());

async function send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Response> {
  return fetch(core.url + path, {
    method,
    headers: { ...authorization(ADMIN), 'content-type': type },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
const api = (method: string, path: string, body?: unknown) =>
  send(method, `/api/v2.0/projects/${scene.privateProject}${path}`, body);
const v2 = (repository: string) => `/v2/${scene.privateProject}/${repository}`;

/** An artifact that nothing else is like; `members` go into its manifest. */
async function manifestOf(repository: string, content: string, members: object = {}): Promise<string> {
  const digest = await pushBlob(core, ADMIN, `${scene.privateProject}/${repository}`, '{}');
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: 2 };
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config,
    layers: [],
    annotations: { content },
    ...members,
  });
}

async function push(repository: string, reference: string, content: string, members: object = {}): Promise<string> {
  const manifest = await manifestOf(repository, content, members);
  const answer = await send(
    'PUT',
    `${v2(repository)}/manifests/${reference || sha256(manifest)}`,
    manifest,
    OCI_MANIFEST,
  );
  expect(answer.status).toBe(201);
  return sha256(manifest);
}

/** What `app:keep` names, as the engine and the API say it; and whether what it needs can be pulled. */
async function kept(): Promise<{ digest: string | null; listed: string | undefined; part: number; signature: number }> {
  const pulled = await send('HEAD', `${v2('app')}/manifests/keep`);
  const listed = (await (await api('GET', '/repositories/app/artifacts/keep/tags')).json()) as { name: string }[];
  return {
    digest: pulled.headers.get('docker-content-digest'),
    listed: listed.find(({ name }) => name === 'keep')?.name,
    part: (await send('HEAD', `${v2('app')}/manifests/${part}`)).status,
    signature: (await send('HEAD', `${v2('app')}/manifests/${signature}`)).status,
  };
}

let indexDigest: string;
let part: string;
let signature: string;
let free: string;

/** Each way there is to change a tag, or to take what it needs, with what is answered. */
const PATHS: readonly (readonly [string, readonly number[], () => Promise<Response>])[] = [
  [
    'a push',
    [403],
    async () => send('PUT', `${v2('app')}/manifests/keep`, await manifestOf('app', 'other'), OCI_MANIFEST),
  ],
  [
    'a push of several tags',
    [403],
    async () => {
      const manifest = await manifestOf('app', 'several');
      return send('PUT', `${v2('app')}/manifests/${sha256(manifest)}?tag=new&tag=keep`, manifest, OCI_MANIFEST);
    },
  ],
  ['a deletion by tag', [403], () => send('DELETE', `${v2('app')}/manifests/keep`)],
  ['a deletion by digest', [403], () => send('DELETE', `${v2('app')}/manifests/${indexDigest}`)],
  ['a deletion of its part', [403, 405, 409], () => send('DELETE', `${v2('app')}/manifests/${part}`)],
  ['a deletion of the tag', [412], () => api('DELETE', '/repositories/app/artifacts/keep/tags/keep')],
  ['a deletion of the artifact', [412], () => api('DELETE', `/repositories/app/artifacts/${indexDigest}`)],
  ['a deletion of its part by the API', [409, 412], () => api('DELETE', `/repositories/app/artifacts/${part}`)],
  ['a deletion of the repository', [412], () => api('DELETE', '/repositories/app')],
  ['a deletion of the project', [412], () => api('DELETE', '')],
  ['a forced deletion of the project', [412], () => api('DELETE', '?force=true')],
  ['a new tag by the API', [409, 412], () => api('POST', `/repositories/app/artifacts/${free}/tags`, { name: 'keep' })],
  ['a revert', [412], () => api('POST', '/repositories/app/tags/keep/revert', { digest: free })],
  [
    'a copy',
    [409, 412],
    () => api('POST', `/repositories/app/artifacts?from=${encodeURIComponent(`${scene.privateProject}/lib:keep`)}`),
  ],
  [
    'a removal of many tags',
    [200, 412],
    () => api('POST', '/repositories/app/removals', { mode: 'untag', tags: ['keep'] }),
  ],
  [
    'a removal of many',
    [200, 412],
    () => api('POST', '/repositories/app/removals', { mode: 'delete', tags: ['keep'] }),
  ],
  [
    'a removal of all',
    [200, 412],
    () => api('POST', '/repositories/app/removals', { mode: 'delete', matching: { kind: 'tags', q: 'name=keep' } }),
  ],
  [
    'a restoration',
    [409, 412],
    async () => {
      const items = (await (await api('GET', '/trash?q=repository%3Dpriva%2Fapp')).json()) as {
        id: number;
        tags: string[];
      }[];
      const item = items.find(({ tags }) => tags.includes('was'));
      return api('POST', `/trash/${item?.id}/restoration`, { tags: [{ name: 'was', as: 'keep' }] });
    },
  ],
];

describe('an immutable tag', () => {
  beforeAll(async () => {
    part = await push('app', '', 'part');
    const manifests = [{ mediaType: OCI_MANIFEST, digest: part, size: (await manifestOf('app', 'part')).length }];
    const index = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    indexDigest = sha256(index);
    expect((await send('PUT', `${v2('app')}/manifests/keep`, index, OCI_INDEX)).status).toBe(201);
    const subject = { mediaType: OCI_INDEX, digest: indexDigest, size: index.length };
    signature = await push('app', '', 'signature', { artifactType: 'application/x.signature', subject });
    free = await push('app', 'free', 'free');
    await push('lib', 'keep', 'of another repository');
    await push('app', 'was', 'gone');
    expect((await send('DELETE', `${v2('app')}/manifests/was`)).status).toBe(202);
    await core.admin.call(createImmutableRule, {
      params: { project_name_or_id: scene.privateProject },
      body: {
        tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'keep' }],
        scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: 'app' }] },
      },
    });
  });

  it.each(PATHS)('S80 is not changed by %s', async (_, statuses, attempt) => {
    const answer = await attempt();
    expect(statuses, await answer.text()).toContain(answer.status);
    expect(await kept()).toEqual({ digest: indexDigest, listed: 'keep', part: 200, signature: 200 });
  });

  it('leaves what it does not cover to everybody', async () => {
    await push('app', 'free', 'moved');
    expect((await send('DELETE', `${v2('lib')}/manifests/keep`)).status).toBe(202);
  });
});
