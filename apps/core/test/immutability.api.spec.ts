import { createHash } from 'node:crypto';
import {
  createArtifactHold,
  createImmutableRule,
  createTag,
  deleteArtifact,
  deleteArtifactHold,
  deleteImmutableRule,
  deleteRepository,
  deleteTag,
  listArtifactHolds,
  listArtifacts,
  listImmutableRules,
  listRepositoryTags,
  previewImmutableRule,
  updateImmutableRule,
} from '@moorage/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pushImage } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

let core: TestCore;
let scene: Scene;
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: { status: number }) => error.status,
  );
const inProject = () => ({ project_name_or_id: scene.privateProject });
const inRepository = (repository: string) => ({ project_name: scene.privateProject, repository_name: repository });
const artifact = (repository: string, reference: string) => ({ ...inRepository(repository), reference });
const refused = { status: 412 };

function rule(tag: string, repository = '**') {
  return {
    tag_selectors: [{ kind: 'doublestar' as const, decoration: 'matches' as const, pattern: tag }],
    scope_selectors: {
      repository: [{ kind: 'doublestar' as const, decoration: 'repoMatches' as const, pattern: repository }],
    },
  };
}

const push = (repository: string, tag: string, content: string) =>
  pushImage(core, ADMIN, `${scene.privateProject}/${repository}`, tag, content);

/** Puts an empty image under a reference, as a client would; the content makes its digest. */
async function put(repository: string, reference: string, content: string): Promise<Response> {
  const authorization = basic(ADMIN.name, ADMIN.password);
  const base = `${core.url}/v2/${scene.privateProject}/${repository}`;
  const config = Buffer.from('{}');
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  const upload = await fetch(`${base}/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    body: config,
    headers: { authorization, 'content-type': 'application/octet-stream' },
  });
  expect(upload.status).toBe(201);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return fetch(`${base}/manifests/${reference}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': mediaType },
    body: JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: config.length },
      layers: [],
      annotations: { content },
    }),
  });
}

const remove = (repository: string, reference: string) =>
  fetch(`${core.url}/v2/${scene.privateProject}/${repository}/manifests/${reference}`, {
    method: 'DELETE',
    headers: { authorization: basic(ADMIN.name, ADMIN.password) },
  });

async function tagsOf(repository: string) {
  const { data } = await core.admin.call(listRepositoryTags, { params: inRepository(repository) });
  return Object.fromEntries(data.map((tag) => [tag.name, tag]));
}

beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
});
afterAll(() => core.stop());
afterEach(async () => {
  const { data } = await core.admin.call(listImmutableRules, { params: inProject() });
  for (const { id } of data) {
    await core.admin.call(deleteImmutableRule, { params: { ...inProject(), immutable_rule_id: id } });
  }
});

