import {
  createLabel,
  createProject,
  createRetention,
  deleteProjectRetention,
  deleteRetention,
  exportLifecyclePolicy,
  getExecution,
  getProject,
  getProjectRetention,
  getRetention,
  getRetentionMetadata,
  getRetentionRun,
  importLifecyclePolicy,
  listRepositoryTags,
  listRetentionExecutions,
  listRetentionRuns,
  listRetentionRunTasks,
  listRetentionTasks,
  operateRetentionExecution,
  operateRetentionRun,
  previewRetention,
  putProjectRetention,
  startRetentionRun,
  triggerRetentionExecution,
  updateRetention,
} from '@moorage/contracts';
import { retentionProcessors } from '@moorage/features/retention';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { pushImage } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';
import { startTestWorker } from './support/worker.ts';

let core: TestCore;
let scene: Scene;
let worker: { stop(): Promise<void> };
let project = '';
let projects = 0;
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
  worker = await startTestWorker(
    core,
    retentionProcessors(core.database, () => Promise.resolve({ retention_confirm_share: 50, read_only: false })),
  );
});
afterAll(async () => {
  await worker.stop();
  await core.stop();
});
beforeEach(async () => {
  project = `ret${++projects}`;
  await core.admin.call(createProject, { body: { project_name: project, metadata: { public: 'false' } } });
});

const params = () => ({ project_name_or_id: project });
const projectId = async (name = project) =>
  (await core.admin.call(getProject, { params: { project_name_or_id: name } })).data.project_id;
const idIn = (headers: Headers) => Number(headers.get('location')?.split('/').pop());
const push = (repository: string, tag: string) =>
  pushImage(core, ADMIN, `${project}/${repository}`, tag, `${project} ${repository} ${tag}`);

/** A policy as Harbor's portal sends it. */
function harborPolicy(ref: number, pattern = '**', cron = '') {
  return {
    algorithm: 'or' as const,
    rules: [
      {
        disabled: false,
        action: 'retain' as const,
        template: 'latestPushedK' as const,
        params: { latestPushedK: 1 },
        tag_selectors: [
          { kind: 'doublestar' as const, decoration: 'matches' as const, pattern, extras: '{"untagged":true}' },
        ],
        scope_selectors: {
          repository: [{ kind: 'doublestar' as const, decoration: 'repoMatches' as const, pattern: '**' }],
        },
      },
    ],
    trigger: { kind: 'Schedule' as const, references: {}, settings: { cron } },
    scope: { level: 'project' as const, ref },
  };
}

/** The run once it has ended or waits. */
async function settled(runId: number) {
  for (let attempt = 0; attempt < 900; attempt++) {
    const { data } = await core.admin.call(getRetentionRun, { params: { ...params(), run_id: runId } });
    if (!['Pending', 'Running'].includes(data.status)) return data;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`run ${runId} does not end`);
}

async function tagsOf(repository: string): Promise<string[]> {
  const { data } = await core.admin.call(listRepositoryTags, {
    params: { project_name: project, repository_name: repository },
  });
  return data.map(({ name }) => name).sort();
}

