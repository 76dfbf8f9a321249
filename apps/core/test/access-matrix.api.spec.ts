import { type Endpoint, ENDPOINTS, PUBLIC_PROJECT_PERMISSIONS, type ProjectPermission } from '@moorage/contracts';
import { type JobIssuer, startJobIssuer } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyPrincipal, type PrincipalRow } from './support/principals.ts';
import { authorization } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';

/**
 * What must be answered before any room does something; `unanswered` is a refusal of whatever kind, since the room that
 * decides about an object looks at the body and for the object first. `ended`: 401, or 429 once it was tried too often.
 */
type Verdict = 'in' | 401 | 403 | 404 | 'unanswered' | 'ended';

const ABSENT = 'no-such-project';
/** Requests under way at once. */
const LANES = 16;

describe('S47 every endpoint for every kind of caller', () => {
  let core: TestCore;
  let scene: Scene;
  let issuer: JobIssuer;
  let principals: PrincipalRow[];

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    scene = await setScene(core);
    issuer = await startJobIssuer('RS256', () => core.clock.now());
    principals = await everyPrincipal(core, scene, issuer);
  });

  afterAll(async () => {
    await issuer.close();
    await core.stop();
  });

  it('S47 lets in exactly whom the descriptor and the role table name', async () => {
    const projects = [scene.privateProject, scene.foreignProject, scene.publicProject, ABSENT];
    const cells = ENDPOINTS.filter(isProbed).flatMap((endpoint) =>
      principals.flatMap((principal) =>
        (endpoint.access.kind === 'project' ? projects : ['-']).map((project) => ({ endpoint, principal, project })),
      ),
    );
    const unexplained: string[] = [];
    const lane = async (own: typeof cells) => {
      for (const { endpoint, principal, project } of own) {
        const expected = expectedVerdict(endpoint, principal, project, scene);
        const status = await probe(core, endpoint, principal, project);
        if (!agrees(expected, status)) {
          unexplained.push(`${principal.name}: ${endpoint.id} in ${project}: expected ${expected}, got ${status}`);
        }
      }
    };
    // The first cells one by one: they fill what remembers proven passwords, so that hashing stays a small part.
    await lane(cells.splice(0, principals.length));
    await Promise.all(
      Array.from({ length: LANES }, (_, index) => lane(cells.filter((_cell, at) => at % LANES === index))),
    );
    expect(unexplained).toEqual([]);
    expect(cells.length).toBeGreaterThan(3_000);
    expect(new Set(principals.map((principal) => principal.kind)).size).toBe(6);
  }, 300_000);
});

/**
 * Everything but what is reached before or without the guard's table (sign-in, tokens, live streams). What would change
 * the scene is probed with a body that cannot pass.
 */
function isProbed(endpoint: Endpoint): boolean {
  return (endpoint.base !== '' || endpoint.id === 'getMetrics') && endpoint.tag !== 'event';
}

function agrees(expected: Verdict, status: number): boolean {
  if (status >= 500) return false;
  if (expected === 'in') return status !== 401 && status !== 403;
  if (expected === 'unanswered') return status >= 400 && status !== 401;
  return expected === 'ended' ? status === 401 || status === 429 : status === expected;
}

function expectedVerdict(endpoint: Endpoint, principal: PrincipalRow, project: string, scene: Scene): Verdict {
  const { access } = endpoint;
  const { kind } = principal;
  // A wrong credential is refused everywhere, also where none is needed.
  if (kind === 'refused') return 'ended';
  if (access.kind === 'public') return 'in';
  if (kind === 'anonymous' && access.kind !== 'project') return 401;
  const isPerson = kind === 'user' || kind === 'token';
  if (endpoint.interactive && kind !== 'user' && kind !== 'anonymous') return 403;
  switch (access.kind) {
    case 'signed-in':
      if (kind === 'token' && OF_THE_USER_HIMSELF.includes(endpoint.id)) return 403;
      return !isPerson && OF_PEOPLE.includes(endpoint.id) ? 403 : 'in';
    case 'object':
      return principal.isAdmin || OF_EVERYONE_SIGNED_IN.includes(endpoint.id) ? 'in' : 'unanswered';
    case 'system':
    case 'self':
      return principal.isAdmin || principal.system?.includes(access.permission) ? 'in' : 403;
    case 'project':
      if (principal.isAdmin) return project === ABSENT ? 404 : 'in';
      if (holds(principal, project, access.permission, scene)) return 'in';
      return kind === 'anonymous' ? 401 : 403;
  }
}

/** A robot or a job is nobody's account: it has no profile, no first steps and no credentials of its own to see. */
const OF_PEOPLE: readonly string[] = [
  'getCurrentUserInfo',
  'getChecklist',
  'listRobotReminders',
  'listQuotaReminders',
  'getSecondFactors',
  'listPersonalTokens',
  'getPersonalToken',
  'deletePersonalToken',
];
/** Without a project named, the labels of all projects, which are everyone's. */
const OF_EVERYONE_SIGNED_IN: readonly string[] = ['listLabels'];
/** A token ends no other token. */
const OF_THE_USER_HIMSELF: readonly string[] = ['deletePersonalToken'];

function holds(principal: PrincipalRow, project: string, permission: ProjectPermission, scene: Scene): boolean {
  if (project === ABSENT) return false;
  if (principal.projects?.[project]?.has(permission)) return true;
  return !principal.isNarrowed && project === scene.publicProject && PUBLIC_PROJECT_PERMISSIONS.has(permission);
}

async function probe(core: TestCore, endpoint: Endpoint, principal: PrincipalRow, project: string): Promise<number> {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    name.startsWith('project_name') ? project : /(^|_)(id|mid)$/.test(name) ? '999999' : 'absent',
  );
  const changes = endpoint.method !== 'GET' && endpoint.method !== 'HEAD';
  const response = await fetch(core.url + (endpoint.base ?? '/api/v2.0') + path, {
    method: endpoint.method,
    redirect: 'manual',
    // The body names a key that no schema has, so that nobody who is let in changes anything.
    headers: { ...authorization(principal.credentials), ...(changes ? { 'content-type': 'application/json' } : {}) },
    ...(changes && endpoint.method !== 'DELETE' ? { body: '{"no_such_key":1}' } : {}),
  });
  await response.body?.cancel();
  return response.status;
}