describe('rules', () => {
  it('are made, listed, changed and deleted by those who may, as Harbor writes them', async () => {
    const { maintainer, developer } = scene.members;
    const body = { ...rule('v*'), action: 'immutable' as const, template: 'immutable_template' as const, params: {} };
    expect(await statusOf(developer.client.call(createImmutableRule, { params: inProject(), body }))).toBe(403);
    const { location } = await maintainer.client.call(createImmutableRule, { params: inProject(), body });
    const id = Number(location?.split('/').at(-1));
    const params = { ...inProject(), immutable_rule_id: id };
    expect(await statusOf(maintainer.client.call(createImmutableRule, { params: inProject(), body }))).toBe(409);
    const listed = await maintainer.client.call(listImmutableRules, { params: inProject() });
    expect(listed.data).toEqual([
      {
        id,
        priority: 0,
        disabled: false,
        action: 'immutable',
        template: 'immutable_template',
        params: {},
        tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v*' }],
        scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
      },
    ]);
    await maintainer.client.call(updateImmutableRule, { params, body: { ...rule('r*'), disabled: true } });
    const changed = await maintainer.client.call(listImmutableRules, {
      params: inProject(),
      query: { q: 'disabled=true' },
    });
    expect(changed.data).toMatchObject([{ id, disabled: true, tag_selectors: [{ pattern: 'r*' }] }]);
    // As Harbor's clients switch a rule on and off.
    await maintainer.client.call(updateImmutableRule, { params, body: { disabled: false } });
    const again = await maintainer.client.call(listImmutableRules, { params: inProject() });
    expect(again.data.find((shown) => shown.id === id)).toMatchObject({
      disabled: false,
      tag_selectors: [{ pattern: 'r*' }],
    });
    const half = { tag_selectors: rule('x').tag_selectors };
    expect(await statusOf(maintainer.client.call(updateImmutableRule, { params, body: half }))).toBe(422);
    const foreign = { project_name_or_id: scene.foreignProject, immutable_rule_id: id };
    expect(await statusOf(core.admin.call(deleteImmutableRule, { params: foreign }))).toBe(404);
    await maintainer.client.call(deleteImmutableRule, { params });
    expect(await statusOf(maintainer.client.call(deleteImmutableRule, { params }))).toBe(404);
  });

  it.each(['[a', '{a,b', 'a'.repeat(257), ''])('S83 refuse the pattern %j', async (pattern) => {
    const status = await statusOf(core.admin.call(createImmutableRule, { params: inProject(), body: rule(pattern) }));
    expect([400, 422]).toContain(status);
  });

  it('S82 show beforehand exactly the tags they will cover', async () => {
    for (const tag of ['v1', 'v1-rc1', 'latest']) await push('shown/a', tag, `a ${tag}`);
    await push('shown/b', 'v1', 'b');
    const body = {
      tag_selectors: [
        { decoration: 'matches' as const, pattern: 'v*' },
        { decoration: 'excludes' as const, pattern: '*-rc*' },
      ],
      scope_selectors: { repository: [{ decoration: 'repoMatches' as const, pattern: 'shown/{a,c}' }] },
    };
    const { data, total } = await core.admin.call(previewImmutableRule, { params: inProject(), body });
    expect(data.map((row) => [row.repository_name, row.tag])).toEqual([[`${scene.privateProject}/shown/a`, 'v1']]);
    expect(total).toBe(1);
    await core.admin.call(createImmutableRule, { params: inProject(), body });
    const immutable = async (repository: string) =>
      Object.values(await tagsOf(repository)).flatMap((tag) => (tag.immutable ? [tag.name] : []));
    expect(await immutable('shown/a')).toEqual(['v1']);
    expect(await immutable('shown/b')).toEqual([]);
    const shown = await core.admin.call(listArtifacts, {
      params: inRepository('shown/a'),
      query: { with_immutable_status: true, q: 'tags=v1' },
    });
    expect(shown.data[0]?.tags).toMatchObject([{ name: 'v1', immutable: true }]);
  });
});

