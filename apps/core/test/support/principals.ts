import {
  addUserGroupMember,
  createPersonalToken,
  createProjectMember,
  createRobot,
  createSystemFederationRule,
  createUserGroup,
  GROUP_TYPES,
  type ProjectPermission,
  type Role,
  ROLE_IDS,
  ROLE_PERMISSIONS,
  type SystemPermission,
} from '@moorage/contracts';
import { GITHUB_CLAIMS, type JobIssuer } from '@moorage/testing';
import type { Credentials } from './registry.ts';
import type { Scene } from './scene.ts';
import { type TestCore, USER_PASSWORD } from './test-core.ts';

/** Somebody who calls, and what the policy says of him: the table the matrix is compared with. */
export interface PrincipalRow {
  readonly name: string;
  readonly credentials: Credentials;
  /** `refused`: his credential holds no more, or not yet. */
  readonly kind: 'anonymous' | 'user' | 'token' | 'robot' | 'job' | 'refused';
  /** Everything is his: nothing further is asked. */
  readonly isAdmin?: true;
  readonly system?: readonly SystemPermission[];
  /** By project; what a public project gives to everyone comes on top, unless the credential is narrowed. */
  readonly projects?: Readonly<Record<string, ReadonlySet<string>>>;
  /** A narrowed credential: not even what is public, beyond what it names. */
  readonly isNarrowed?: true;
}

const PULL: readonly Grant[] = [{ resource: 'repository', action: 'pull' }];

interface Grant {
  readonly resource: string;
  readonly action: string;
}

/** Adds every kind of principal to the scene: users of each role by themselves and by group, robots, tokens, a job, ended ones. */
export async function everyPrincipal(core: TestCore, scene: Scene, issuer: JobIssuer): Promise<PrincipalRow[]> {
  const { privateProject, foreignProject } = scene;
  const roles = Object.keys(ROLE_IDS) as Role[];
  const own = (role: Role) => ({ [privateProject]: ROLE_PERMISSIONS[role] });
  return [
    { name: 'anonymous', credentials: undefined, kind: 'anonymous' },
    { name: 'nobody', credentials: scene.nobody.credentials, kind: 'user' },
    {
      name: 'admin of the other project',
      credentials: scene.stranger.credentials,
      kind: 'user',
      projects: { [foreignProject]: ROLE_PERMISSIONS.projectAdmin },
    },
    ...roles.map(
      (role): PrincipalRow => ({
        name: `${role} by himself`,
        credentials: scene.members[role].credentials,
        kind: 'user',
        projects: own(role),
      }),
    ),
    ...(await Promise.all(
      roles.map(
        async (role): Promise<PrincipalRow> => ({
          name: `${role} by group`,
          credentials: await memberByGroup(core, privateProject, role),
          kind: 'user',
          projects: own(role),
        }),
      ),
    )),
    { name: 'system administrator', credentials: scene.admin.credentials, kind: 'user', isAdmin: true },
    ...(await robots(core, scene)),
    ...(await tokens(scene)),
    await job(core, privateProject, issuer),
    ...(await ended(core, scene)),
  ];
}

async function memberByGroup(core: TestCore, project: string, role: Role): Promise<Credentials> {
  const username = `grouped-${role.toLowerCase()}`;
  await core.createUser(username);
  const body = { group_name: `group of ${role}`, group_type: GROUP_TYPES.managed };
  const made = await core.admin.call(createUserGroup, { body });
  const groupId = Number(made.location?.split('/').pop());
  await core.admin.call(addUserGroupMember, { params: { group_id: groupId }, body: { username } });
  await core.admin.call(createProjectMember, {
    params: { project_name_or_id: project },
    body: { role_id: ROLE_IDS[role], member_group: { id: groupId } },
  });
  return passwordOf(username);
}

const passwordOf = (name: string) => ({ name, password: USER_PASSWORD });
const inProject = (namespace: string, access: readonly Grant[]) => ({
  kind: 'project' as const,
  namespace,
  access: [...access],
});
const inSystem = (access: readonly Grant[]) => ({ kind: 'system' as const, namespace: '/', access: [...access] });
const named = (access: readonly Grant[]) => new Set(access.map(({ resource, action }) => `${resource}:${action}`));

