import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact } from '@moorage/testing';
import { type Actor, apiPath, restore, type Tools, trashOf } from './actors.ts';
import { PROJECTS } from './scene.ts';

/** An artifact with its tags, and those of its signature, by digest. */
interface Owned {
  readonly repository: string;
  readonly artifact: Artifact;
  readonly tag: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Pushes images with signatures under names of its own, copies them, deletes them whole, restores or purges what it
 * deleted, and uploads blobs that nothing needs yet.
 */
export class OwnerActor implements Actor {
  readonly #tools: Tools;
  readonly #name: string;
  readonly #owned: Owned[] = [];
  readonly #deleted: Owned[] = [];
  #count = 0;

  constructor(tools: Tools, name: string) {
    this.#tools = tools;
    this.#name = name;
  }

  async act(): Promise<void> {
    const { random } = this.#tools;
    await random.weighted<() => Promise<unknown>>([
      [40, () => this.#push()],
      [22, () => this.#delete()],
      [12, () => this.#restore()],
      [6, () => this.#purge()],
      [10, () => this.#copy()],
      [10, () => this.#carry()],
      [6, () => this.#lease()],
    ])();
  }

  async #push(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const repository = `${random.one(PROJECTS.shared)}/own/${this.#name}`;
    const artifact = random.next() < 0.4 ? scene.index(random) : scene.image(random);
    const tag = `t${this.#count++}`;
    const pause = random.next() < 0.4 ? user.pause(random.next()) : 0;
    if (!(await user.push(repository, artifact, [tag], pause))) return;
    const { digest } = artifact.root.descriptor;
    const tags: Record<string, string> = { [tag]: digest };
    if (random.next() < 0.6) {
      const signature = scene.signature(random, artifact);
      // Whether it has its tag is not known, so nobody can say what a deletion takes along.
      if (!(await user.push(repository, signature, []))) return;
      if (signature.tag !== undefined) tags[signature.tag] = signature.root.descriptor.digest;
      user.ledger.attach(repository, digest, signature);
    }
    this.#owned.push({ repository, artifact, tag, tags });
  }

  /** Over the API, which takes signatures along; they carry no tag that anybody else writes. */
  async #delete(): Promise<void> {
    const { user } = this.#tools;
    const victim = this.#take(this.#owned);
    if (!victim) return;
    const { repository, artifact, tags } = victim;
    const changes = Object.fromEntries(Object.keys(tags).map((tag) => [`${repository}:${tag}`, null]));
    const path = `${apiPath(repository)}/artifacts/${artifact.root.descriptor.digest}`;
    const answer = await user.call('delete', 'DELETE', path, undefined, changes);
    if (answer.outcome !== 'ok') return;
    user.ledger.delete(repository, artifact.root.descriptor.digest);
    this.#deleted.push(victim);
  }

  async #restore(): Promise<void> {
    const { user } = this.#tools;
    const wanted = this.#take(this.#deleted);
    if (!wanted) return;
    const { repository, artifact, tags } = wanted;
    const { digest } = artifact.root.descriptor;
    const [item] = await trashOf(user, repository, `digest=${digest}`);
    if (!item) return;
    user.ledger.mayReturn(repository, digest);
    if (await restore(user, repository, item.id, tags)) this.#owned.push(wanted);
  }

  async #purge(): Promise<void> {
    const { user } = this.#tools;
    const unwanted = this.#take(this.#deleted);
    if (!unwanted) return;
    const { repository, artifact } = unwanted;
    const [item] = await trashOf(user, repository, `digest=${artifact.root.descriptor.digest}`);
    const [project] = repository.split('/');
    if (item) await user.call('purge', 'DELETE', `/projects/${project}/trash/${item.id}`);
  }

  async #copy(): Promise<void> {
    const { user, random } = this.#tools;
    if (this.#owned.length === 0) return;
    const { repository, artifact, tag } = random.one(this.#owned);
    const target = `${random.one(PROJECTS.shared)}/copy/${this.#name}`;
    const changes = { [`${target}:${tag}`]: artifact.root.descriptor.digest };
    const from = encodeURIComponent(`${repository}:${tag}`);
    await user.call('copy', 'POST', `${apiPath(target)}/artifacts?from=${from}`, undefined, changes);
  }

  /** As clients push what another repository has: its blobs are mounted, and after a while the manifests follow. */
  async #carry(): Promise<void> {
    const { user, random } = this.#tools;
    if (this.#owned.length === 0) return;
    const { repository, artifact, tag } = random.one(this.#owned);
    const target = `${random.one(PROJECTS.shared)}/carried/${this.#name}`;
    await user.carry(repository, target, artifact, tag, user.pause(random.next()));
  }

  /** A blob that was acknowledged is there until the grace time is over, though nothing needs it. */
  async #lease(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const repository = `${random.one(PROJECTS.shared)}/own/${this.#name}`;
    const blob = scene.blob(random);
    const pause = user.pause(random.next());
    const isChunked = random.next() < 0.5;
    if (!(await (isChunked ? user.pushChunks(repository, blob, pause) : user.pushBlob(repository, blob)))) return;
    await sleep(user.pause(random.next()));
    const { digest, size } = blob.descriptor;
    const answer = await user.blob(repository, digest);
    const isWrong = answer.status === 404 || (answer.status === 200 && answer.size !== size);
    if (isWrong && user.isPromised(repository, [digest]))
      user.note('V2', `${repository}@${digest} was promised and answers ${answer.status} with ${answer.size} bytes`);
  }

  #take(list: Owned[]): Owned | undefined {
    return list.splice(this.#tools.random.below(list.length), 1)[0];
  }
}