describe('an immutable tag', () => {
  it('S80 neither moves nor goes by any path, and says so in the audit log', async () => {
    await push('app', 'keep', 'first');
    await push('app', 'free', 'second');
    await core.admin.call(createImmutableRule, { params: inProject(), body: rule('keep') });
    const { keep, free } = await tagsOf('app');
    const kept = keep?.digest ?? '';
    const attempts: [string, Promise<number>][] = [
      ['push', put('app', 'keep', 'other').then((answer) => answer.status)],
      ['delete by tag', remove('app', 'keep').then((answer) => answer.status)],
      ['delete by digest', remove('app', kept).then((answer) => answer.status)],
      ['API tag', statusOf(core.admin.call(deleteTag, { params: { ...artifact('app', 'keep'), tag_name: 'keep' } }))],
      ['API artifact', statusOf(core.admin.call(deleteArtifact, { params: artifact('app', kept) }))],
      ['API repository', statusOf(core.admin.call(deleteRepository, { params: inRepository('app') }))],
      ['API retag', statusOf(core.admin.call(createTag, { params: artifact('app', 'free'), body: { name: 'keep' } }))],
    ];
    const answers = Object.fromEntries(await Promise.all(attempts.map(async ([name, work]) => [name, await work])));
    expect(answers).toEqual({
      push: 403,
      'delete by tag': 403,
      'delete by digest': 403,
      'API tag': 412,
      'API artifact': 412,
      'API repository': 412,
      'API retag': 409,
    });
    expect((await tagsOf('app')).keep?.digest).toBe(kept);
    // What is not covered goes on as ever, the same digest again included.
    expect((await put('app', 'free', 'moved')).status).toBe(201);
    expect(await push('app', 'keep', 'first')).toBeDefined();
    expect((await tagsOf('app')).free?.digest).not.toBe(free?.digest);
    const audited = () =>
      core.database.query<{ rows: number }>(
        `select count(*)::int as rows from outbox_events
         where name = 'request.refused' and payload -> 'audit' ->> 'description' like '%keep is immutable%'`,
      );
    await expect.poll(audited).toEqual([{ rows: 6 }]);
  });

  it('answers a refused push with what to do', async () => {
    await push('told', 'v1', 'first');
    await core.admin.call(createImmutableRule, { params: inProject(), body: rule('v*', 'told') });
    const answer = await put('told', 'v1', 'other');
    const { errors } = (await answer.json()) as { errors: { code: string; message: string }[] };
    expect(errors[0]).toMatchObject({ code: 'DENIED', message: expect.stringContaining('v1 is immutable') as string });
  });
});

describe('a held artifact', () => {
  it('stays with its tags until the hold is released', async () => {
    await push('held', 'v1', 'evidence');
    const { v1 } = await tagsOf('held');
    const params = artifact('held', v1?.digest ?? '');
    const { developer, maintainer, projectAdmin } = scene.members;
    const body = { kind: 'legal-hold' as const, reason: 'case 7' };
    expect(await statusOf(developer.client.call(createArtifactHold, { params, body }))).toBe(403);
    const { location } = await maintainer.client.call(createArtifactHold, { params, body });
    const hold = { ...params, hold_id: Number(location?.split('/').at(-1)) };
    const { data } = await developer.client.call(listArtifactHolds, { params });
    expect(data).toMatchObject([{ kind: 'legal-hold', reason: 'case 7', active: true, created_by: maintainer.name }]);
    await expect(core.admin.call(deleteArtifact, { params })).rejects.toMatchObject(refused);
    await expect(core.admin.call(deleteRepository, { params: inRepository('held') })).rejects.toMatchObject(refused);
    expect((await put('held', 'v1', 'other')).status).toBe(403);
    expect(await statusOf(maintainer.client.call(deleteArtifactHold, { params: hold }))).toBe(403);
    await projectAdmin.client.call(deleteArtifactHold, { params: hold });
    await core.admin.call(deleteArtifact, { params });
  });

  it('is locked until its time has come, for everyone', async () => {
    await push('locked', 'v1', 'release');
    const params = artifact('locked', 'v1');
    const lock = (until?: string) =>
      core.admin.call(createArtifactHold, {
        params,
        body: { kind: 'lock', reason: 'release', ...(until === undefined ? {} : { until }) },
      });
    expect(await statusOf(lock())).toBe(400);
    expect(await statusOf(lock('2020-01-01T00:00:00Z'))).toBe(400);
    const until = new Date(Date.now() + 3_600_000);
    const { location } = await lock(until.toISOString());
    const hold = { ...params, hold_id: Number(location?.split('/').at(-1)) };
    await expect(core.admin.call(deleteArtifactHold, { params: hold })).rejects.toMatchObject(refused);
    await expect(core.admin.call(deleteArtifact, { params })).rejects.toMatchObject(refused);
    await core.database.query("update artifact_holds set held_until = now() where kind = 'lock' and held_until = $1", [
      until,
    ]);
    await core.admin.call(deleteArtifact, { params });
  });
});
