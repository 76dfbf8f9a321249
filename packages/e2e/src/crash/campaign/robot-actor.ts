import type { Artifact, Credentials } from '@moorage/testing';
import type { Actor, Tools } from './actors.ts';
import type { RegistryUser } from './registry-user.ts';
import { PROJECTS, SHARED_REPOSITORIES, SHARED_TAGS } from './scene.ts';

/** So long may a registry token be used after its robot was disabled or deleted. */
const RIGHT_MS = 5_000;
/** How often a robot that is no more tries to go on. */
const TRIES = 3;

interface Robot {
  readonly id: number;
  readonly project: string;
  readonly user: RegistryUser;
  last: Artifact | null;
  /** The order to end has been sent: what it does may be refused from now on. */
  isEnding: boolean;
}

interface Ghost {
  readonly robot: Robot;
  /** When the end of its rights was acknowledged. */
  readonly since: number;
  tries: number;
}

export type RobotTools = Tools & {
  /** A client with credentials of its own, whose 401 is a refusal once `isEnding` says so. */
  readonly robot: (credentials: Credentials, isEnding: () => boolean) => RegistryUser;
};

/**
 * Makes robots, pushes as them, disables or deletes them while they push, and makes sure that what is left of them, a
 * token and a secret, does nothing after that (V7).
 */
export class RobotActor implements Actor {
  readonly #tools: RobotTools;
  readonly #name: string;
  readonly #ghosts: Ghost[] = [];
  #robot: Robot | null = null;
  #count = 0;

  constructor(tools: RobotTools, name: string) {
    this.#tools = tools;
    this.#name = name;
  }

  async act(): Promise<void> {
    const { user, random } = this.#tools;
    const [oldest] = this.#ghosts;
    if (oldest && user.ledger.now() - oldest.since >= RIGHT_MS) return this.#haunt(oldest);
    const robot = (this.#robot ??= await this.#make());
    if (robot === null) return;
    const isEnough = robot.last !== null && random.next() < 0.5;
    await Promise.all([this.#push(robot), ...(robot.isEnding || isEnough ? [this.#end(robot)] : [])]);
  }

  async #make(): Promise<Robot | null> {
    const { user, random, robot: client } = this.#tools;
    const project = random.one(PROJECTS.shared);
    const access = ['pull', 'push'].map((action) => ({ resource: 'repository', action }));
    // An earlier one may be there without an answer having come.
    const body = {
      name: `${this.#name}-${this.#count++}`,
      level: 'project',
      permissions: [{ kind: 'project', namespace: project, access }],
    };
    const made = (await user.make('robot', '/robots', body)) as { id: number; name: string; secret: string } | null;
    if (made === null) return null;
    const credentials = { username: made.name, password: made.secret };
    const robot: Robot = {
      id: made.id,
      project,
      user: client(credentials, () => robot.isEnding),
      last: null,
      isEnding: false,
    };
    return robot;
  }

  async #push(robot: Robot): Promise<void> {
    const { scene, random } = this.#tools;
    const image = scene.smallImage(random);
    if (!(await robot.user.push(this.#repository(robot), image, [random.one(SHARED_TAGS)]))) return;
    robot.last = image;
  }

  /** Again until it is answered: disabled, deleted, or gone already. */
  async #end(robot: Robot): Promise<void> {
    const { user, random } = this.#tools;
    robot.isEnding = true;
    const path = `/robots/${robot.id}`;
    const { outcome, status } =
      random.next() < 0.7
        ? await user.call('robot disabled', 'PUT', path, { disable: true })
        : await user.call('robot deleted', 'DELETE', path);
    if (outcome !== 'ok' && status !== 404) return;
    this.#ghosts.push({ robot, since: user.ledger.now(), tries: 0 });
    this.#robot = null;
  }

  async #haunt(ghost: Ghost): Promise<void> {
    const { scene, random } = this.#tools;
    const { robot, since } = ghost;
    const repository = this.#repository(robot);
    const later = Math.round(robot.user.ledger.now() - since);
    const isLet =
      (await robot.user.pushBlob(repository, scene.blob(random))) ||
      (robot.last !== null && (await robot.user.tag(repository, robot.last, random.one(SHARED_TAGS))));
    if (isLet) robot.user.note('V7', `robot ${robot.id} of ${robot.project} pushed ${later} ms after its end`);
    if (++ghost.tries === TRIES) this.#ghosts.splice(this.#ghosts.indexOf(ghost), 1);
  }

  #repository({ project }: Robot): string {
    return this.#tools.random.one(SHARED_REPOSITORIES.filter((name) => name.startsWith(`${project}/`)));
  }
}
