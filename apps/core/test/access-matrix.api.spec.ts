import {
  type Endpoint,
  ENDPOINTS,
  PUBLIC_PROJECT_PERMISSIONS,
  type ProjectPermission,
  type Role,
  ROLE_PERMISSIONS,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorization } from './support/registry.ts';
import { type Actor, type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';

/** What the guard must answer before any room sees the call. */
type Verdict = 'in' | 401 | 403 | 404;

describe('S47 every endpoint for every kind of caller', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });

  afterAll(() => core.stop());

  it('lets in exactly whom the descriptor and the role table name', async () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const endpoint of ENDPOINTS.filter(isProbed)) {
      for (const actor of actors(scene)) {
        for (const project of endpoint.access.kind === 'project'
          ? [scene.privateProject, scene.foreignProject, scene.publicProject, 'no-such-project']
          : ['-']) {
          cells++;
          const expected = expectedVerdict(endpoint, actor, project, scene);
          const status = await probe(core, endpoint, actor, project);
          const got: Verdict =
            status === 401 || status === 403 ? status : status === 404 && expected === 404 ? 404 : 'in';
          if (got !== expected)
            wrong.push(`${actor.name} ${endpoint.id} in ${project}: expected ${expected}, got ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(cells).toBeGreaterThan(1_000);
  }, 300_000);
});

/** Raw and self-deciding endpoints have tests of their own; what would change the scene is probed with a body that cannot pass. */
function isProbed(endpoint: Endpoint): boolean {
  return !endpoint.raw && endpoint.access.kind !== 'object' && endpoint.base !== '';
}

function actors(scene: Scene): Actor[] {
  return [
    scene.anonymous,
    scene.nobody,
    scene.stranger,
    scene.admin,
    scene.pullRobot,
    scene.pushRobot,
    ...Object.values(scene.members),
  ];
}

function expectedVerdict(endpoint: Endpoint, actor: Actor, project: string, scene: Scene): Verdict {
  const { access } = endpoint;
  const isAnonymous = actor === scene.anonymous;
  const isAdmin = actor === scene.admin;
  if (access.kind === 'public') return 'in';
  if (access.kind === 'signed-in')
    return isAnonymous ? 401 : isRobot(actor) && OF_PEOPLE.includes(endpoint.id) ? 403 : 'in';
  if (access.kind === 'system' || access.kind === 'self') return isAdmin ? 'in' : isAnonymous ? 401 : 403;
  if (access.kind === 'object') return 'in';
  if (isAdmin) return project === 'no-such-project' ? 404 : 'in';
  if (holds(actor, project, access.permission, scene)) return 'in';
  return isAnonymous ? 401 : 403;
}

/** A robot is nobody's account: it has no profile to read and no first steps to take. */
const OF_PEOPLE: readonly string[] = ['getCurrentUserInfo', 'getChecklist'];

function isRobot(actor: Actor): boolean {
  return actor.name.startsWith('robot$');
}

function holds(actor: Actor, project: string, permission: ProjectPermission, scene: Scene): boolean {
  if (project === 'no-such-project') return false;
  if (project === scene.publicProject && PUBLIC_PROJECT_PERMISSIONS.has(permission)) return true;
  if (project === scene.foreignProject)
    return actor === scene.stranger && ROLE_PERMISSIONS.projectAdmin.has(permission);
  if (project !== scene.privateProject) return false;
  if (actor === scene.pullRobot) return permission === 'repository:pull';
  if (actor === scene.pushRobot) return permission === 'repository:pull' || permission === 'repository:push';
  const role = (Object.keys(scene.members) as Role[]).find((candidate) => scene.members[candidate] === actor);
  return role !== undefined && ROLE_PERMISSIONS[role].has(permission);
}

async function probe(core: TestCore, endpoint: Endpoint, actor: Actor, project: string): Promise<number> {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    name.startsWith('project_name') ? project : /(^|_)(id|mid)$/.test(name) ? '999999' : 'absent',
  );
  const changes = endpoint.method !== 'GET' && endpoint.method !== 'HEAD';
  const response = await fetch(`${core.url}/api/v2.0${path}`, {
    method: endpoint.method,
    // The body names a key that no schema has, so that nobody who is let in changes anything.
    headers: { ...authorization(actor.credentials), ...(changes ? { 'content-type': 'application/json' } : {}) },
    ...(changes && endpoint.method !== 'DELETE' ? { body: '{"no_such_key":1}' } : {}),
  });
  await response.body?.cancel();
  return response.status;
}
