import { createHash } from 'node:crypto';
import {
  copyArtifact,
  createProject,
  createProjectMember,
  createTag,
  deleteArtifact,
  deleteProject,
  deleteRepository,
  deleteTag,
  getAddition,
  getArtifact,
  getArtifactConfig,
  getProject,
  getProjectSummary,
  getRepository,
  headProject,
  listArtifacts,
  listProjects,
  listQuotas,
  listRepositories,
  listRepositoryTags,
  type LiveEvent,
  search,
  updateRepository,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

let core: TestCore;
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const inApp = { project_name: 'shop', repository_name: 'deep/app' };

const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: { status: number }) => error.status,
  );

/** Reads server-sent events until one of this name has come, and gives the ones of this name. */
async function readEvents(url: string, name: string, headers: Record<string, string>, onOpen: () => void) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
  onOpen();
  const events: LiveEvent[] = [];
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      const event = data === undefined ? undefined : (JSON.parse(data) as LiveEvent);
      if (event?.name === name) events.push(event);
    }
    if (events.length > 0) break;
  }
  abort.abort();
  return { events, type: response.headers.get('content-type') };
}

beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

describe('from an empty project to a full one and back', () => {
  it('creates a project, named in the Location by id or by name', async () => {
    const made = await core.admin.call(createProject, { body: { project_name: 'shop', public: true } });
    expect(made.location).toMatch(/^\/api\/v2\.0\/projects\/[0-9]+$/);
    const byName = await core.admin.call(createProject, {
      body: { project_name: 'named' },
      headers: { 'x-resource-name-in-location': 'true' },
    });
    expect(byName.location).toBe('/api/v2.0/projects/named');
    await core.admin.call(deleteProject, { params: { project_name_or_id: 'named' } });
    expect(await statusOf(core.admin.call(headProject, { query: { project_name: 'named' } }))).toBe(404);
  });

  it('shows a push everywhere', async () => {
    const { digest } = await pushImage(core, ADMIN, 'shop/deep/app', 'v1');
    const { data: project } = await core.admin.call(getProject, { params: { project_name_or_id: 'shop' } });
    expect(project).toMatchObject({ name: 'shop', repo_count: 1, metadata: { public: 'true' } });
    const { data: repository } = await core.admin.call(getRepository, { params: inApp });
    expect(repository).toMatchObject({ name: 'shop/deep/app', artifact_count: 1, tag_count: 1 });
    const { data: artifacts, total } = await core.client().call(listArtifacts, {
      params: inApp,
      query: { with_accessory: true, q: 'tags=v1' },
    });
    expect(total).toBe(1);
    expect(artifacts[0]).toMatchObject({ digest, type: 'IMAGE', tags: [{ name: 'v1', immutable: false }] });
    const { data: tags } = await core.client().call(listRepositoryTags, { params: inApp });
    expect(tags).toMatchObject([{ name: 'v1', digest, platforms: [{ os: 'linux', architecture: 'amd64' }] }]);
    const { data: config } = await core.client().call(getArtifactConfig, { params: { ...inApp, reference: 'v1' } });
    expect(config.layers).toHaveLength(1);
    const { data: hits } = await core.client().call(search, { query: { q: 'deep' } });
    expect(hits.repository).toMatchObject([{ repository_name: 'shop/deep/app', project_name: 'shop' }]);
    const { data: quotas } = await core.admin.call(listQuotas, { query: { q: 'name=shop' } });
    const { data: summary } = await core.admin.call(getProjectSummary, { params: { project_name_or_id: 'shop' } });
    expect(summary.quota?.used.storage).toBe(quotas[0]?.used.storage);
    expect(quotas[0]?.used.storage).toBeGreaterThan(0);
  });

  it('serves the manifest as it was pushed, as a download', async () => {
    const { data: artifact } = await core.client().call(getArtifact, { params: { ...inApp, reference: 'v1' } });
    const path = `/api/v2.0/projects/shop/repositories/deep%252Fapp/artifacts/v1/manifest`;
    const response = await fetch(core.url + path);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(artifact.digest);
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const link = artifact.addition_links.build_history;
    expect((await fetch(core.url + (link?.href ?? ''))).status).toBe(200);
    const params = { ...inApp, reference: 'v1', addition: 'readme.md' } as const;
    expect(await statusOf(core.admin.call(getAddition, { params }))).toBe(404);
  });

  it('tags, untags, describes and deletes', async () => {
    const reference = { ...inApp, reference: 'v1' };
    const tagged = await core.admin.call(createTag, { params: reference, body: { name: 'stable' } });
    expect(tagged.location).toBe('/api/v2.0/projects/shop/repositories/deep%252Fapp/artifacts/v1/tags/stable');
    expect(await statusOf(core.admin.call(createTag, { params: reference, body: { name: 'stable' } }))).toBe(409);
    await core.admin.call(deleteTag, { params: { ...reference, tag_name: 'stable' } });
    const elsewhere = { project_name: 'shop', repository_name: 'copy' };
    const copied = await core.admin.call(copyArtifact, { params: elsewhere, query: { from: 'shop/deep/app:v1' } });
    expect(copied.location).toMatch(
      /^\/api\/v2\.0\/projects\/shop\/repositories\/copy\/artifacts\/sha256:[0-9a-f]{64}$/,
    );
    await core.admin.call(deleteRepository, { params: elsewhere });
    await core.admin.call(updateRepository, { params: inApp, body: { description: '# Shop' } });
    expect((await core.admin.call(getRepository, { params: inApp })).data.description).toBe('# Shop');
    const project = { project_name_or_id: 'shop' };
    expect(await statusOf(core.admin.call(deleteProject, { params: project }))).toBe(412);
    await core.admin.call(deleteArtifact, { params: reference });
    expect(await statusOf(core.admin.call(deleteArtifact, { params: reference }))).toBe(404);
    await core.admin.call(deleteRepository, { params: inApp });
    expect((await core.admin.call(listRepositories, { params: { project_name: 'shop' } })).total).toBe(0);
    await core.admin.call(deleteProject, { params: project });
  });
});

