import { type Client, createProjectMember, createProject, createRobot, type Role, ROLE_IDS } from '@moorage/contracts';
import { pushImage } from './registry.ts';
import { ADMIN_PASSWORD, type TestCore, USER_PASSWORD } from './test-core.ts';

/** Somebody who calls, with what he signs in with. */
export interface Actor {
  readonly name: string;
  readonly credentials: { readonly name: string; readonly password: string } | undefined;
  readonly client: Client;
}

export interface Scene {
  readonly privateProject: string;
  readonly foreignProject: string;
  readonly publicProject: string;
  readonly anonymous: Actor;
  readonly admin: Actor;
  /** Signed in, member of nothing. */
  readonly nobody: Actor;
  /** Members of {@link privateProject} by role. */
  readonly members: Readonly<Record<Role, Actor>>;
  /** Project admin of {@link foreignProject} only. */
  readonly stranger: Actor;
  /** Robots of {@link privateProject}. */
  readonly pullRobot: Actor;
  readonly pushRobot: Actor;
}

/** Two private projects and a public one with an image each, members of every role, a stranger and robots. */
export async function setScene(core: TestCore): Promise<Scene> {
  const [privateProject, foreignProject, publicProject] = ['priva', 'privb', 'pub'];
  const admin: Actor = { name: 'admin', credentials: { name: 'admin', password: ADMIN_PASSWORD }, client: core.admin };
  for (const name of [privateProject, foreignProject, publicProject]) {
    await core.admin.call(createProject, {
      body: { project_name: name, metadata: { public: name === publicProject ? 'true' : 'false' } },
    });
    await pushImage(core, admin.credentials, `${name}/app`, 'v1', `layer of ${name}`);
  }
  const user = async (name: string): Promise<Actor> => ({
    name,
    credentials: { name, password: USER_PASSWORD },
    client: (await core.createUser(name)).client,
  });
  const join = (actor: Actor, project: string, role: Role): Promise<unknown> =>
    core.admin.call(createProjectMember, {
      params: { project_name_or_id: project },
      body: { role_id: ROLE_IDS[role], member_user: { username: actor.name } },
    });
  const members = {} as Record<Role, Actor>;
  for (const role of Object.keys(ROLE_IDS) as Role[]) {
    members[role] = await user(`the-${role.toLowerCase()}`);
    await join(members[role], privateProject, role);
  }
  const stranger = await user('stranger');
  await join(stranger, foreignProject, 'projectAdmin');
  const robot = async (name: string, actions: readonly string[]): Promise<Actor> => {
    const { data } = await core.admin.call(createRobot, {
      body: {
        name,
        level: 'project',
        duration: -1,
        permissions: [
          {
            kind: 'project',
            namespace: privateProject,
            access: actions.map((action) => ({ resource: 'repository', action })),
          },
        ],
      },
    });
    const credentials = { name: data.name as string, password: data.secret as string };
    return { name: credentials.name, credentials, client: core.client(credentials) };
  };
  return {
    privateProject,
    foreignProject,
    publicProject,
    anonymous: { name: 'anonymous', credentials: undefined, client: core.client() },
    admin,
    nobody: await user('nobody-at-all'),
    members,
    stranger,
    pullRobot: await robot('puller', ['pull']),
    pushRobot: await robot('pusher', ['push', 'pull']),
  };
}
