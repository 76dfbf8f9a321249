import { retentionPreviewRequest } from '@moorage/contracts';
import type { Digest } from '@moorage/distribution';
import { repeated } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestBytes, digestFromHex } from '../src/content/index.ts';
import { selectorsOf } from '../src/immutability/immutability.rules.ts';
import { ImmutabilityStore } from '../src/immutability/immutability.store.ts';
import { decide, schemeTagsOf } from '../src/reachability/index.ts';
import { settleLeftCounters } from '../src/registry/repository-counters.store.ts';
import { scope } from '../src/registry/testing/registry-fixture.ts';
import { retentionProcessors } from '../src/retention/retention.processor.ts';
import { RetentionPolicyStore } from '../src/retention/retention-policy.store.ts';
import { numberedRules } from '../src/retention-rule/index.ts';
import { measureUsage } from '../src/usage/index.ts';
import { Choices } from './choices.ts';
import { ContentWorld, type WorldParts, type WorldRepository } from './content-world.ts';
import { GarbageWorld } from './garbage-world.ts';
import { readTruth, type RepositoryTruth, type Truth } from './stored-truth.ts';

/*
 * Pushes, uploads and mounts under way, deletions, trash, holds, retention and collections in any order, by the engine
 * and the services on a real database: nothing that has a tag, that an index lists, that signs something, or that a
 * client was told of, becomes unpullable. A seed that fails is in the message.
 */
const WORLDS = repeated(8, 400);
const STEPS = 60;
const FIRST_SEED = 75_084;
const GRACE_SECONDS = 600;

let parts: WorldParts;
beforeAll(async () => {
  const garbage = await GarbageWorld.open();
  garbage.graceSeconds = GRACE_SECONDS;
  const { database } = garbage.test;
  const policies = new RetentionPolicyStore(database);
  const { rules } = retentionPreviewRequest.parse({
    rules: [{ action: 'retain', select: { tagged: 'tagged', tags: [{ pattern: 'keep*' }] } }],
  });
  parts = {
    garbage,
    retention: retentionProcessors(database, () => Promise.resolve({ retention_confirm_share: 100, read_only: false })),
    policyOf: async (projectId) => {
      const event = { name: 'retention-policy.updated', projectId, data: {} };
      const policy = { unit: 'artifact' as const, rules: numberedRules(rules, []), cron: '', confirmShare: 100 };
      const stored = await policies.put(
        projectId,
        () => policy,
        () => Promise.resolve(event),
      );
      return stored?.id ?? 0;
    },
  };
});
afterAll(() => parts.garbage.close());

/** How often each kind of step took something away: the model must not be idle. */
const taken = { delete: 0, retain: 0, collect: 0, repository: 0, restored: 0, links: 0, blobs: 0 };

/** What a step may take away: these artifacts exactly, any that nothing protects, or nothing. */
type Allowance = { readonly exactly: ReadonlySet<string> } | 'unprotected' | 'whole' | 'nothing';

interface Step {
  readonly what: keyof typeof taken | 'other';
  readonly repository: WorldRepository;
  readonly allowance: Allowance;
  /** Tags of the repository that it may move or take. */
  readonly tags: ReadonlySet<string> | 'any';
  /** Artifacts that were asked for by name, which may go though they sign something that stays. */
  readonly asked: ReadonlySet<string>;
}

const OTHER = { what: 'other', allowance: 'nothing', asked: new Set<string>() } as const;

async function step(world: ContentWorld, choices: Choices, before: Truth): Promise<Step> {
  const repository = choices.one(world.repositories);
  const { projectId } = repository;
  const other = { ...OTHER, repository, tags: new Set<string>() };
  const roll = choices.below(100);
  if (roll < 24) return world.upload(repository).then(() => other);
  if (roll < 46) return world.push(repository).then(() => ({ ...other, tags: 'any' }));
  if (roll < 52) return world.retag(repository).then((tag) => ({ ...other, tags: new Set(tag === null ? [] : [tag]) }));
  if (roll < 57) return world.untag(repository).then((tag) => ({ ...other, tags: new Set([tag]) }));
  if (roll < 66) return remove(world, choices, repository, before);
  if (roll < 68)
    return world
      .deleteRepository(repository)
      .then(() => ({ ...other, what: 'repository', allowance: 'whole', tags: 'any' }));
  if (roll < 71) return world.unlink(repository).then(() => other);
  if (roll < 75) return world.hold(repository).then(() => other);
  if (roll < 80)
    return world.retain(projectId).then(() => ({ ...other, what: 'retain', allowance: 'unprotected', tags: 'any' }));
  if (roll < 86) return world.collect().then(() => ({ ...other, what: 'collect', allowance: 'unprotected' }));
  if (roll < 93) return world.pass(300 + choices.below(1200)).then(() => other);
  if (roll < 97) return world.restore(projectId).then(() => ({ ...other, what: 'restored', tags: 'any' }));
  return world.purge(projectId).then(() => other);
}

/** A deletion takes what the pure rules say of what the bytes say, and nothing else. */
async function remove(
  world: ContentWorld,
  choices: Choices,
  repository: WorldRepository,
  before: Truth,
): Promise<Step> {
  const digests = choices.some(repository.pushed, 2).map(({ digest }) => digest);
  const along = choices.once(2);
  const roots = digests.map((digest) => ({ digest: hexOf(digest) }));
  const asked = new Set(roots.map(({ digest }) => digest));
  const model = before.repositories.find(({ name }) => name === repository.name)?.model;
  const goes = model ? decide(model.graph([...asked], { along }), roots, along).goes : [];
  await world.delete(repository, digests, along);
  return {
    what: 'delete',
    repository,
    allowance: { exactly: new Set(goes.map(({ digest }) => digest)) },
    tags: 'any',
    asked,
  };
}

