import { describe, expect, it } from 'vitest';
import { globMatcher } from '../src/pattern/index.ts';
import { decide, schemeTagsOf } from '../src/reachability/index.ts';
import { RepositoryModel } from '../src/reachability/testing/repository-model.ts';
import { planTags } from '../src/restoration/restoration.rules.ts';

const OPERATIONS = 1_000_000;
const PER_WORLD = 100;
const MOST_MANIFESTS = 10;
const TAGS = ['v1', 'v2', 'v2-rc', 'latest'];
const isCovered = (() => {
  const includes = globMatcher('v*');
  const excludes = globMatcher('*-rc');
  const known = new Map<string, boolean>();
  return (tag: string) => {
    const answer = known.get(tag) ?? (includes(tag) && !excludes(tag));
    known.set(tag, answer);
    return answer;
  };
})();

/** Choices that one number repeats. */
function choices(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

/** A repository in memory where everything is decided by the rules the product decides by. */
class World {
  readonly model = new RepositoryModel();
  readonly #trash: { readonly digest: string; readonly tags: readonly string[] }[] = [];
  readonly #promised = new Map<string, string>();
  readonly #below: (limit: number) => number;
  #serial: number;

  constructor(below: (limit: number) => number, serial: number) {
    this.#below = below;
    this.#serial = serial;
  }

  act(): void {
    const roll = this.#below(100);
    if (roll < 25) this.#push(this.#below(3));
    else if (roll < 40) this.#moveTag(this.#tag(), this.#digest());
    else if (roll < 52) this.#untag(this.#tag());
    else if (roll < 62) this.#remove(true, undefined);
    else if (roll < 70) this.#remove(false, undefined);
    else if (roll < 82) this.#remove(true, new Set(TAGS.slice(this.#below(TAGS.length))));
    else if (roll < 95) this.#restore();
    else this.#hold();
    this.#check();
  }

  #push(tags: number): void {
    if (this.model.manifests.size >= MOST_MANIFESTS) return this.#remove(true, undefined);
    const digest = `12${(this.#serial++).toString(16).padStart(64, '0')}`;
    const kind = this.#below(4);
    const other = this.#digest();
    const parts = kind === 0 && other !== undefined ? [other] : [];
    const subject = kind === 1 ? (other ?? null) : null;
    this.model.manifests.set(digest, { digest, parts, subject, isHeld: false });
    for (let count = 0; count < tags; count++) this.#moveTag(this.#tag(), digest);
    if (kind === 2 && other !== undefined) this.#moveTag(schemeTagsOf(other)[this.#below(4)] as string, digest);
  }

  /** Every path that sets a tag: a covered one is set once, one of a held artifact stays. */
  #moveTag(tag: string, digest: string | undefined): void {
    if (digest === undefined || !this.#mayChange(tag)) return;
    this.model.tags.set(tag, digest);
    if (isCovered(tag)) this.model.immutable.add(tag);
  }

  #untag(tag: string): void {
    const digest = this.model.tags.get(tag);
    if (digest === undefined || !this.#mayChange(tag)) return;
    this.model.tags.delete(tag);
    this.#trash.push({ digest, tags: [tag] });
  }

  /** A deletion by people, by retention or by a collection: the decision alone keeps what must stay. */
  #remove(along: boolean, knownTags: ReadonlySet<string> | undefined): void {
    const roots = [this.#digest(), this.#digest()].filter((digest) => digest !== undefined);
    const asked = [...new Set(roots)].map((digest) => ({ digest, knownTags }));
    const decision = decide(this.model.graph(roots, { along }), asked, along);
    for (const { digest } of decision.goes) this.#trash.push({ digest, tags: this.model.tagsOf(digest) });
    this.model.apply(decision);
    if (this.#trash.length > 20) this.#trash.splice(0, 10);
  }

  #restore(): void {
    const item = this.#trash.splice(this.#below(this.#trash.length), 1)[0];
    if (!item) return;
    const states = item.tags.map((name) => ({ name, digest: item.digest, taken: this.model.tags.get(name) ?? null }));
    const renamed = new Map(this.#below(3) === 0 && states[0] ? [[states[0].name, this.#tag()]] : []);
    const plan = planTags(states, this.model.tags, { tags: renamed, skipTakenTags: this.#below(2) === 0 });
    if (plan.taken.length > 0) return;
    if (!this.model.manifests.has(item.digest))
      this.model.manifests.set(item.digest, { digest: item.digest, parts: [], subject: null, isHeld: false });
    for (const { as, digest } of plan.set) {
      // A restoration never moves what has a name: the plan alone sees to that.
      this.model.tags.set(as, digest);
      if (isCovered(as)) this.model.immutable.add(as);
    }
  }

  #hold(): void {
    const held = this.model.manifests.get(this.#digest() ?? '');
    if (held) this.model.manifests.set(held.digest, { ...held, isHeld: this.#below(2) === 0 });
  }

  #mayChange(tag: string): boolean {
    const digest = this.model.tags.get(tag);
    return digest === undefined || (!isCovered(tag) && !this.model.manifests.get(digest)?.isHeld);
  }

  #check(): void {
    for (const [tag, digest] of this.#promised)
      if (this.model.tags.get(tag) !== digest || !this.model.manifests.has(digest))
        throw new Error(`${tag} was ${digest} and is ${this.model.tags.get(tag)}`);
    for (const tag of this.model.immutable) {
      const digest = this.model.tags.get(tag);
      if (digest !== undefined) this.#promised.set(tag, digest);
    }
  }

  #tag(): string {
    return TAGS[this.#below(TAGS.length)] as string;
  }

  #digest(): string | undefined {
    const digests = [...this.model.manifests.keys()];
    return digests[this.#below(digests.length)];
  }
}

describe('an immutable tag', () => {
  it('S80 is changed by none of 1,000,000 random operations that the rules decide', () => {
    const below = choices(80);
    let kept = 0;
    for (let done = 0; done < OPERATIONS; done += PER_WORLD) {
      const world = new World(below, done);
      for (let count = 0; count < PER_WORLD; count++) world.act();
      kept += [...world.model.tags.keys()].filter(isCovered).length;
    }
    expect(kept).toBeGreaterThan(OPERATIONS / PER_WORLD);
  }, 240_000);
});
