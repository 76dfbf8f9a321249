import type { Credentials } from '@moorage/testing';
import type { Random } from '../ledger/random.ts';
import { type Actor, AgedActor, ReleaseActor, SharedTagActor } from './actors.ts';
import { OwnerActor } from './owner-actor.ts';
import type { Profile } from './profile.ts';
import { ProjectActor } from './project-actor.ts';
import { QuotaActor } from './quota-actor.ts';
import type { RegistryUser } from './registry-user.ts';
import { RobotActor } from './robot-actor.ts';
import { account, guest, type Scene } from './scene.ts';
import { StrangerActor } from './stranger-actor.ts';

export interface CompanyOptions {
  readonly clients: Profile['clients'];
  readonly admin: RegistryUser;
  /** A client with these credentials; its 401 is a refusal when `isStranger` says so. */
  readonly client: (credentials: Credentials, isStranger?: () => boolean) => RegistryUser;
  /** Of every account. */
  readonly password: string;
  readonly scene: Scene;
  readonly random: Random;
}

/** Makes an account for each client of a campaign, and the clients. */
export async function enlist({ clients, admin, client, password, scene, random }: CompanyOptions): Promise<Actor[]> {
  const tools = (user: RegistryUser) => ({ user, scene, random: random.fork() });
  const many = async (
    kind: Exclude<keyof typeof clients, 'strangers'>,
    make: (user: RegistryUser, name: string) => Actor,
  ) => {
    const actors: Actor[] = [];
    for (const name of namesOf(kind, clients[kind])) {
      await account(admin, name, password);
      actors.push(make(client({ username: name, password }), name));
    }
    return actors;
  };
  const strangers: Actor[] = [];
  for (const name of namesOf('stranger', clients.strangers)) {
    await guest(admin, name, password);
    strangers.push(new StrangerActor(tools(client({ username: name, password }, () => true))));
  }
  return [
    ...(await many('shared', (user) => new SharedTagActor(tools(user)))),
    ...(await many('owners', (user, name) => new OwnerActor(tools(user), name))),
    ...(await many('releases', (user) => new ReleaseActor(tools(user)))),
    ...(await many('aged', (user, name) => new AgedActor(tools(user), name))),
    ...(await many('projects', (user, name) => new ProjectActor(tools(user), name))),
    ...(await many('quotas', (user) => new QuotaActor(tools(user)))),
    ...(await many('robots', (user, name) => new RobotActor({ ...tools(user), robot: client }, name))),
    ...strangers,
  ];
}

function namesOf(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}
