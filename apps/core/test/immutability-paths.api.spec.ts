import {
  createArtifactHold,
  createImmutableRule,
  createRobot,
  getRetentionRun,
  putProjectRetention,
  startRetentionRun,
} from '@moorage/contracts';
import { retentionProcessors } from '@moorage/features/retention';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorization, type Credentials, OCI_MANIFEST, pushBlob, sha256 } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';
import { startTestWorker } from './support/worker.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

let core: TestCore;
let scene: Scene;
beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
});
afterAll(() => core.stop());

/** Retention asks nobody. */
const SETTINGS = { retention_confirm_share: 100, read_only: false };
let robot: Credentials;
/** Who tries. */
let actor: Credentials = ADMIN;

async function send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Response> {
  return fetch(core.url + path, {
    method,
    headers: { ...authorization(actor), 'content-type': type },
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
  const annotations = { content: `${repository} ${content}` };
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [], annotations, ...members });
}

async function push(repository: string, reference: string, content: string, members: object = {}): Promise<string> {
  const manifest = await manifestOf(repository, content, members);
  const path = `${v2(repository)}/manifests/${reference || sha256(manifest)}`;
  expect((await send('PUT', path, manifest, OCI_MANIFEST)).status).toBe(201);
  return sha256(manifest);
}

/** A repository whose tag `keep`, of an index with a part and a signature, must stay for a reason. */
interface Protected {
  readonly name: string;
  readonly index: string;
  readonly part: string;
  readonly signature: string;
  /** An artifact that nothing protects. */
  readonly free: string;
}

async function fill(name: string): Promise<Protected> {
  const part = await push(name, '', 'part');
  const manifests = [{ mediaType: OCI_MANIFEST, digest: part, size: (await manifestOf(name, 'part')).length }];
  const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  const index = sha256(body);
  expect((await send('PUT', `${v2(name)}/manifests/keep`, body, OCI_INDEX)).status).toBe(201);
  const subject = { mediaType: OCI_INDEX, digest: index, size: body.length };
  const signature = await push(name, '', 'signature', { artifactType: 'application/x.signature', subject });
  const free = await push(name, 'free', 'free');
  await push(name, 'was', 'gone');
  expect((await send('DELETE', `${v2(name)}/manifests/was`)).status).toBe(202);
  return { name, index, part, signature, free };
}

/** What `keep` names, as the engine and the API say it; and whether what it needs can be pulled. */
async function shown({ name, part, signature }: Protected): Promise<object> {
  actor = ADMIN;
  const pulled = await send('HEAD', `${v2(name)}/manifests/keep`);
  const listed = (await (await api('GET', `/repositories/${name}/artifacts/keep/tags`)).json()) as { name: string }[];
  return {
    digest: pulled.headers.get('docker-content-digest'),
    listed: listed.find((tag) => tag.name === 'keep')?.name,
    part: (await send('HEAD', `${v2(name)}/manifests/${part}`)).status,
    signature: (await send('HEAD', `${v2(name)}/manifests/${signature}`)).status,
  };
}
const kept = ({ index }: Protected) => ({ digest: index, listed: 'keep', part: 200, signature: 200 });

type Path = readonly [string, readonly number[], (repository: Protected) => Promise<Response>];

/** Each way there is to change a tag, or to take what it needs, with what somebody is answered who may do it elsewhere. */
const PATHS: readonly Path[] = [
  [
    'a push',
    [403],
    async ({ name }) => send('PUT', `${v2(name)}/manifests/keep`, await manifestOf(name, 'other'), OCI_MANIFEST),
  ],
  [
    'a push of several tags',
    [403],
    async ({ name }) => {
      const manifest = await manifestOf(name, 'several');
      return send('PUT', `${v2(name)}/manifests/${sha256(manifest)}?tag=new&tag=keep`, manifest, OCI_MANIFEST);
    },
  ],
  ['a deletion by tag', [403], ({ name }) => send('DELETE', `${v2(name)}/manifests/keep`)],
  ['a deletion by digest', [403], ({ name, index }) => send('DELETE', `${v2(name)}/manifests/${index}`)],
  ['a deletion of its part', [403, 405, 409], ({ name, part }) => send('DELETE', `${v2(name)}/manifests/${part}`)],
  ['a deletion of the tag', [412], ({ name }) => api('DELETE', `/repositories/${name}/artifacts/keep/tags/keep`)],
  ['a deletion of the artifact', [412], ({ name, index }) => api('DELETE', `/repositories/${name}/artifacts/${index}`)],
  [
    'a deletion of its part by the API',
    [409, 412],
    ({ name, part }) => api('DELETE', `/repositories/${name}/artifacts/${part}`),
  ],
  ['a deletion of the repository', [412], ({ name }) => api('DELETE', `/repositories/${name}`)],
  ['a deletion of the project', [412], () => api('DELETE', '')],
  ['a forced deletion of the project', [412], () => api('DELETE', '?force=true')],
  [
    'a new tag by the API',
    [409, 412],
    ({ name, free }) => api('POST', `/repositories/${name}/artifacts/${free}/tags`, { name: 'keep' }),
  ],
  ['a revert', [412], ({ name, free }) => api('POST', `/repositories/${name}/tags/keep/revert`, { digest: free })],
  [
    'a copy',
    [409, 412],
    ({ name }) =>
      api('POST', `/repositories/${name}/artifacts?from=${encodeURIComponent(`${scene.privateProject}/lib:keep`)}`),
  ],
  [
    'a removal of many tags',
    [200, 412],
    ({ name }) => api('POST', `/repositories/${name}/removals`, { mode: 'untag', tags: ['keep'] }),
  ],
  [
    'a removal of many',
    [200, 412],
    ({ name }) => api('POST', `/repositories/${name}/removals`, { mode: 'delete', tags: ['keep'] }),
  ],
  [
    'a removal of all',
    [200, 412],
    ({ name }) =>
      api('POST', `/repositories/${name}/removals`, { mode: 'delete', matching: { kind: 'tags', q: 'name=keep' } }),
  ],
  [
    'a restoration',
    [409, 412],
    async ({ name }) => {
      const by = actor;
      actor = ADMIN;
      const query = encodeURIComponent(`repository=${scene.privateProject}/${name}`);
      const items = (await (await api('GET', `/trash?q=${query}`)).json()) as { id: number; tags: string[] }[];
      const item = items.find(({ tags }) => tags.includes('was'));
      actor = by;
      return api('POST', `/trash/${item?.id}/restoration`, { tags: [{ name: 'was', as: 'keep' }] });
    },
  ],
];

