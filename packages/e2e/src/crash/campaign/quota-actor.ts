import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact } from '@moorage/testing';
import type { Outcome } from '../ledger/ledger.ts';
import { allowedValues, type TagWrite } from '../ledger/tag-history.rules.ts';
import type { Actor, Tools } from './actors.ts';
import { LIMITED, PROJECTS } from './scene.ts';

/** Bytes of the largest room that a limit leaves beside what is there. */
const LARGEST_ROOM = 100_000;
const LONGEST_SQUEEZE_MS = 1500;
const UNLIMITED = -1;

interface Quota {
  readonly id: number;
  readonly used: { readonly storage: number };
}

/** A limit as its writer saw it: a register like a tag. */
type LimitWrite = { -readonly [Key in keyof TagWrite]: TagWrite[Key] };

/**
 * Raises and lowers the limit of a project of its own while it pushes there, so that nothing may be acknowledged that
 * does not fit (V4); and leaves the shared projects little room for moments, while the others push.
 */
export class QuotaActor implements Actor {
  readonly #tools: Tools;
  /** Sizes by digest of what it was told the project holds: nobody takes it away. */
  readonly #held = new Map<string, number>();
  readonly #limits = new Set<LimitWrite>();
  readonly #squeezed = new Set<string>();
  #count = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  async act(): Promise<void> {
    await this.#tools.random.weighted<() => Promise<unknown>>([
      [35, () => this.#push()],
      [60, () => Promise.all([this.#push(), this.#push(), this.#limit()])],
      [5, () => this.#squeeze()],
    ])();
  }

  async #push(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const artifact = random.next() < 0.2 ? scene.index(random) : scene.smallImage(random);
    const parts = sizesOf(artifact);
    const least = total(new Map([...this.#held, ...parts]));
    const from = user.ledger.now();
    // A tag of its own, which nothing takes from it.
    if (!(await user.push(LIMITED, artifact, [`q${this.#count++}`]))) return;
    for (const [digest, size] of parts) this.#held.set(digest, size);
    const limits = [...allowedValues([...this.#limits], from, user.ledger.now())];
    const limit = Math.max(...limits.map((value) => (value === null ? Infinity : Number(value))));
    if (least > limit)
      user.note('V4', `${LIMITED} took a push with which it holds ${least} bytes at least; its limit was ${limit}`);
  }

  /** Sometimes below the limit before it, as what fits beside what is there differs by magnitudes. */
  async #limit(): Promise<void> {
    const { user, random } = this.#tools;
    const { id } = await this.#quota(PROJECTS.limited);
    const limit = total(this.#held) + 1 + Math.floor(LARGEST_ROOM ** random.next());
    const write: LimitWrite = { value: String(limit), start: user.ledger.now(), end: null };
    this.#limits.add(write);
    const outcome = await this.#set(id, limit);
    if (outcome === 'ok') write.end = user.ledger.now();
    if (outcome === 'refused') this.#limits.delete(write);
  }

  async #squeeze(): Promise<void> {
    const { random } = this.#tools;
    const project = [...this.#squeezed][0] ?? random.one(PROJECTS.shared);
    const { id, used } = await this.#quota(project);
    if (!this.#squeezed.has(project)) {
      this.#squeezed.add(project);
      await this.#set(id, used.storage + 1 + Math.floor(LARGEST_ROOM ** random.next()));
      await sleep(LONGEST_SQUEEZE_MS * random.next());
    }
    if ((await this.#set(id, UNLIMITED)) === 'ok') this.#squeezed.delete(project);
  }

  async #set(id: number, storage: number): Promise<Outcome> {
    return (await this.#tools.user.call('limit', 'PUT', `/quotas/${id}`, { hard: { storage } })).outcome;
  }

  /** Rejects when nobody answers. */
  async #quota(project: string): Promise<Quota> {
    const { status, body } = await this.#tools.user.api('GET', `/projects/${project}/quota`);
    if (status !== 200) throw new Error(`the quota of ${project} answers ${status}`);
    return JSON.parse(body.toString()) as Quota;
  }
}

function sizesOf({ blobs, manifests }: Artifact): ReadonlyMap<string, number> {
  return new Map([...blobs, ...manifests].map(({ descriptor: { digest, size } }) => [digest, size]));
}

function total(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