/** Compares what is there with what was there before a step. */
function compare(world: ContentWorld, before: Truth, after: Truth, done: Step): void {
  for (const was of before.repositories) {
    const is = after.repositories.find(({ name }) => name === was.name);
    const lost = [...was.model.manifests.keys()].filter((digest) => !is?.model.manifests.has(digest));
    const isOwn = was.name === done.repository.name;
    const isReached = isOwn || (done.what !== 'delete' && done.what !== 'repository');
    checkLost(was, is, lost, isReached ? done : { ...done, allowance: 'nothing', tags: new Set() });
    if (done.what !== 'other') taken[done.what] += lost.length;
    if (done.what === 'collect') taken.links += [...was.links].filter((blob) => !is?.links.has(blob)).length;
  }
  for (const repository of world.repositories) {
    const is = after.repositories.find(({ name }) => name === repository.name);
    for (const digest of world.promisedIn(repository))
      expect([digest, is?.links.has(hexOf(digest))]).toEqual([digest, true]);
  }
  for (const { name, needs, links } of after.repositories)
    for (const [digest, blobs] of needs)
      for (const blob of blobs)
        expect([`${name}@${digest}`, blob, links.has(blob)]).toEqual([`${name}@${digest}`, blob, true]);
}

function checkLost(was: RepositoryTruth, is: RepositoryTruth | undefined, lost: readonly string[], done: Step): void {
  const { allowance, tags, asked } = done;
  const { model } = was;
  const along = new Set(lost.flatMap(schemeTagsOf));
  if (allowance === 'nothing') expect(lost).toEqual([]);
  else if (typeof allowance === 'object') expect(new Set(lost)).toEqual(allowance.exactly);
  for (const digest of lost) expect([digest, model.manifests.get(digest)?.isHeld]).toEqual([digest, false]);
  for (const [tag, digest] of model.tags) {
    const now = is?.model.tags.get(tag);
    const isFixed = model.immutable.has(tag) || model.manifests.get(digest)?.isHeld === true;
    // Tags of the schemes go with what they belong to.
    const isAlong = along.has(tag) && lost.includes(digest);
    const isAllowed = (isAlong || tags === 'any' || tags.has(tag)) && !isFixed;
    if (!isAllowed || (done.what === 'retain' && tag.startsWith('keep'))) expect([tag, now]).toEqual([tag, digest]);
  }
  for (const digest of is?.model.manifests.keys() ?? []) {
    for (const part of model.manifests.get(digest)?.parts ?? [])
      expect([digest, part, is?.model.manifests.has(part)]).toEqual([digest, part, true]);
    // By a tag of the schemes only as long as that tag is there.
    const belongs = model
      .accessoriesOf(digest)
      .filter((accessory) => lost.includes(accessory) && !asked.has(accessory));
    expect([digest, belongs]).toEqual([digest, []]);
  }
}

/** Every byte behind every tag comes back, through the engine. */
async function pullAll({ repositories }: Truth): Promise<void> {
  const { garbage } = parts;
  for (const { projectId, name, model, needs } of repositories) {
    const place = scope(projectId, name);
    for (const digest of model.manifests.keys()) {
      expect(await garbage.operations.readManifest(place, digestFromHex(digest))).not.toBeNull();
      for (const blob of needs.get(digest) ?? []) {
        const read = await garbage.read(place, digestFromHex(blob));
        taken.blobs++;
        expect(read.length).toBeGreaterThan(0);
      }
    }
  }
}

async function checkUsage({ usage }: Truth): Promise<void> {
  for (const [projectId, bytes] of usage)
    expect(await measureUsage(parts.garbage.test.database, projectId)).toMatchObject({ stored: bytes, counted: bytes });
}

async function run(choices: Choices): Promise<void> {
  const { database } = parts.garbage.test;
  const world = await ContentWorld.open(parts, choices);
  const isRuled = choices.once(2);
  if (isRuled) for (const projectId of world.projects) await freeze(projectId);
  const truth = () => readTruth(database, world.projects, (_, tag) => isRuled && tag === 'v1');
  for (const repository of world.repositories) for (let count = 0; count < 4; count++) await world.push(repository);
  let before = await truth();
  for (let count = 0; count < STEPS; count++) {
    const done = await step(world, choices, before);
    await settleLeftCounters(database);
    const after = await truth();
    try {
      compare(world, before, after, done);
      await checkUsage(after);
    } catch (error) {
      throw new Error(`step ${count}, ${done.what}: ${error instanceof Error ? error.message : ''}`, { cause: error });
    }
    before = after;
  }
  await pullAll(before);
  await database.query('delete from uploads where project_id = any($1::int[])', [world.projects]);
}

async function freeze(projectId: number): Promise<void> {
  const rule = {
    priority: 0,
    isDisabled: false,
    selectors: selectorsOf({
      tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v1' }],
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
    }),
  };
  const event = { name: 'immutability-rule.created', projectId, data: {} };
  await new ImmutabilityStore(parts.garbage.test.database).create(projectId, rule, () => event);
}

function hexOf(digest: Digest): string {
  return digestBytes(digest).toString('hex');
}

it('P7 R9 R16 R17 X3 X4 X5 S75 S84 S114 no order of operations makes a tag, a part, a signature or a promise unpullable', async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + WORLDS; seed++)
    await run(new Choices(seed)).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  for (const [what, count] of Object.entries(taken))
    if (what !== 'restored') expect([what, count > 0]).toEqual([what, true]);
}, 3_600_000);
