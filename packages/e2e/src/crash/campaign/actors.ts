import type { Random } from '../ledger/random.ts';
import type { RegistryUser } from './registry-user.ts';
import { AGED, RELEASES, type Scene, SHARED_REPOSITORIES, SHARED_TAGS } from './scene.ts';

/** One client with its own choices; `act` does one thing and never rejects because a server ended. */
export interface Actor {
  act(): Promise<void>;
}

export interface Tools {
  readonly user: RegistryUser;
  readonly scene: Scene;
  readonly random: Random;
}

/** Pushes images to tags that everybody writes, moves those tags, takes them away and reads them. */
export class SharedTagActor implements Actor {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  async act(): Promise<void> {
    const { random } = this.#tools;
    const repository = random.one(SHARED_REPOSITORIES);
    const tag = random.one(SHARED_TAGS);
    await random.weighted<() => Promise<unknown>>([
      [40, () => this.#push(repository, tag)],
      [20, () => this.#retag(repository, tag)],
      [10, () => this.#tools.user.untag(repository, tag)],
      [6, () => this.#restore(repository, tag)],
      [30, () => this.#read(repository, tag)],
    ])();
  }

  #push(repository: string, tag: string): Promise<boolean> {
    const { user, scene, random } = this.#tools;
    const artifact = random.next() < 0.2 ? scene.index(random) : scene.image(random);
    return user.push(repository, artifact, [tag]);
  }

  async #retag(repository: string, tag: string): Promise<void> {
    const { user, random } = this.#tools;
    const digest = await user.resolve(repository, random.one(SHARED_TAGS));
    const artifact = digest ? user.ledger.artifact(digest) : undefined;
    if (artifact) await user.tag(repository, artifact, tag);
  }

  /** Takes a tag out of the trash, which succeeds where no other artifact has its name meanwhile. */
  async #restore(repository: string, tag: string): Promise<void> {
    const { user, random } = this.#tools;
    const items = await trashOf(user, repository, 'kind=tag');
    const found = items.filter(({ tags }) => tags.length === 1 && tags[0] === tag);
    const { id, digest } = found.length > 0 ? random.one(found) : {};
    if (id !== undefined && digest !== undefined) await restore(user, repository, id, { [tag]: digest });
  }

  /** What is read must be what some writer may have left there, and whole. */
  async #read(repository: string, tag: string): Promise<void> {
    const { user } = this.#tools;
    const from = user.ledger.now();
    const digest = await user.resolve(repository, tag);
    if (digest === undefined) return;
    const key = `${repository}:${tag}`;
    if (!user.ledger.allowed(key, from, user.ledger.now()).has(digest))
      user.note('V1', `${key} showed ${digest}, which no writer can have left there`);
    const artifact = digest === null ? undefined : user.ledger.artifact(digest);
    if (!artifact) return;
    const wrong = await user.inspect(repository, artifact).catch(() => null);
    // A tag that moved meanwhile may have left its artifact to be deleted; one that stands may not.
    if (
      wrong !== null &&
      !/answered (5\d\d|401)|ECONN|socket|terminated|aborted/i.test(wrong) &&
      (await user.resolve(repository, tag)) === digest
    )
      user.note('V1', `${key}: ${wrong}`);
  }
}

/** Pushes releases that must never change, and tries to change those of others. */
export class ReleaseActor implements Actor {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  async act(): Promise<void> {
    const { user, scene, random } = this.#tools;
    // So few that a slow machine comes to each of them twice.
    const tag = `v${random.below(15)}`;
    const key = `${RELEASES}:${tag}`;
    const isFixed = user.ledger.acknowledged(key).some((value) => value !== null);
    if (random.next() < 0.25) {
      const answer = await user.untag(RELEASES, tag);
      if (isFixed && answer.outcome === 'ok') user.note('V7', `${key} is immutable and was deleted`);
      return;
    }
    const isDone = await user.push(RELEASES, scene.image(random), [tag]);
    if (isFixed && isDone) user.note('V7', `${key} is immutable and was overwritten`);
  }
}

/** Pushes to the project whose old tags retention takes; those that begin with `keep-` must stay. */
export class AgedActor implements Actor {
  readonly #tools: Tools;
  readonly #name: string;
  #count = 0;

  constructor(tools: Tools, name: string) {
    this.#tools = tools;
    this.#name = name;
  }

  async act(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const tag = random.next() < 0.5 ? `keep-${random.below(30)}` : `old-${this.#name}-${this.#count++}`;
    await user.push(AGED, scene.image(random), [tag]);
  }
}

interface TrashItem {
  readonly id: number;
  readonly digest?: string;
  readonly tags: readonly string[];
}

/** Some of what the trash holds of a repository; rejects when nobody answers. */
export async function trashOf(user: RegistryUser, repository: string, query: string): Promise<readonly TrashItem[]> {
  const [project] = repository.split('/');
  const q = encodeURIComponent(`repository=${repository},${query}`);
  const answer = await user.api('GET', `/projects/${project}/trash?page_size=50&q=${q}`);
  return answer.status === 200 ? (JSON.parse(answer.body.toString()) as TrashItem[]) : [];
}

/** Brings an item of the trash back, with its tags as they were; false when that was not acknowledged. */
export async function restore(
  user: RegistryUser,
  repository: string,
  item: number,
  tags: Readonly<Record<string, string>>,
): Promise<boolean> {
  const [project] = repository.split('/');
  const changes = Object.fromEntries(Object.entries(tags).map(([tag, digest]) => [`${repository}:${tag}`, digest]));
  const path = `/projects/${project}/trash/${item}/restoration`;
  return (await user.call('restore', 'POST', path, {}, changes)).outcome === 'ok';
}

/** The API's path of a repository, whose name is encoded twice as Harbor does. */
export function apiPath(repository: string): string {
  const [project = '', ...rest] = repository.split('/');
  return `/projects/${project}/repositories/${encodeURIComponent(encodeURIComponent(rest.join('/')))}`;
}