describe("retention on Harbor's wire", () => {
  it('offers the templates and selectors of Harbor', async () => {
    const { data } = await scene.members.guest.client.call(getRetentionMetadata, {});
    expect(data.templates.map(({ rule_template }) => rule_template)).toEqual([
      'latestPushedK',
      'latestPulledN',
      'nDaysSinceLastPush',
      'nDaysSinceLastPull',
      'always',
    ]);
    expect(data.tag_selectors).toEqual([
      { display_text: 'Tags', kind: 'doublestar', decorations: ['matches', 'excludes'] },
    ]);
  });

  it('makes, shows, changes and deletes the policy of a project, whose metadata names it', async () => {
    const ref = await projectId();
    const made = await core.admin.call(createRetention, { body: harborPolicy(ref, 'v*', '0 0 2 * * *') });
    const id = idIn(made.headers);
    expect(made.headers.get('location')).toBe(`/api/v2.0/retentions/${id}`);
    expect((await core.admin.call(getProject, { params: params() })).data.metadata.retention_id).toBe(String(id));
    const { data: shown } = await core.admin.call(getRetention, { params: { id } });
    expect(shown).toMatchObject({
      id,
      algorithm: 'or',
      scope: { level: 'project', ref },
      trigger: { kind: 'Schedule', settings: { cron: '0 0 2 * * *' } },
      rules: [{ id: 1, action: 'retain', ...harborPolicy(ref, 'v*').rules[0] }],
    });
    await expect(core.admin.call(createRetention, { body: harborPolicy(ref) })).rejects.toMatchObject({ status: 409 });
    const schedules = () =>
      core.database.query(`select cron from schedules where vendor_type = 'RETENTION' and vendor_id = $1`, [id]);
    expect(await schedules()).toEqual([{ cron: '0 0 2 * * *' }]);
    const changed = { ...harborPolicy(ref, 'rel-*'), id };
    await core.admin.call(updateRetention, { params: { id }, body: changed });
    expect((await core.admin.call(getRetention, { params: { id } })).data.rules[0]?.tag_selectors[0]?.pattern).toBe(
      'rel-*',
    );
    expect(await schedules()).toEqual([]);
    await core.admin.call(deleteRetention, { params: { id } });
    expect((await core.admin.call(getProject, { params: params() })).data.metadata.retention_id).toBeUndefined();
    await expect(core.admin.call(getRetention, { params: { id } })).rejects.toMatchObject({ status: 404 });
  });

  it('refuses what cannot be: twins, foreign projects, broken cron, sixteen rules', async () => {
    const ref = await projectId();
    const policy = harborPolicy(ref);
    const refused = (body: object, status: number) =>
      expect(callApi(core, ADMIN, 'POST', '/retentions', body)).resolves.toMatchObject({ status });
    await refused({ ...policy, rules: [...policy.rules, ...policy.rules] }, 409);
    await refused({ ...policy, scope: { level: 'project', ref: 999_999 } }, 404);
    await refused({ ...policy, trigger: { kind: 'Schedule', settings: { cron: '* * *' } } }, 400);
    const many = Array.from({ length: 16 }, (_, index) => ({ ...policy.rules[0], params: { latestPushedK: index } }));
    await refused({ ...policy, rules: many }, 422);
    await refused({ ...policy, rules: [{ ...policy.rules[0], tag_selectors: [{ pattern: '{v' }] }] }, 400);
    await refused({ ...policy, algorithm: 'and' }, 422);
  });

  it('runs dry and in earnest with executions, tasks and a log', async () => {
    for (const tag of ['v1', 'v2', 'v3']) await push('app', tag);
    await push('tool', 'one');
    const { headers } = await core.admin.call(createRetention, { body: harborPolicy(await projectId()) });
    const id = idIn(headers);
    await core.admin.call(putProjectRetention, {
      params: params(),
      body: { ...(await core.admin.call(getProjectRetention, { params: params() })).data, confirm_share: 100 },
    });
    for (const dryRun of [true, false]) {
      const started = await core.admin.call(triggerRetentionExecution, { params: { id }, body: { dry_run: dryRun } });
      const eid = idIn(started.headers);
      expect((await settled(eid)).status).toBe('Success');
      const { data: runs } = await core.admin.call(listRetentionExecutions, { params: { id } });
      expect(runs[0]).toMatchObject({ id: eid, policy_id: id, status: 'Success', trigger: 'Manual', dry_run: dryRun });
      const { data: tasks } = await core.admin.call(listRetentionTasks, { params: { id, eid } });
      expect(tasks.map(({ repository, total, retained }) => [repository, total, retained]).sort()).toEqual([
        ['app', 3, 1],
        ['tool', 1, 1],
      ]);
      const tid = tasks.find(({ repository }) => repository === 'app')?.id;
      const log = await callApi(core, ADMIN, 'GET', `/retentions/${id}/executions/${eid}/tasks/${tid}`);
      expect(log.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(log.text).toMatch(new RegExp(`DELETE ${project}/app:v1 sha256:\\S+ No rule retains it`));
      expect(log.text).toMatch(new RegExp(`RETAIN ${project}/app:v3 sha256:\\S+ Rule 1 keeps it`));
      expect(await tagsOf('app')).toEqual(dryRun ? ['v1', 'v2', 'v3'] : ['v3']);
    }
    expect(await tagsOf('tool')).toEqual(['one']);
    const audit = await core.database.query<{ username: string; resource: string }>(
      `select distinct payload -> 'audit' ->> 'username' as username, payload -> 'audit' ->> 'resource' as resource
       from outbox_events where name = 'artifact.deleted' and payload -> 'audit' ->> 'description' like 'deleted by retention run%'`,
    );
    expect(audit.map(({ username }) => username)).toEqual(['admin', 'admin']);
  });
});

describe('the policy of a project with every kind of rule', () => {
  it('is changed in both shapes without losing what one of them cannot show', async () => {
    const ref = await projectId();
    const { data } = await core.admin.call(putProjectRetention, {
      params: params(),
      body: {
        unit: 'tag',
        cron: '0 30 3 * * 1',
        confirm_share: 20,
        rules: [
          {
            action: 'delete',
            name: 'old reviews',
            select: { tags: [{ kind: 'regex', pattern: '^pr-[0-9]+$' }], pushed_before_days: 14 },
          },
          { action: 'retain', newest: { count: 10 } },
        ],
      },
    });
    expect(data).toMatchObject({ unit: 'tag', confirm_share: 20, harbor_rules: 1, rules: [{ id: 1 }, { id: 2 }] });
    expect(data.next_run_time).toBeDefined();
    const { data: harbor } = await core.admin.call(getRetention, { params: { id: data.id } });
    expect(harbor.rules.map(({ id, template, params: given }) => [id, template, given])).toEqual([
      [2, 'latestPushedK', { latestPushedK: 10 }],
    ]);
    await core.admin.call(updateRetention, { params: { id: data.id }, body: harborPolicy(ref, 'v*') });
    const { data: after } = await core.admin.call(getProjectRetention, { params: params() });
    expect(after).toMatchObject({ unit: 'tag', confirm_share: 20, cron: '' });
    expect(after.rules.map(({ action, name }) => [action, name])).toEqual([
      ['retain', ''],
      ['delete', 'old reviews'],
    ]);
    await core.admin.call(deleteProjectRetention, { params: params() });
    await expect(core.admin.call(getProjectRetention, { params: params() })).rejects.toMatchObject({ status: 404 });
  });

  it('is previewed before it is saved, and a run over its share waits to be confirmed or dropped', async () => {
    for (const tag of ['v1', 'v2', 'v3']) await push('app', tag);
    const rules = [{ action: 'delete' as const, newest: { count: 1 } }];
    const { data } = await core.admin.call(previewRetention, {
      params: params(),
      body: { rules },
      query: { page_size: 2 },
    });
    expect(data).toMatchObject({
      total: 3,
      needs_confirmation: true,
      totals: { repositories: 1, tags: 3, artifacts: 3, tags_deleted: 2, artifacts_deleted: 2 },
      rows: [
        { repository_name: `${project}/app`, tag: 'v3', decision: 'keep', reason: 'not-covered' },
        { tag: 'v2', decision: 'delete', reason: 'rule', rule_id: 1, artifact_deleted: true },
      ],
    });
    const { data: second } = await core.admin.call(previewRetention, {
      params: params(),
      body: { rules },
      query: { page_size: 2, page: 2, as_of: data.as_of, decision: 'delete' },
    });
    expect(second).toMatchObject({ total: 2, rows: [] });
    await core.admin.call(putProjectRetention, { params: params(), body: { rules } });
    const start = async () => idIn((await core.admin.call(startRetentionRun, { params: params(), body: {} })).headers);
    const operate = (run_id: number, action: 'stop' | 'confirm' | 'drop') =>
      core.admin.call(operateRetentionRun, { params: { ...params(), run_id }, body: { action } });
    const dropped = await start();
    expect(await settled(dropped)).toMatchObject({
      status: 'Waiting',
      share: 66.67,
      totals: { tags_deleted: 2 },
      status_message: expect.stringContaining('2 of 3') as string,
    });
    await expect(start()).rejects.toMatchObject({ status: 409 });
    await operate(dropped, 'drop');
    expect((await settled(dropped)).status).toBe('Stopped');
    await expect(operate(dropped, 'confirm')).rejects.toMatchObject({ status: 412 });
    expect(await tagsOf('app')).toEqual(['v1', 'v2', 'v3']);
    const confirmed = await start();
    expect((await settled(confirmed)).status).toBe('Waiting');
    await operate(confirmed, 'confirm');
    expect(await settled(confirmed)).toMatchObject({
      status: 'Success',
      confirmed_by: 'admin',
      removed: { tags: 2, artifacts: 2 },
    });
    expect(await tagsOf('app')).toEqual(['v3']);
    const { data: runs } = await core.admin.call(listRetentionRuns, { params: params() });
    expect(runs.map(({ id }) => id)).toEqual([confirmed, dropped]);
    const { data: tasks } = await core.admin.call(listRetentionRunTasks, {
      params: { ...params(), run_id: confirmed },
    });
    const log = await callApi(
      core,
      ADMIN,
      'GET',
      `/projects/${project}/retention/runs/${confirmed}/tasks/${tasks[0]?.id}/log`,
    );
    expect(log.text).toContain('DELETE');
  });

  it('ends a run that waits with its policy, as nobody could find it any more', async () => {
    for (const tag of ['v1', 'v2']) await push('app', tag);
    await core.admin.call(putProjectRetention, { params: params(), body: { rules: [{ action: 'delete' }] } });
    const waiting = idIn((await core.admin.call(startRetentionRun, { params: params(), body: {} })).headers);
    expect((await settled(waiting)).status).toBe('Waiting');
    await core.admin.call(deleteProjectRetention, { params: params() });
    const { data } = await core.admin.call(getExecution, { params: { execution_id: waiting } });
    expect(data.status).toBe('Stopped');
    expect(await tagsOf('app')).toEqual(['v1', 'v2']);
  });

  it('reads and writes lifecycle policies of Amazon ECR', async () => {
    const document = {
      rules: [
        {
          rulePriority: 1,
          description: 'reviews',
          selection: {
            tagStatus: 'tagged',
            tagPrefixList: ['pr-'],
            countType: 'sinceImagePushed',
            countUnit: 'days',
            countNumber: 14,
          },
          action: { type: 'expire' },
        },
        {
          rulePriority: 2,
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 },
          action: { type: 'expire' },
        },
      ],
    };
    const { data } = await core.admin.call(importLifecyclePolicy, { params: params(), body: document });
    expect(data.notes).toEqual([]);
    await core.admin.call(putProjectRetention, { params: params(), body: { rules: data.rules } });
    const { data: exported } = await core.admin.call(exportLifecyclePolicy, { params: params() });
    expect(exported).toEqual({ lifecycle_policy: document, notes: [] });
    const printed = {
      registryId: '012345678901',
      repositoryName: 'app',
      lifecyclePolicyText: JSON.stringify(document),
      lastEvaluatedAt: 1_763_715_600.5,
    };
    const { data: unwrapped } = await core.admin.call(importLifecyclePolicy, { params: params(), body: printed });
    expect(unwrapped).toEqual({ rules: data.rules, notes: [expect.objectContaining({ path: 'repositoryName' })] });
    const broken = await callApi(core, ADMIN, 'POST', `/projects/${project}/retention/lifecycle-policy/import`, {
      rules: [{ ...document.rules[0], rulePriority: 0 }],
    });
    expect(broken.status).toBe(400);
    expect(broken.text).toContain('rules[0].rulePriority');
  });

  it('S83 answers hostile patterns at once, and refuses what is no pattern', async () => {
    const evil = ['(a+)+$', '(a|a)*$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y', '((a*)*)*b'];
    const globs = ['*a*a*a*a*a*a*a*a*a*a*b', '{a,{a,{a,{a,a}}}}*', '[a-z]*[a-z]*[a-z]*[a-z]*x'];
    await push('app', `${'a'.repeat(127)}!`.slice(0, 127));
    for (const [kind, pattern] of [
      ...evil.map((text) => ['regex', text] as const),
      ...globs.map((text) => ['glob', text] as const),
    ]) {
      const { data } = await core.admin.call(previewRetention, {
        params: params(),
        body: { rules: [{ action: 'delete', select: { tags: [{ kind, pattern }] } }] },
      });
      expect(data.total, pattern).toBe(1);
    }
    for (const pattern of ['(', '[z-a]', '(?=a)', '\\1', 'a'.repeat(257)]) {
      const answer = await callApi(core, ADMIN, 'POST', `/projects/${project}/retention/preview`, {
        rules: [{ action: 'delete', select: { tags: [{ kind: 'regex', pattern }] } }],
      });
      expect([400, 422], pattern).toContain(answer.status);
    }
  });

  it('S84 is not previewed with a label that is not there, as it would not run', async () => {
    const rule = { action: 'delete', select: { labels: [{ label_id: 2_147_483_647, excludes: true }] } };
    const preview = (rules: readonly object[]) =>
      callApi(core, ADMIN, 'POST', `/projects/${project}/retention/preview`, { rules });
    expect((await preview([rule])).status).toBe(400);
    expect((await preview([{ ...rule, disabled: true }])).status).toBe(200);
  });
});