/** A robot of the project that may do everything robots may do with content. */
async function contentRobot(): Promise<Credentials> {
  const access = [
    ...['pull', 'push', 'delete', 'list', 'read', 'update'].map((action) => ({ resource: 'repository', action })),
    ...['read', 'list', 'create', 'delete'].map((action) => ({ resource: 'artifact', action })),
    ...['list', 'create', 'delete'].map((action) => ({ resource: 'tag', action })),
  ];
  const { data } = await core.admin.call(createRobot, {
    body: {
      name: 'everything',
      level: 'project',
      duration: -1,
      permissions: [{ kind: 'project', namespace: scene.privateProject, access }],
    },
  });
  return { name: data.name as string, password: data.secret as string };
}

/** Why `keep` must stay, and what makes it so. */
const REASONS = ['an immutability rule', 'a legal hold', 'a lock for a time'] as const;

async function protect(reason: (typeof REASONS)[number], name: string): Promise<void> {
  const params = { project_name: scene.privateProject, repository_name: name, reference: 'keep' };
  if (reason === 'a legal hold')
    await core.admin.call(createArtifactHold, { params, body: { kind: 'legal-hold', reason: 'court' } });
  else if (reason === 'a lock for a time') {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await core.admin.call(createArtifactHold, { params, body: { kind: 'lock', reason: 'release', until } });
  } else
    await core.admin.call(createImmutableRule, {
      params: { project_name_or_id: scene.privateProject },
      body: {
        tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'keep' }],
        scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: name }] },
      },
    });
}

describe.each(REASONS)('a tag that must stay by %s', (reason) => {
  const name = `app${REASONS.indexOf(reason)}`;
  let repository: Protected;
  let actors: readonly Credentials[];
  beforeAll(async () => {
    actor = ADMIN;
    repository = await fill(name);
    // The run of the reason before took it.
    await push('lib', 'keep', 'of another repository');
    await protect(reason, name);
    robot ??= await contentRobot();
    const { projectAdmin, maintainer, developer, guest } = scene.members;
    const others = [projectAdmin, maintainer, developer, guest, scene.pushRobot, scene.pullRobot];
    actors = [...others.map(({ credentials }) => credentials), robot];
  });

  it.each(PATHS)('S80 is not changed by %s, whoever tries', async (_, statuses, attempt) => {
    actor = ADMIN;
    const answer = await attempt(repository);
    expect(statuses, await answer.text()).toContain(answer.status);
    expect(await shown(repository)).toEqual(kept(repository));
    for (const one of actors) {
      actor = one;
      const { status } = await attempt(repository);
      expect([one?.name, [...statuses, 401, 403, 404].includes(status)]).toEqual([one?.name, true]);
    }
    expect(await shown(repository)).toEqual(kept(repository));
  });

  it('takes the same push again, and leaves what is not protected to everybody', async () => {
    actor = ADMIN;
    const { index, part } = repository;
    const manifests = [{ mediaType: OCI_MANIFEST, digest: part, size: (await manifestOf(name, 'part')).length }];
    const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    expect(sha256(body)).toBe(index);
    expect((await send('PUT', `${v2(name)}/manifests/keep`, body, OCI_INDEX)).status).toBe(201);
    await push(name, 'free', 'moved');
  });

  it('S80 S84 stays when retention runs with a policy that deletes everything', async () => {
    const params = { project_name_or_id: scene.privateProject };
    const processors = retentionProcessors(core.database, () => Promise.resolve(SETTINGS));
    const worker = await startTestWorker(core, processors);
    try {
      const rules = [{ action: 'delete' as const, select: {} }];
      await core.admin.call(putProjectRetention, { params, body: { rules, confirm_share: 100 } });
      const { location } = await core.admin.call(startRetentionRun, { params, body: {} });
      const run = { ...params, run_id: Number(location?.split('/').at(-1)) };
      const ended = async () => (await core.admin.call(getRetentionRun, { params: run })).data;
      await expect.poll(async () => (await ended()).status, { timeout: 90_000 }).toBe('Success');
    } finally {
      await worker.stop();
    }
    actor = ADMIN;
    expect((await send('HEAD', `${v2(name)}/manifests/free`)).status).toBe(404);
    expect(await shown(repository)).toEqual(kept(repository));
  });
});
