import { repeated } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactCopyStore } from '../src/artifact-copy/artifact-copy.store.ts';
import { ContentRemoval, digestBytes } from '../src/content/index.ts';
import { decideBlob } from '../src/garbage-collection/garbage.rules.ts';
import { GarbageStore } from '../src/garbage-collection/garbage.store.ts';
import { UntaggedStore } from '../src/garbage-collection/untagged.store.ts';
import { decide, type Decision, type Root } from '../src/reachability/index.ts';
import { settleLeftCounters } from '../src/registry/repository-counters.store.ts';
import { createRegistryFixture, type RegistryFixture, scope } from '../src/registry/testing/registry-fixture.ts';
import { CandidateStore } from '../src/retention/candidate.store.ts';
import { type Candidate, candidatesOf } from '../src/retention-rule/index.ts';
import { selectorsOf } from '../src/immutability/immutability.rules.ts';
import { ImmutabilityStore } from '../src/immutability/immutability.store.ts';
import { measureUsage } from '../src/usage/index.ts';
import { Choices } from './choices.ts';
import { RandomContent } from './random-content.ts';
import { readTruth, type RepositoryTruth, type Truth } from './stored-truth.ts';

/*
 * Statements that follow the edges for sets too large for memory, against the pure rules over what the bytes of the
 * manifests say (issue 4, "one reachability graph"). A seed that fails is in the message.
 */
const ROUNDS = repeated(50, 1000);
const FIRST_SEED = 20_251;
/** Seconds after which a blob may be collected, and how old they are made. */
const AGE = { after: 5_000, old: 6_000, young: 4_000 };
const RULE = {
  tag_selectors: [{ kind: 'doublestar' as const, decoration: 'matches' as const, pattern: 'v*' }],
  scope_selectors: { repository: [{ kind: 'doublestar' as const, decoration: 'repoMatches' as const, pattern: 'a' }] },
};

let fixture: RegistryFixture;
beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());

/** One random world and what its bytes say. */
class Round {
  readonly seed: number;
  readonly projects: readonly number[];
  readonly content: RandomContent;
  readonly #choices: Choices;
  readonly #hasRule: boolean;

  private constructor(choices: Choices, projects: readonly { id: number; name: string }[], hasRule: boolean) {
    this.seed = choices.seed;
    this.projects = projects.map(({ id }) => id);
    this.content = new RandomContent(fixture, choices, projects);
    this.#choices = choices;
    this.#hasRule = hasRule;
  }

  static async make(seed: number): Promise<Round> {
    const choices = new Choices(seed);
    const projects = [];
    for (const name of [`x${seed}`, `y${seed}`]) projects.push({ id: await fixture.project(name), name });
    const round = new Round(choices, projects, choices.once(3));
    await round.content.fill(6 + choices.below(14));
    await round.#remove();
    if (round.#hasRule) await round.#makeRule();
    await settleLeftCounters(fixture.database);
    return round;
  }

  truth(): Promise<Truth> {
    const isImmutable = (repository: string, tag: string) => this.#hasRule && repository === 'a' && tag.startsWith('v');
    return readTruth(fixture.database, this.projects, isImmutable);
  }

  async #makeRule(): Promise<void> {
    const event = { name: 'immutability-rule.created', data: {} };
    for (const projectId of this.projects) {
      const rule = { priority: 0, isDisabled: false, selectors: selectorsOf(RULE) };
      await new ImmutabilityStore(fixture.database).create(projectId, rule, () => ({ ...event, projectId }));
    }
  }

  /** Some goes into the trash, some of it for no time. */
  async #remove(): Promise<void> {
    for (let count = this.#choices.below(4); count > 0; count--) {
      const { projectId, name, pushed } = this.#choices.one(this.content.repositories);
      const artifacts = this.#choices.some(pushed, 2).map(({ digest }) => ({ digest }));
      await new ContentRemoval(fixture.database).removeArtifacts({
        repository: scope(projectId, name),
        artifacts,
        along: this.#choices.once(2),
        origin: { reason: 'deleted', by: 'me' },
        eventOf: () => ({ data: {} }),
      });
    }
  }

  /** Leases of some blobs are young, those of the others have ended. */
  async ageBlobs(): Promise<ReadonlyMap<string, number>> {
    const ages = new Map(
      this.content.blobs.map(({ digest }) => [
        digestBytes(digest).toString('hex'),
        this.#choices.once(4) ? AGE.young : AGE.old,
      ]),
    );
    for (const [digest, age] of ages)
      await fixture.database.query(
        `update blobs set last_touched_at = now() - make_interval(secs => $2) where digest = decode($1, 'hex')`,
        [digest, age],
      );
    return ages;
  }
}