describe('who may do what with retention', () => {
  const own = { rules: [{ action: 'keep' as const }] };
  const inPrivate = () => ({ project_name_or_id: scene.privateProject });

  it('S48 a policy, its runs and their logs are reached through their own project only', async () => {
    const { data: theirs } = await core.admin.call(putProjectRetention, {
      params: { project_name_or_id: scene.foreignProject },
      body: own,
    });
    const { data: mine } = await core.admin.call(putProjectRetention, { params: inPrivate(), body: own });
    const started = await core.admin.call(triggerRetentionExecution, {
      params: { id: theirs.id },
      body: { dry_run: true },
    });
    const eid = idIn(started.headers);
    const rows = () => core.database.query('select to_jsonb(p) as row from retention_policies p order by id');
    const before = await rows();
    const owner = scene.members.projectAdmin;
    const body = harborPolicy(await projectId(scene.foreignProject));
    for (const [method, rest, sent] of [
      ['GET', ''],
      ['PUT', '', body],
      ['DELETE', ''],
      ['POST', '/executions', { dry_run: true }],
      ['GET', '/executions'],
      ['PATCH', `/executions/${eid}`, { action: 'stop' }],
      ['GET', `/executions/${eid}/tasks`],
      ['GET', `/executions/${eid}/tasks/1`],
    ] as [string, string, object?][]) {
      const foreign = await callApi(core, owner.credentials, method, `/retentions/${theirs.id}${rest}`, sent);
      const absent = await callApi(core, owner.credentials, method, `/retentions/999999${rest}`, sent);
      expect(foreign.status, `${method} ${rest}`).toBe(403);
      expect(foreign.text.replaceAll(String(theirs.id), '')).toBe(absent.text.replaceAll('999999', ''));
    }
    expect((await callApi(core, owner.credentials, 'POST', '/retentions', body)).status).toBe(403);
    // The right policy with a run of another one.
    for (const [method, path, sent] of [
      ['GET', `/retentions/${mine.id}/executions/${eid}/tasks`],
      ['PATCH', `/retentions/${mine.id}/executions/${eid}`, { action: 'stop' }],
      ['GET', `/retentions/${mine.id}/executions/${eid}/tasks/1`],
      ['GET', `/projects/${scene.privateProject}/retention/runs/${eid}`],
      ['PATCH', `/projects/${scene.privateProject}/retention/runs/${eid}`, { action: 'confirm' }],
      ['GET', `/projects/${scene.privateProject}/retention/runs/${eid}/tasks/1/log`],
    ] as [string, string, object?][]) {
      expect((await callApi(core, owner.credentials, method, path, sent)).status, path).toBe(404);
    }
    expect(await rows()).toEqual(before);
    // The control: its own people reach it.
    expect((await scene.stranger.client.call(getRetention, { params: { id: theirs.id } })).data.id).toBe(theirs.id);
  });

  it('S48 a rule cannot speak of labels of another project', async () => {
    const { headers } = await core.admin.call(createLabel, {
      body: { name: 'theirs', scope: 'p', project_id: await projectId(scene.foreignProject) },
    });
    const answer = await callApi(core, ADMIN, 'PUT', `/projects/${scene.privateProject}/retention`, {
      rules: [{ action: 'keep', select: { labels: [{ label_id: idIn(headers) }] } }],
    });
    expect(answer.status).toBe(400);
  });

  it('lets developers work with it, guests see nothing of it, and robots never start a run', async () => {
    const { data } = await scene.members.developer.client.call(putProjectRetention, { params: inPrivate(), body: own });
    await scene.members.developer.client.call(operateRetentionExecution, {
      params: {
        id: data.id,
        eid: idIn(
          (
            await scene.members.developer.client.call(startRetentionRun, {
              params: inPrivate(),
              body: { dry_run: true },
            })
          ).headers,
        ),
      },
      body: { action: 'stop' },
    });
    for (const actor of [scene.members.guest, scene.members.limitedGuest, scene.nobody, scene.pushRobot]) {
      expect((await callApi(core, actor.credentials, 'GET', `/retentions/${data.id}`)).status, actor.name).toBe(403);
      const run = await callApi(
        core,
        actor.credentials,
        'POST',
        `/projects/${scene.privateProject}/retention/runs`,
        {},
      );
      expect(run.status, actor.name).toBe(403);
    }
    expect((await callApi(core, undefined, 'GET', `/retentions/${data.id}`)).status).toBe(401);
  });
});
