import {
  deleteArtifact,
  deleteProject,
  getArtifact,
  getTrashSummary,
  listAllTrash,
  listTrash,
  listTrashedProjects,
  previewRemoval,
  previewRestoration,
  purgeAllTrash,
  purgeTrash,
  purgeTrashItem,
  removeContent,
  restoreProject,
  restoreTrashItem,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchToken, pushImage, withToken } from './support/registry.ts';
import { type Actor, type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

let core: TestCore;
let scene: Scene;
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const NOTHING = { merge: false, tags: [], skip_taken_tags: false };

const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: { status: number }) => error.status,
  );
const params = (reference = 'v1', project = scene.privateProject) => ({
  project_name: project,
  repository_name: 'app',
  reference,
});
const inProject = (project = scene.privateProject) => ({ project_name_or_id: project });
const items = async (actor: Actor = scene.admin) => (await actor.client.call(listTrash, { params: inProject() })).data;

/** Status of a pull by tag, with a token asked for anew. */
async function pull(tag: string, project = scene.privateProject): Promise<number> {
  const { token } = await fetchToken(core, ADMIN, [`repository:${project}/app:pull`]);
  return (await withToken(core, token, 'GET', `/v2/${project}/app/manifests/${tag}`)).status;
}

beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
});
afterAll(() => core.stop());

describe('what was deleted', () => {
  it('by a client of the registry or over the API comes back and can be pulled', async () => {
    const { token } = await fetchToken(core, ADMIN, [`repository:${scene.privateProject}/app:pull,push,delete`]);
    const { data: artifact } = await core.admin.call(getArtifact, { params: params() });
    const path = `/v2/${scene.privateProject}/app/manifests/${artifact.digest}`;
    expect((await withToken(core, token, 'DELETE', path)).status).toBe(202);
    expect(await pull('v1')).toBe(404);
    const [item] = await items();
    expect(item).toMatchObject({ kind: 'artifact', tags: ['v1'], deleted_by: 'admin', reason: 'deleted' });
    const item_id = item?.id ?? 0;
    const preview = await core.admin.call(previewRestoration, { params: { ...inProject(), item_id }, body: NOTHING });
    expect(preview.data).toMatchObject({ tags: 1, artifacts: 1, conflicts: [] });
    await core.admin.call(restoreTrashItem, { params: { ...inProject(), item_id }, body: NOTHING });
    expect(await pull('v1')).toBe(200);

    await core.admin.call(deleteArtifact, { params: params() });
    await pushImage(core, ADMIN, `${scene.privateProject}/app`, 'v1', 'another layer');
    const again = (await items())[0]?.id ?? 0;
    const restoring = core.admin.call(restoreTrashItem, { params: { ...inProject(), item_id: again }, body: NOTHING });
    await expect(restoring).rejects.toMatchObject({ status: 409, message: expect.stringContaining('v1') });
    await core.admin.call(restoreTrashItem, {
      params: { ...inProject(), item_id: again },
      body: { ...NOTHING, tags: [{ name: 'v1', as: 'v1-before' }] },
    });
    expect(await pull('v1-before')).toBe(200);
  });

  it('is shown to maintainers, restored by them, and purged by project admins only', async () => {
    await core.admin.call(deleteArtifact, { params: params('v1-before') });
    const { maintainer, developer, projectAdmin } = scene.members;
    expect(await statusOf(items(developer))).toBe(403);
    expect(await statusOf(items(scene.stranger))).toBe(403);
    const item_id = (await items(maintainer))[0]?.id ?? 0;
    const at = { params: { ...inProject(), item_id } };
    expect(await statusOf(maintainer.client.call(purgeTrashItem, at))).toBe(403);
    expect(await statusOf(maintainer.client.call(purgeTrash, { params: inProject() }))).toBe(403);
    const foreign = { params: { ...inProject(scene.foreignProject), item_id }, body: NOTHING };
    expect(await statusOf(scene.stranger.client.call(restoreTrashItem, foreign))).toBe(404);
    await maintainer.client.call(restoreTrashItem, { ...at, body: NOTHING });
    await core.admin.call(deleteArtifact, { params: params('v1-before') });
    await projectAdmin.client.call(purgeTrash, { params: inProject() });
    expect(await items()).toEqual([]);
    const { data } = await projectAdmin.client.call(getTrashSummary, { params: inProject() });
    expect(data).toMatchObject({ items: 0, bytes: 0, days: 7 });
  });
});

describe('deleting many', () => {
  it('is shown before it is done, and needs the right to delete', async () => {
    for (const tag of ['dev-1', 'dev-2'])
      await pushImage(core, ADMIN, `${scene.privateProject}/app`, tag, `layer ${tag}`);
    const at = { project_name: scene.privateProject, repository_name: 'app' };
    const body = { mode: 'delete' as const, matching: { kind: 'tags' as const, q: 'name=~dev-' } };
    expect(await statusOf(scene.members.guest.client.call(previewRemoval, { params: at, body }))).toBe(403);
    const { data } = await scene.members.maintainer.client.call(previewRemoval, { params: at, body });
    expect(data).toMatchObject({ tags: 2, artifacts: 2, trash_days: 7, stays: [] });
    expect(await statusOf(scene.members.developer.client.call(removeContent, { params: at, body }))).toBe(403);
    const removed = await scene.members.maintainer.client.call(removeContent, { params: at, body });
    expect(removed.data).toMatchObject({ removed_artifacts: 2, kept_total: 0 });
    expect(await statusOf(core.admin.call(previewRemoval, { params: at, body: { mode: 'untag', digests: [] } }))).toBe(
      422,
    );
    expect(
      await statusOf(
        core.admin.call(previewRemoval, { params: at, body: { ...body, matching: { kind: 'tags', q: 'none=1' } } }),
      ),
    ).toBe(400);
  });
});

describe('a deleted project', () => {
  it('is out of reach of every credential, its tokens included, until it comes back', async () => {
    const project = scene.foreignProject;
    const { token } = await fetchToken(core, ADMIN, [`repository:${project}/app:pull,push`]);
    expect(await statusOf(scene.stranger.client.call(deleteProject, { params: inProject(project) }))).toBe(412);
    await scene.stranger.client.call(deleteProject, { params: inProject(project), query: { force: true } });
    const path = `/v2/${project}/app/manifests/v1`;
    expect((await withToken(core, token, 'GET', path)).status).not.toBe(200);
    expect(await statusOf(scene.stranger.client.call(listTrash, { params: inProject(project) }))).toBe(403);
    expect((await scene.nobody.client.call(listTrashedProjects, {})).data).toEqual([]);
    const [item] = (await scene.stranger.client.call(listTrashedProjects, {})).data;
    const at = { params: { item_id: item?.id ?? 0 }, body: {} };
    expect(await statusOf(scene.nobody.client.call(restoreProject, at))).toBe(404);
    await scene.stranger.client.call(restoreProject, at);
    expect(await pull('v1', project)).toBe(200);
    expect(await statusOf(scene.stranger.client.call(listTrash, { params: inProject(project) }))).toBe(200);
  });

  it('goes for good with everything else in the trash, by an administrator', async () => {
    await core.admin.call(deleteProject, { params: inProject(scene.publicProject), query: { force: true } });
    expect(await statusOf(scene.stranger.client.call(purgeAllTrash, {}))).toBe(403);
    const { data } = await core.admin.call(purgeAllTrash, {});
    expect(data.remaining).toBe(0);
    expect((await core.admin.call(listAllTrash, {})).data).toEqual([]);
  });
});