describe('lists', () => {
  it('are paged with total and links', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) {
      await core.admin.call(createProject, { body: { project_name: name } });
    }
    const page = await core.admin.call(listProjects, { query: { q: 'name=~page-', page: 2, page_size: 1 } });
    expect(page.data.map((project) => project.name)).toEqual(['page-b']);
    expect(page.total).toBe(3);
    const link = page.headers.get('link') ?? '';
    expect(link).toContain('rel="prev"');
    expect(link).toContain('rel="next"');
    expect(link).toContain('page=3');
  });

  it('refuse unknown keys and too large pages', async () => {
    expect(await statusOf(core.admin.call(listProjects, { query: { q: 'password=~a' } }))).toBe(400);
    expect(await statusOf(core.admin.call(listProjects, { query: { sort: 'password' } }))).toBe(400);
    expect(await statusOf(core.admin.call(listProjects, { query: { page_size: 101 } }))).toBe(422);
  });
});

describe('live events', () => {
  it('reach a member while things happen, and go on after the last id', async () => {
    const { location } = await core.admin.call(createProject, { body: { project_name: 'live' } });
    const id = location?.split('/').at(-1) ?? '';
    await core.createUser('listener');
    await core.admin.call(createProjectMember, {
      params: { project_name_or_id: 'live' },
      body: { role_id: 3, member_user: { username: 'listener' } },
    });
    const authorization = basic('listener', USER_PASSWORD);
    const url = `${core.url}/api/v2.0/events?topics=project:${id}&topics=repository:live/app`;
    const first = await readEvents(
      url,
      'artifact.pushed',
      { authorization },
      () => void pushImage(core, ADMIN, 'live/app', 'v1'),
    );
    expect(first.type).toBe('text/event-stream');
    expect(first.events).toMatchObject([
      { name: 'artifact.pushed', topics: [`project:${id}`, 'repository:live/app'], data: { repository: 'live/app' } },
    ]);
    await pushImage(core, ADMIN, 'live/app', 'v2', 'another layer');
    const headers = { authorization, 'last-event-id': first.events[0]?.id ?? '' };
    const second = await readEvents(url, 'artifact.pushed', headers, () => undefined);
    expect(second.events[0]).toMatchObject({ name: 'artifact.pushed', data: { tags: [{ name: 'v2' }] } });
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(`${core.url}/api/v2.0/events?topics=nothing`)).status).toBe(400);
    expect((await fetch(`${core.url}/api/v2.0/events`)).status).toBe(422);
  });
});