async function eachRound(check: (round: Round) => Promise<void>): Promise<void> {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
    const round = await Round.make(seed);
    await check(round).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  }
}

describe('what statements follow is what the pure rules say, in random worlds', () => {
  it('S75 S84 R14 R21 X5: collections, copies, retention and quotas', async () => {
    const seen = { dead: 0, links: 0, untagged: 0, copied: 0, candidates: 0, held: 0, trashed: 0 };
    await eachRound(async (round) => {
      const truth = await round.truth();
      seen.trashed += truth.trashed.size;
      await compareUsage(truth);
      for (const repository of truth.repositories) {
        seen.copied += await compareCopies(repository, round.seed);
        const candidates = await compareCandidates(repository);
        seen.candidates += candidates.length;
        seen.held += candidates.filter(({ isHeld }) => isHeld).length;
      }
      seen.untagged += await compareUntagged(truth);
      const collected = await compareCollection(round, truth);
      seen.dead += collected.dead;
      seen.links += collected.links;
      await compareUsage(await round.truth());
    });
    // The comparisons must not be idle.
    for (const [what, count] of Object.entries(seen)) expect([what, count > ROUNDS / 8]).toEqual([what, true]);
  }, 3_600_000);
});

async function compareUsage({ usage }: Truth): Promise<void> {
  for (const [projectId, bytes] of usage) {
    const { stored, counted } = await measureUsage(fixture.database, projectId);
    expect({ projectId, stored, counted }).toEqual({ projectId, stored: bytes, counted: bytes });
  }
}

/** What a copy takes along: parts, and accessories but those that list their subject, down to what belongs to them. */
async function compareCopies({ id, projectId, name, model, needs }: RepositoryTruth, seed: number): Promise<number> {
  const store = new ArtifactCopyStore(fixture.database);
  const rows = await fixture.database.query<{ id: number; digest: string }>(
    `select id, encode(digest, 'hex') as digest from manifests where repository_id = $1 and id % 3 = $2 % 3`,
    [id, seed],
  );
  let count = 0;
  for (const row of rows) {
    const along = new Set([row.digest]);
    for (const digest of along) {
      const parts = model.manifests.get(digest)?.parts ?? [];
      const accessories = model
        .accessoriesOf(digest)
        .filter((accessory) => !model.manifests.get(accessory)?.parts.includes(digest));
      for (const next of [...parts, ...accessories]) along.add(next);
    }
    const set = await store.listSet(projectId, row.id, 1000, 1000);
    const copied = set.map((one) => [hexOf(one.digest), [...new Set(one.blobs.map(hexOf))].sort()] as const);
    const expected = [...along].map((digest) => [digest, [...(needs.get(digest) ?? [])].sort()] as const);
    expect({ of: `${name}@${row.digest}`, set: sorted(copied) }).toEqual({
      of: `${name}@${row.digest}`,
      set: sorted(expected),
    });
    count += along.size - 1;
  }
  return count;
}

/** Retention looks at what belongs to nothing, and knows of each what a deletion would be told. */
async function compareCandidates({ id, projectId, name, model }: RepositoryTruth): Promise<Candidate[]> {
  const store = new CandidateStore(fixture.database);
  const asOf = new Date(Date.now() + 60_000);
  const candidates = await store.snapshot(async (transaction) => {
    const all: Candidate[] = [];
    for await (const batch of store.scan(transaction, { id, projectId, name }, { asOf, needsLabels: false }))
      all.push(...candidatesOf(batch));
    return all;
  });
  const digests = [...model.manifests.keys()];
  const belonging = new Set(digests.flatMap((digest) => model.accessoriesOf(digest)));
  expect(candidates.map(({ digest }) => hexOf(digest)).sort()).toEqual(
    digests.filter((digest) => !belonging.has(digest)).sort(),
  );
  for (const { digest, isHeld, isPart, tags } of candidates) {
    const hex = hexOf(digest);
    const { goes, stays } = decided(model, [{ digest: hex }]);
    const parents = [...model.manifests.values()].flatMap((index) => (index.parts.includes(hex) ? [index.digest] : []));
    const isKept = isHeld || isPart || tags.some(({ isImmutable }) => isImmutable);
    // Retention leaves also what is listed by an index of its own accessories alone, which a deletion takes along.
    const isOwn = parents.length > 0 && parents.every((index) => goes.some((gone) => gone.digest === index));
    const isStaying = stays.some((stay) => stay.digest === hex);
    expect({ digest, isKept, isPart }).toEqual({ digest, isKept: isStaying || isOwn, isPart: parents.length > 0 });
    expect(tags.filter(({ isImmutable }) => isImmutable).map((tag) => tag.name)).toEqual(
      model
        .tagsOf(hex)
        .filter((tag) => model.immutable.has(tag))
        .sort(),
    );
  }
  return candidates;
}