async function robots(core: TestCore, scene: Scene): Promise<PrincipalRow[]> {
  const { privateProject } = scene;
  const access = [
    { resource: 'quota', action: 'list' },
    { resource: 'audit-log', action: 'list' },
    { resource: 'metrics', action: 'read' },
    { resource: 'user', action: 'list' },
  ];
  const reading = [
    { resource: 'project', action: 'read' },
    { resource: 'member', action: 'list' },
    { resource: 'artifact', action: 'list' },
  ];
  const { data } = await core.admin.call(createRobot, {
    body: {
      name: 'overseer',
      level: 'system',
      duration: -1,
      permissions: [inSystem(access), inProject('*', reading)],
    },
  });
  const everywhere = [scene.privateProject, scene.foreignProject, scene.publicProject];
  return [
    {
      name: 'robot that pulls',
      credentials: scene.pullRobot.credentials,
      kind: 'robot',
      projects: { [privateProject]: named(PULL) },
    },
    {
      name: 'robot that pushes',
      credentials: scene.pushRobot.credentials,
      kind: 'robot',
      projects: { [privateProject]: named([...PULL, { resource: 'repository', action: 'push' }]) },
    },
    {
      name: 'system robot',
      credentials: { name: data.name as string, password: data.secret as string },
      kind: 'robot',
      system: [...named(access)] as SystemPermission[],
      projects: Object.fromEntries(everywhere.map((project) => [project, named(reading)])),
    },
  ];
}

async function tokens(scene: Scene): Promise<PrincipalRow[]> {
  const { privateProject, admin, members } = scene;
  const access = [
    { resource: 'repository', action: 'pull' },
    { resource: 'repository', action: 'list' },
    { resource: 'artifact', action: 'list' },
    { resource: 'project', action: 'read' },
  ];
  // More than a guest has: a token gives nothing that its user has not.
  const beyond = [...access, { resource: 'member', action: 'create' }, { resource: 'artifact', action: 'delete' }];
  const system = [{ resource: 'quota', action: 'list' }];
  const make = async (
    owner: Scene['admin'],
    name: string,
    permissions: ReturnType<typeof inProject | typeof inSystem>[] | null,
  ) => {
    const { data } = await owner.client.call(createPersonalToken, { body: { name, permissions } });
    return { name: owner.name, password: data.token };
  };
  return [
    { name: 'token of the administrator', credentials: await make(admin, 'all', null), kind: 'token', isAdmin: true },
    {
      name: 'narrowed token of the administrator',
      credentials: await make(admin, 'some', [inProject(privateProject, access), inSystem(system)]),
      kind: 'token',
      isNarrowed: true,
      system: [...named(system)] as SystemPermission[],
      projects: { [privateProject]: named(access) },
    },
    {
      name: 'token of a developer',
      credentials: await make(members.developer, 'all', null),
      kind: 'token',
      projects: { [privateProject]: ROLE_PERMISSIONS.developer },
    },
    {
      name: 'token of a guest that names more than he has',
      credentials: await make(members.guest, 'some', [inProject(privateProject, beyond)]),
      kind: 'token',
      isNarrowed: true,
      projects: { [privateProject]: intersection(named(beyond), ROLE_PERMISSIONS.guest) },
    },
  ];
}

function intersection(asked: ReadonlySet<string>, held: ReadonlySet<ProjectPermission>): ReadonlySet<string> {
  return new Set([...asked].filter((permission) => held.has(permission as ProjectPermission)));
}

async function job(core: TestCore, project: string, issuer: JobIssuer): Promise<PrincipalRow> {
  await core.admin.call(createSystemFederationRule, {
    body: {
      name: 'matrix',
      issuer: issuer.url,
      audience: 'matrix',
      conditions: [{ claim: 'repository', match: 'equals', values: ['acme/app'] }],
      permissions: [inProject(project, [...PULL, { resource: 'artifact', action: 'list' }])],
    },
  });
  return {
    name: 'federated job',
    credentials: { name: 'job', password: issuer.token(GITHUB_CLAIMS, 'matrix') },
    kind: 'job',
    projects: { [project]: named([...PULL, { resource: 'artifact', action: 'list' }]) },
  };
}

/** Whose credential was right once. */
async function ended(core: TestCore, scene: Scene): Promise<PrincipalRow[]> {
  const { id } = await core.createUser('disabled');
  await core.database.query('update users set is_disabled = true where id = $1', [id]);
  const { data } = await core.admin.call(createRobot, {
    body: { name: 'expired', level: 'project', duration: 1, permissions: [inProject(scene.privateProject, PULL)] },
  });
  await core.database.query("update robots set expires_at = now() - interval '1 minute' where id = $1", [data.id]);
  return [
    { name: 'disabled user', credentials: passwordOf('disabled'), kind: 'refused' },
    {
      name: 'expired robot',
      credentials: { name: data.name as string, password: data.secret as string },
      kind: 'refused',
    },
  ];
}
