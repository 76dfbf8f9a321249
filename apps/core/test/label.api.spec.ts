import {
  addLabel,
  createLabel,
  deleteArtifact,
  deleteLabel,
  getArtifact,
  getLabel,
  getProject,
  listArtifacts,
  listLabels,
  removeLabel,
  updateLabel,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushImage } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

let core: TestCore;
let scene: Scene;
let privateId: number;
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: { status: number }) => error.status,
  );
const idIn = (location: string | undefined): number => Number(location?.split('/').at(-1));
const app = (project: string, reference = 'v1') => ({
  project_name: project,
  repository_name: 'app',
  reference,
});

async function make(name: string, projectId?: number): Promise<number> {
  const scope = projectId === undefined ? { scope: 'g' as const } : { scope: 'p' as const, project_id: projectId };
  const { location } = await core.admin.call(createLabel, { body: { name, color: '#0065ab', ...scope } });
  return idIn(location);
}

beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
  const { data } = await core.admin.call(getProject, { params: { project_name_or_id: scene.privateProject } });
  privateId = data.project_id;
});
afterAll(() => core.stop());

describe('labels', () => {
  it('are made, listed, changed and deleted in their scope', async () => {
    const global = await make('reviewed');
    const own = await make('reviewed', privateId);
    expect(await statusOf(make('reviewed', privateId))).toBe(409);
    const { maintainer } = scene.members;
    const listed = await maintainer.client.call(listLabels, { query: { scope: 'p', project_id: privateId } });
    expect(listed.data).toMatchObject([
      { id: own, name: 'reviewed', color: '#0065ab', scope: 'p', project_id: privateId },
    ]);
    expect(listed.total).toBe(1);
    const everywhere = await scene.nobody.client.call(listLabels, {
      query: { scope: 'g', project_id: 0, name: 'VIEW' },
    });
    expect(everywhere.data).toMatchObject([{ id: global, scope: 'g', project_id: 0 }]);
    await maintainer.client.call(updateLabel, {
      params: { label_id: own },
      body: { name: 'approved', description: 'by the release team', color: '' },
    });
    const { data } = await maintainer.client.call(getLabel, { params: { label_id: own } });
    expect(data).toMatchObject({ name: 'approved', description: 'by the release team', color: '' });
    await maintainer.client.call(deleteLabel, { params: { label_id: own } });
    expect(await statusOf(maintainer.client.call(getLabel, { params: { label_id: own } }))).toBe(404);
    await core.admin.call(deleteLabel, { params: { label_id: global } });
  });

  it('are changed only by those who may', async () => {
    const global = await make('frozen');
    const own = await make('frozen', privateId);
    const { developer, maintainer } = scene.members;
    const body = { name: 'melted' };
    const change = (client: typeof core.admin, id: number) =>
      statusOf(client.call(updateLabel, { params: { label_id: id }, body }));
    expect(await change(maintainer.client, global)).toBe(403);
    expect(await change(developer.client, own)).toBe(403);
    expect(await change(scene.stranger.client, own)).toBe(404);
    expect(await change(scene.anonymous.client, own)).toBe(401);
    expect(await statusOf(developer.client.call(getLabel, { params: { label_id: own } }))).toBe(200);
    expect(await statusOf(scene.stranger.client.call(getLabel, { params: { label_id: own } }))).toBe(404);
    expect(await statusOf(scene.anonymous.client.call(listLabels, { query: { scope: 'g' } }))).toBe(401);
    const foreign = { query: { scope: 'p' as const, project_id: privateId } };
    expect(await statusOf(scene.stranger.client.call(listLabels, foreign))).toBe(403);
    const unknown = { query: { scope: 'p' as const, project_id: 999_999 } };
    expect(await statusOf(scene.stranger.client.call(listLabels, unknown))).toBe(403);
    expect(await statusOf(core.admin.call(listLabels, unknown))).toBe(404);
    expect(await change(maintainer.client, own)).toBe(200);
  });

  it('refuse a scope that is unclear and a colour that is none', async () => {
    const create = (body: object) => statusOf(core.admin.call(createLabel, { body: body as never }));
    expect(await create({ name: 'x' })).toBe(400);
    expect(await create({ name: 'x', scope: 'p' })).toBe(400);
    expect(await create({ name: 'x', scope: 'g', project_id: privateId })).toBe(400);
    expect(await create({ name: 'x', scope: 'g', color: 'url(javascript:0)' })).toBe(422);
    expect(await create({ name: ' ', scope: 'g' })).toBe(422);
    expect(await create({ name: 'x', scope: 'g', unknown: 1 })).toBe(422);
    expect(await statusOf(core.admin.call(listLabels, { query: { scope: 'p' } }))).toBe(400);
  });
});

describe('labels on artifacts', () => {
  it('show with the artifact, filter lists, and go with either', async () => {
    const project = scene.privateProject;
    await pushImage(core, ADMIN, `${project}/app`, 'v2', 'another layer');
    const [red, blue] = [await make('red', privateId), await make('blue')];
    const { developer } = scene.members;
    const mark = (reference: string, id: number) =>
      developer.client.call(addLabel, { params: app(project, reference), body: { id } });
    await mark('v1', red);
    await mark('v1', blue);
    await mark('v2', blue);
    expect(await statusOf(mark('v1', red))).toBe(409);
    const found = async (q: string) => {
      const inApp = { project_name: project, repository_name: 'app' };
      const page = await developer.client.call(listArtifacts, { params: inApp, query: { q, with_label: true } });
      return page.data.map(({ tags, labels }) => [tags?.[0]?.name, labels?.map((label) => label.name)]);
    };
    expect(await found(`labels=(${red} ${blue})`)).toEqual([['v1', ['blue', 'red']]]);
    expect(await found(`labels=${blue}`)).toEqual([
      ['v2', ['blue']],
      ['v1', ['blue', 'red']],
    ]);
    expect(await found(`labels=(${red})`)).toEqual([['v1', ['blue', 'red']]]);
    await developer.client.call(removeLabel, { params: { ...app(project), label_id: red } });
    expect(await found(`labels=${red}`)).toEqual([]);
    expect(await statusOf(developer.client.call(removeLabel, { params: { ...app(project), label_id: red } }))).toBe(
      404,
    );
    await core.admin.call(deleteLabel, { params: { label_id: blue } });
    const { data } = await developer.client.call(getArtifact, { params: app(project), query: { with_label: true } });
    expect(data.labels).toEqual([]);
    await mark('v2', red);
    await core.admin.call(deleteArtifact, { params: app(project, 'v2') });
    expect(await found(`labels=${red}`)).toEqual([]);
  });

  it('are of the same project or global', async () => {
    const own = await make('here', privateId);
    const params = app(scene.foreignProject);
    expect(await statusOf(core.admin.call(addLabel, { params, body: { id: own } }))).toBe(404);
    expect(await statusOf(core.admin.call(addLabel, { params, body: { id: await make('there') } }))).toBe(200);
    const marked = { params: app(scene.privateProject), body: { id: own } };
    expect(await statusOf(scene.members.guest.client.call(addLabel, marked))).toBe(403);
    expect(await statusOf(scene.stranger.client.call(addLabel, marked))).toBe(403);
  });
});