/** Artifacts without tags that a collection asks to be removed: parts and accessories of what is there are not among them. */
async function compareUntagged({ repositories }: Truth): Promise<number> {
  const names = new Map(repositories.map((repository) => [repository.name, repository]));
  const listed = (await new UntaggedStore(fixture.database).list(0, 0, 100_000)).filter(({ repository }) =>
    names.has(repository.name),
  );
  const expected = repositories.flatMap(({ name, model }) => {
    const digests = [...model.manifests.keys()];
    const bound = new Set([
      ...digests.flatMap((digest) => model.accessoriesOf(digest)),
      ...[...model.manifests.values()].flatMap(({ parts }) => parts),
    ]);
    return digests
      .filter((digest) => model.tagsOf(digest).length === 0 && !bound.has(digest))
      .map((digest) => `${name}@${digest}`);
  });
  expect(listed.map(({ repository, digest }) => `${repository.name}@${hexOf(digest)}`).sort()).toEqual(expected.sort());
  return expected.length;
}

/** A collection finds and takes the links and blobs that the rule takes of each blob by itself. */
async function compareCollection(round: Round, truth: Truth): Promise<{ dead: number; links: number }> {
  const ages = await round.ageBlobs();
  const store = new GarbageStore(fixture.database);
  const expected = { dead: [] as string[], links: [] as string[] };
  for (const [digest, age] of ages) {
    const having = truth.repositories.filter(({ links }) => links.has(digest));
    const links = having.map(({ id, needs }) => ({
      id,
      needed: [...needs.values()].some((blobs) => blobs.has(digest)),
    }));
    const isThere = await exists(digest);
    const decision = decideBlob({ age, links, trashItems: truth.trashed.has(digest) ? 1 : 0 }, AGE.after);
    if (decision.links > 0)
      expected.links.push(...links.flatMap(({ id, needed }) => (needed ? [] : [`${id} ${digest}`])));
    if (decision.blob && isThere) expected.dead.push(digest);
  }
  const own = (digest: string) => ages.has(digest);
  const findings = await store.look(Buffer.from([0x12]), Buffer.from([0x14]), AGE.after);
  const found = findings.digests.filter((digest) => own(digest.toString('hex')));
  expect(found.map((digest) => digest.toString('hex')).sort()).toEqual(
    [...new Set([...expected.dead, ...expected.links.map((link) => link.split(' ')[1] as string)])].sort(),
  );
  const before = await linksOf(round);
  const collected = await store.collect(found, AGE.after);
  expect(collected.digests.map(hexOf).sort()).toEqual(expected.dead.sort());
  const after = await linksOf(round);
  expect([...before].filter((link) => !after.has(link)).sort()).toEqual(expected.links.sort());
  return { dead: expected.dead.length, links: expected.links.length };
}

async function exists(digest: string): Promise<boolean> {
  const rows = await fixture.database.query(`select from blobs where digest = decode($1, 'hex')`, [digest]);
  return rows.length > 0;
}

async function linksOf({ projects }: Round): Promise<ReadonlySet<string>> {
  const rows = await fixture.database.query<{ link: string }>(
    `select repository_id || ' ' || encode(digest, 'hex') as link from repository_blobs where project_id = any($1::int[])`,
    [projects],
  );
  return new Set(rows.map(({ link }) => link));
}

function decided(model: RepositoryTruth['model'], roots: readonly Root[]): Decision {
  return decide(
    model.graph(
      roots.map(({ digest }) => digest),
      { along: true },
    ),
    roots,
    true,
  );
}

function hexOf(digest: Parameters<typeof digestBytes>[0] | string): string {
  return digestBytes(digest as Parameters<typeof digestBytes>[0]).toString('hex');
}

function sorted<T>(pairs: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...pairs].sort(([one], [other]) => (one < other ? -1 : 1));
}
