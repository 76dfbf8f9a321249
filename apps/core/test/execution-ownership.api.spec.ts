import { retentionProcessors } from '@moorage/features/retention';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callApi } from './support/api.ts';
import type { Credentials } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';
import { startTestWorker } from './support/worker.ts';

/** A retention policy, one run of it and one task of that. */
interface Run {
  readonly project: string;
  readonly policy: number;
  readonly execution: number;
  readonly task: number;
}

const tagged = { kind: 'doublestar', decoration: 'matches', pattern: '**', extras: '{"untagged":true}' };
const anywhere = { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] };

describe('S55 runs, tasks and logs belong to their project', () => {
  let core: TestCore;
  let scene: Scene;
  let worker: { stop(): Promise<void> };
  let own: Run;
  let foreign: Run;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    worker = await startTestWorker(
      core,
      retentionProcessors(core.database, () => Promise.resolve({ retention_confirm_share: 50, read_only: false })),
    );
    own = await runIn(scene.privateProject, scene.members.projectAdmin.credentials);
    foreign = await runIn(scene.foreignProject, scene.stranger.credentials);
  });
  afterAll(async () => {
    await worker.stop();
    await core.stop();
  });

  const asOwner = (method: string, path: string, body?: unknown) =>
    callApi(core, scene.members.projectAdmin.credentials, method, path, body);

  /** Makes a policy in a project, sees what it would do, and waits for that. */
  async function runIn(project: string, who: Credentials): Promise<Run> {
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await callApi(core, who, method, path, body);
      expect([200, 201], `${method} ${path}: ${answer.text}`).toContain(answer.status);
      return answer;
    };
    const idOf = async (path: string) => {
      const [first = { id: 0 }] = JSON.parse((await call('GET', path)).text) as { id: number }[];
      return first.id;
    };
    const { text } = await call('GET', `/projects/${project}`);
    const { project_id: ref } = JSON.parse(text) as { project_id: number };
    const rules = [
      {
        disabled: false,
        action: 'retain',
        template: 'latestPushedK',
        params: { latestPushedK: 1 },
        tag_selectors: [tagged],
        scope_selectors: anywhere,
      },
    ];
    const trigger = { kind: 'Schedule', references: {}, settings: { cron: '' } };
    const made = await call('POST', '/retentions', {
      algorithm: 'or',
      rules,
      trigger,
      scope: { level: 'project', ref },
    });
    const policy = Number(made.headers.get('location')?.split('/').pop());
    await call('POST', `/retentions/${policy}/executions`, { dry_run: true });
    const execution = await idOf(`/retentions/${policy}/executions`);
    const tasks = `/retentions/${policy}/executions/${execution}/tasks`;
    const task = await vi.waitFor(
      async () => {
        const id = await idOf(tasks);
        expect(id).toBeGreaterThan(0);
        return id;
      },
      { timeout: 90_000, interval: 100 },
    );
    return { project, policy, execution, task };
  }

  /** Every address that names a run, and what is sent there. */
  const addresses = ({ project, policy, execution, task }: Run): readonly (readonly [string, string, unknown?])[] => [
    ['GET', `/retentions/${policy}/executions/${execution}/tasks`],
    ['GET', `/retentions/${policy}/executions/${execution}/tasks/${task}`],
    ['PATCH', `/retentions/${policy}/executions/${execution}`, { action: 'stop' }],
    ['GET', `/projects/${project}/retention/runs/${execution}`],
    ['GET', `/projects/${project}/retention/runs/${execution}/tasks`],
    ['GET', `/projects/${project}/retention/runs/${execution}/tasks/${task}/log`],
    ['PATCH', `/projects/${project}/retention/runs/${execution}`, { action: 'stop' }],
  ];
  const rows = () =>
    core.database.query(
      `select md5(string_agg(e::text, ',' order by e.id)) as executions,
              (select md5(string_agg(t::text, ',' order by t.id)) from tasks t where t.execution_id = $1) as tasks
       from executions e where e.id = $1`,
      [foreign.execution],
    );

  it('control: their owner reads them', async () => {
    for (const [method, path] of addresses(own).filter(([verb]) => verb === 'GET')) {
      expect((await asOwner(method, path)).status, path).toBe(200);
    }
  });

  it('S55 those of another project look as if they were not there, by whatever parent they are asked for', async () => {
    const before = await rows();
    const absent = 2_000_000_000;
    for (const mixed of [
      { ...own, execution: foreign.execution, task: foreign.task },
      { ...own, execution: foreign.execution },
    ]) {
      const none = addresses({ ...mixed, execution: absent });
      for (const [index, [method, path, body]] of addresses(mixed).entries()) {
        const [, emptyPath = ''] = none[index] ?? [];
        const [answer, nothing] = [await asOwner(method, path, body), await asOwner(method, emptyPath, body)];
        expect(answer.status, path).toBe(404);
        expect(answer.text.replaceAll(String(foreign.execution), '#')).toBe(
          nothing.text.replaceAll(String(absent), '#'),
        );
      }
    }
    // Only the task is another's.
    for (const path of [
      `/retentions/${own.policy}/executions/${own.execution}/tasks/${foreign.task}`,
      `/projects/${own.project}/retention/runs/${own.execution}/tasks/${foreign.task}/log`,
    ]) {
      expect((await asOwner('GET', path)).status, path).toBe(404);
    }
    for (const [method, path, body] of addresses(foreign)) {
      expect([403, 404], path).toContain((await asOwner(method, path, body)).status);
    }
    expect(await rows()).toEqual(before);
  });

  it('S55 counting through the numbers finds nothing but what is one’s own', async () => {
    const found: string[] = [];
    for (let id = Math.max(1, foreign.execution - 100); id <= foreign.execution + 100; id++) {
      for (const path of [`/projects/${own.project}/retention/runs/${id}`, `/executions/${id}`]) {
        if ((await asOwner('GET', path)).status === 200) found.push(path);
      }
    }
    expect(found).toEqual([`/projects/${own.project}/retention/runs/${own.execution}`]);
  });

  it('S55 other spellings of a number, and paths in its place, lead nowhere', async () => {
    for (const id of [
      `${foreign.task}%20`,
      `0${foreign.task}`,
      `${foreign.task}.0`,
      `${foreign.task}e0`,
      `-${foreign.task}`,
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e',
      '99999999999999999999',
    ]) {
      for (const path of [
        `/projects/${own.project}/retention/runs/${own.execution}/tasks/${id}/log`,
        `/retentions/${own.policy}/executions/${own.execution}/tasks/${id}`,
      ]) {
        const { status } = await asOwner('GET', path);
        expect(status >= 400 && status < 500, `${path}: ${status}`).toBe(true);
      }
    }
  });
});
