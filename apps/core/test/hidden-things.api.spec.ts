import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { authorization } from './support/registry.ts';
import { type Actor, type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const ABSENT = 2_000_000_000;

describe('S55 numbers that are counted through tell nothing of what one may not see', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  const call = (actor: Actor, method: string, path: string, body?: unknown) =>
    callApi(core, actor.credentials, method, path, body);
  const idOf = async (project: string): Promise<number> =>
    (JSON.parse((await callApi(core, ADMIN, 'GET', `/projects/${project}`)).text) as { project_id: number }).project_id;
  /** Status and text, without the number that was asked for. */
  const told = async (actor: Actor, method: string, path: (id: number) => string, id: number, body?: object) => {
    const { status, text } = await call(actor, method, path(id), body);
    return `${status} ${text.replaceAll(String(id), '#')}`;
  };

  it('labels of another project, and the projects themselves, look as if they were not there', async () => {
    const projectId = await idOf(scene.foreignProject);
    const made = await callApi(core, ADMIN, 'POST', '/labels', { name: 'quiet', scope: 'p', project_id: projectId });
    const label = Number(made.headers.get('location')?.split('/').pop());
    expect((await call(scene.stranger, 'GET', `/labels/${label}`)).status).toBe(200);
    const one = (id: number) => `/labels/${id}`;
    const listed = (id: number) => `/labels?scope=p&project_id=${id}`;
    for (const actor of [scene.members.projectAdmin, scene.nobody, scene.pullRobot]) {
      for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { name: 'mine' }]] as const) {
        expect(await told(actor, method, one, label, body)).toBe(await told(actor, method, one, ABSENT, body));
      }
      const answer = await told(actor, 'GET', listed, projectId);
      expect(answer).toBe(await told(actor, 'GET', listed, ABSENT));
      expect(answer).not.toContain(scene.foreignProject);
    }
    expect((await call(scene.stranger, 'GET', `/labels/${label}`)).text).toContain('quiet');
  });

  it('runs of another project cannot be followed, and cannot be told from none', async () => {
    const projectId = await idOf(scene.foreignProject);
    const follow = async (actor: Actor, id: number) => {
      const left = new AbortController();
      const url = `${core.url}/api/v2.0/events?topics=execution:${id}`;
      const response = await fetch(url, { signal: left.signal, headers: authorization(actor.credentials) });
      const text = response.ok ? '' : (await response.text()).replaceAll(String(id), '#');
      left.abort();
      return `${response.status} ${text}`;
    };
    for (const vendor of ['RETENTION', 'REMOVAL', 'TRASH_PURGE', 'GARBAGE_COLLECTION']) {
      const [run] = await core.database.query<{ id: number }>(
        `insert into executions (vendor_type, vendor_id, status, trigger, created_by, project_id)
         values ($1, 1, 'Success', 'Manual', 'ada', $2) returning id`,
        [vendor, vendor === 'GARBAGE_COLLECTION' ? null : projectId],
      );
      const id = run?.id ?? 0;
      for (const actor of [scene.members.projectAdmin, scene.nobody, scene.anonymous]) {
        expect(await follow(actor, id), vendor).toBe(await follow(actor, ABSENT));
      }
      expect(await follow(scene.admin, id)).toBe('200 ');
      if (vendor !== 'GARBAGE_COLLECTION') expect(await follow(scene.stranger, id), vendor).toBe('200 ');
    }
  });
});

describe('what is shown with an artifact is bounded', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  it('at most 250 of its labels, the first by name', async () => {
    await core.database.query(
      `with made as (
         insert into labels (project_id, name, description, color)
         select p.id, 'l' || lpad(n::text, 4, '0'), '', '' from projects p, generate_series(1, 1000) n where p.name = $1 returning id, project_id
       )
       insert into artifact_labels (manifest_id, label_id, project_id)
       select m.id, made.id, m.project_id from made join manifests m on m.project_id = made.project_id`,
      [scene.privateProject],
    );
    const at = `/projects/${scene.privateProject}/repositories/app`;
    for (const path of [`${at}/artifacts?with_label=true`, `${at}/artifacts/v1?with_label=true`]) {
      const answer: unknown = JSON.parse((await callApi(core, ADMIN, 'GET', path)).text);
      const [artifact] = [answer].flat() as { labels: { name: string }[] }[];
      expect(artifact?.labels).toHaveLength(250);
      expect(artifact?.labels.at(-1)?.name).toBe('l0250');
    }
  });
});
