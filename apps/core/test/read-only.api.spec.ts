import {
  addProjectMetadatas,
  createGCSchedule,
  createRetention,
  deleteTag,
  type Endpoint,
  ENDPOINTS,
  getArtifact,
  getConfigurations,
  getGCHistory,
  getProject,
  getRetentionRun,
  listRepositoryTags,
  operateRetentionRun,
  previewRemoval,
  type Settings,
  startRetentionRun,
  updateConfigurations,
} from '@moorage/contracts';
import { type FilesystemContentStores, openFilesystemContent } from '@moorage/distribution/stores';
import { ExecutionService } from '@moorage/features/execution';
import { garbageProcessors } from '@moorage/features/garbage-collection';
import { retentionProcessors } from '@moorage/features/retention';
import { createTempDirectory } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addressOf, callApi } from './support/api.ts';
import { fetchToken, pushImage, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';
import { startTestWorker } from './support/worker.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const FLAGGED = ENDPOINTS.filter(({ changesContent }) => changesContent !== undefined);
const ANYTHING = { kind: 'doublestar' as const, pattern: '**' };

describe('S75 read-only mode', () => {
  let core: TestCore;
  let scene: Scene;
  let folder: ReturnType<typeof createTempDirectory>;
  let content: FilesystemContentStores;
  let project: { project_name_or_id: string };

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    project = { project_name_or_id: scene.privateProject };
    await pushImage(core, ADMIN, `${scene.privateProject}/app`, 'v2', 'the second layer');
    folder = createTempDirectory('moorage-read-only-');
    content = await openFilesystemContent(folder.path);
  });
  afterAll(async () => {
    await content.close();
    folder.remove();
    await core.stop();
  });

  const readOnly = (read_only: boolean) => core.admin.call(updateConfigurations, { body: { read_only } });
  const image = () => ({ project_name: scene.privateProject, repository_name: 'app', reference: 'v1' });
  const tags = async () =>
    (await core.admin.call(listRepositoryTags, { params: image() })).data.map(({ name }) => name);
  const send = (endpoint: Endpoint, repository = 'app', body: unknown = {}) =>
    callApi(
      core,
      ADMIN,
      endpoint.method,
      addressOf(endpoint, { repository_name: repository }).replace('/api/v2.0', ''),
      endpoint.body ? body : undefined,
    );
  const settings = async (): Promise<Settings> => {
    const { data } = await core.admin.call(getConfigurations, {});
    return Object.fromEntries(Object.entries(data).map(([key, entry]) => [key, entry.value])) as unknown as Settings;
  };

  it('control: none of the flagged endpoints is forbidden to an administrator otherwise', async () => {
    for (const endpoint of FLAGGED) expect((await send(endpoint, 'none')).status, endpoint.id).not.toBe(403);
    expect((await tags()).sort()).toEqual(['v1', 'v2']);
  });

  it('refuses every flagged endpoint as /v2 refuses a push, and changes nothing', async () => {
    await readOnly(true);
    const { token } = await fetchToken(core, ADMIN, [`repository:${scene.privateProject}/app:pull,push`]);
    const push = await withToken(core, token, 'POST', `/v2/${scene.privateProject}/app/blobs/uploads/`);
    expect(push.status).toBe(403);
    const { errors } = (await push.json()) as { errors: { message: string }[] };
    for (const endpoint of FLAGGED) {
      const { status, text } = await send(endpoint);
      expect({ id: endpoint.id, status, ...JSON.parse(text) }).toMatchObject({
        id: endpoint.id,
        status: 403,
        errors: [{ code: 'DENIED', message: errors[0]?.message }],
      });
    }
    await readOnly(false);
    expect((await tags()).sort()).toEqual(['v1', 'v2']);
  });

  it('tells strangers no more than otherwise', async () => {
    await readOnly(true);
    await expect(
      scene.stranger.client.call(deleteTag, { params: { ...image(), tag_name: 'v1' } }),
    ).rejects.not.toMatchObject({ code: 'DENIED' });
    await readOnly(false);
  });

  it('leaves pulls, reads, previews, dry runs and rules as they are', async () => {
    const { project_id: ref = 0 } = (await core.admin.call(getProject, { params: project })).data;
    await readOnly(true);
    const { token } = await fetchToken(core, ADMIN, [`repository:${scene.privateProject}/app:pull`]);
    const path = `/v2/${scene.privateProject}/app/manifests/v1`;
    expect((await withToken(core, token, 'GET', path)).status).toBe(200);
    await core.admin.call(getArtifact, { params: image() });
    await core.admin.call(previewRemoval, { params: image(), body: { mode: 'delete', tags: ['v1'] } });
    await core.admin.call(addProjectMetadatas, { params: project, body: { trash_days: '3' } });
    await core.admin.call(createRetention, {
      body: {
        algorithm: 'or',
        rules: [
          {
            disabled: false,
            action: 'retain',
            template: 'latestPushedK',
            params: { latestPushedK: 1 },
            tag_selectors: [{ ...ANYTHING, decoration: 'matches', extras: '{"untagged":true}' }],
            scope_selectors: { repository: [{ ...ANYTHING, decoration: 'repoMatches' }] },
          },
        ],
        trigger: { kind: 'Schedule', references: {}, settings: { cron: '' } },
        scope: { level: 'project', ref },
      },
    });
    const { location } = await core.admin.call(startRetentionRun, { params: project, body: { dry_run: true } });
    const run_id = Number(location?.split('/').pop());
    await core.admin.call(operateRetentionRun, { params: { ...project, run_id }, body: { action: 'stop' } });
    await readOnly(false);
  });

  it('ends runs that begin meanwhile with a message, and runs afterwards', async () => {
    const executions = new ExecutionService(core.database);
    const run = async () => {
      const { location } = await core.admin.call(startRetentionRun, { params: project, body: { dry_run: false } });
      await core.admin.call(createGCSchedule, { body: { schedule: { type: 'Manual' } } });
      return Number(location?.split('/').pop());
    };
    const ended = (id: number) =>
      vi.waitFor(
        async () => {
          const retention = (await core.admin.call(getRetentionRun, { params: { ...project, run_id: id } })).data;
          const collection = (await core.admin.call(getGCHistory, {})).data[0];
          const answer = [retention, collection].map((one) => [
            'job_status' in (one ?? {}) ? collection?.job_status : retention.status,
            one?.status_message ?? '',
          ]);
          expect(answer.flat()).not.toContain('Pending');
          expect(answer.flat()).not.toContain('Running');
          return answer;
        },
        { timeout: 90_000, interval: 200 },
      );
    const refused = ['Error', expect.stringContaining('read-only mode')];

    const first = await run();
    await readOnly(true);
    const worker = await startTestWorker(core, [
      ...retentionProcessors(core.database, async () => ({ ...(await settings()), retention_confirm_share: 100 })),
      ...garbageProcessors({
        database: core.database,
        blobs: content.blobs,
        settings: { get: settings },
        executions,
      }),
    ]);
    try {
      expect(await ended(first)).toEqual([refused, refused]);
      expect((await tags()).sort()).toEqual(['v1', 'v2']);
      await readOnly(false);
      expect(await ended(await run())).toEqual([
        ['Success', ''],
        ['Success', ''],
      ]);
      expect(await tags()).toEqual(['v2']);
    } finally {
      await worker.stop();
    }
  });
});
