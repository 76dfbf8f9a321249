import type { Artifact } from '@moorage/testing';
import type { Random } from '../ledger/random.ts';
import type { RegistryUser } from './registry-user.ts';
import { AGED, PROJECTS, RELEASES, type Scene, SHARED_REPOSITORIES, SHARED_TAGS } from './scene.ts';

/** One client with its own choices; `act` does one thing and never rejects because a server ended. */
export interface Actor {
  act(): Promise<void>;
}

interface Tools {
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
      [30, () => this.#read(repository, tag)],
    ])();
  }

  #push(repository: string, tag: string): Promise<boolean> {
    const { user, scene, random } = this.#tools;
    const artifact = random.next() < 0.2 ? scene.index(random) : scene.image(random);
    return user.push(repository, artifact, tag);
  }

  async #retag(repository: string, tag: string): Promise<void> {
    const { user, random } = this.#tools;
    const digest = await user.resolve(repository, random.one(SHARED_TAGS));
    const artifact = digest ? user.ledger.artifact(digest) : undefined;
    if (artifact) await user.tag(repository, artifact, tag);
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

/** Pushes images with signatures under names of its own, copies them, deletes them whole. */
export class OwnerActor implements Actor {
  readonly #tools: Tools;
  readonly #name: string;
  readonly #owned: { readonly repository: string; readonly artifact: Artifact; readonly tags: readonly string[] }[] =
    [];
  #count = 0;

  constructor(tools: Tools, name: string) {
    this.#tools = tools;
    this.#name = name;
  }

  async act(): Promise<void> {
    const { random } = this.#tools;
    await random.weighted<() => Promise<unknown>>([
      [50, () => this.#push()],
      [30, () => this.#delete()],
      [20, () => this.#copy()],
    ])();
  }

  async #push(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const repository = `${random.one(PROJECTS.shared)}/own/${this.#name}`;
    const artifact = random.next() < 0.4 ? scene.index(random) : scene.image(random);
    const tag = `t${this.#count++}`;
    if (!(await user.push(repository, artifact, tag))) return;
    const signature = scene.signature(random, artifact);
    const isSigned = random.next() < 0.6 && (await user.push(repository, signature));
    const tags = isSigned && signature.tag !== undefined ? [tag, signature.tag] : [tag];
    this.#owned.push({ repository, artifact, tags });
  }

  /** Over the API, which takes signatures along; they carry no tag that anybody else writes. */
  async #delete(): Promise<void> {
    const { user, random } = this.#tools;
    const victim = this.#owned.splice(random.below(this.#owned.length), 1)[0];
    if (!victim) return;
    const { repository, artifact, tags } = victim;
    const changes = Object.fromEntries(tags.map((tag) => [`${repository}:${tag}`, null]));
    const path = `${apiPath(repository)}/artifacts/${artifact.root.descriptor.digest}`;
    await user.call('delete', 'DELETE', path, undefined, changes);
  }

  async #copy(): Promise<void> {
    const { user, random } = this.#tools;
    if (this.#owned.length === 0) return;
    const { repository, artifact, tags } = random.one(this.#owned);
    const target = `${random.one(PROJECTS.shared)}/copy/${this.#name}`;
    const changes = { [`${target}:${tags[0]}`]: artifact.root.descriptor.digest };
    const from = encodeURIComponent(`${repository}:${tags[0]}`);
    const answer = await user.call('copy', 'POST', `${apiPath(target)}/artifacts?from=${from}`, undefined, changes);
    if (answer.outcome === 'ok') user.ledger.hold(target, artifact);
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
    const tag = `v${random.below(40)}`;
    const key = `${RELEASES}:${tag}`;
    const isFixed = user.ledger.acknowledged(key).some((value) => value !== null);
    if (random.next() < 0.25) {
      const answer = await user.untag(RELEASES, tag);
      if (isFixed && answer.outcome === 'ok') user.note('V7', `${key} is immutable and was deleted`);
      return;
    }
    const isDone = await user.push(RELEASES, scene.image(random), tag);
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
    await user.push(AGED, scene.image(random), tag);
  }
}

/** The API's path of a repository, whose name is encoded twice as Harbor does. */
export function apiPath(repository: string): string {
  const [project = '', ...rest] = repository.split('/');
  return `/projects/${project}/repositories/${encodeURIComponent(encodeURIComponent(rest.join('/')))}`;
}
