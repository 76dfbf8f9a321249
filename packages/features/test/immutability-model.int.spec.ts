import { AppError } from '@moorage/contracts';
import { type Digest, digestOf, type NewManifest, parseManifest } from '@moorage/distribution';
import { repeated, seedUser } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactCopyService } from '../src/artifact-copy/artifact-copy.service.ts';
import { ArtifactCopyStore } from '../src/artifact-copy/artifact-copy.store.ts';
import { ContentChanges, ContentRemoval, Kept } from '../src/content/index.ts';
import { UntaggedStore } from '../src/garbage-collection/untagged.store.ts';
import type { Principal } from '../src/http/index.ts';
import { selectorsOf } from '../src/immutability/immutability.rules.ts';
import { ImmutabilityStore } from '../src/immutability/immutability.store.ts';
import {
  change,
  createRegistryFixture,
  link,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import { emptyTrashPulse } from '../src/trash/index.ts';
import { RestorationStore } from '../src/restoration/index.ts';
import { callerOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

/** Two repositories; in `app` the tags that begin with v are immutable, but those of release candidates. */
const REPOSITORIES = ['app', 'lib'] as const;
const TAGS = ['v1', 'v2', 'v3-rc1', 'latest', 'dev'] as const;
const isCovered = (repository: string, name: string) =>
  repository === 'app' && name.startsWith('v') && !name.includes('-rc');
const RULE = {
  tag_selectors: [
    { kind: 'doublestar' as const, decoration: 'matches' as const, pattern: 'v*' },
    { kind: 'doublestar' as const, decoration: 'excludes' as const, pattern: '*-rc*' },
  ],
  scope_selectors: {
    repository: [{ kind: 'doublestar' as const, decoration: 'repoMatches' as const, pattern: 'app' }],
  },
};

const EMPTY = { digest: digestOf(Buffer.from('{}')), size: 2 };

/** An index of the parts, or an artifact without layers; no two are alike. */
function manifestOf(
  parts: readonly NewManifest[],
  subject: NewManifest | undefined,
  tags: readonly string[],
): NewManifest {
  const described = ({ digest, mediaType, payload }: NewManifest) => ({ digest, mediaType, size: payload.length });
  const mediaType = `application/vnd.oci.image.${parts.length > 0 ? 'index' : 'manifest'}.v1+json`;
  const config = { ...EMPTY, mediaType: 'application/vnd.oci.empty.v1+json' };
  const body = {
    schemaVersion: 2,
    mediaType,
    ...(parts.length > 0 ? { manifests: parts.map(described) } : { config, layers: [] }),
    ...(subject ? { subject: described(subject) } : {}),
    annotations: { serial: `${serial++}` },
  };
  const payload = Buffer.from(JSON.stringify(body));
  return {
    digest: digestOf(payload),
    payload,
    ...parseManifest(payload, mediaType),
    tags: tags.map(tag),
    allowMissing: false,
  };
}

let fixture: RegistryFixture;
let admin: Principal;
let copies: ArtifactCopyService;
let serial = 0;
beforeAll(async () => {
  fixture = await createRegistryFixture();
  const catalog = testCatalog(fixture.database, fixture.bytes);
  admin = userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true);
  copies = new ArtifactCopyService(
    catalog.artifacts,
    catalog.access,
    new ArtifactCopyStore(fixture.database),
    fixture.store,
  );
});
afterAll(() => fixture.close());

const repository = fc.constantFrom(...REPOSITORIES);
const name = fc.constantFrom(...TAGS);
const which = fc.nat(30);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      repository,
      tags: fc.uniqueArray(name, { maxLength: 3 }),
      parts: fc.array(which, { maxLength: 2 }),
      subject: fc.option(which),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add-tag' as const), which, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move-tag' as const), which, name }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('untag' as const),
      repository,
      names: fc.uniqueArray(name, { minLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      whichs: fc.array(which, { minLength: 1, maxLength: 3 }),
      along: fc.boolean(),
      isRetention: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete-repository' as const), repository }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('collect' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('restore' as const),
      which,
      merge: fc.boolean(),
      skip: fc.boolean(),
      as: fc.option(fc.tuple(name, name)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('copy' as const), which, to: repository }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** How often something was refused by a rule, and how many tags it kept: the model must not be idle. */
const seen = { refused: 0, kept: 0 };

/** What paths say when they refuse; anything else is a defect. */
async function refusable(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Kept) && !(error instanceof AppError)) throw error;
    if (error.message.includes('immutable')) seen.refused++;
  });
}

/** A project in which everything happens that can happen to a tag. */
class World {
  readonly #project: { readonly id: number; readonly name: string };
  readonly #pushed: { readonly repository: string; readonly manifest: NewManifest }[] = [];
  /** The first digest a covered tag had. */
  readonly #promised = new Map<string, string>();
  readonly #origin = { reason: 'deleted', by: 'me' } as const;

  constructor(project: { readonly id: number; readonly name: string }) {
    this.#project = project;
  }

  get keptTags(): number {
    return this.#promised.size;
  }

  async perform(next: Step): Promise<void> {
    await refusable(this.#do(next));
    await this.#check();
  }

  async #do(next: Step): Promise<unknown> {
    const changes = new ContentChanges(fixture.database);
    switch (next.kind) {
      case 'push':
        return this.#push(next);
      case 'again':
        return this.#with(next.which, (place, manifest) => this.#put(place, { ...manifest, tags: [tag(next.name)] }));
      case 'add-tag':
        return this.#with(next.which, (place, { digest }) =>
          changes.addTag(this.#scope(place), { name: tag(next.name), digest, pushedBy: 'me' }, { data: {} }),
        );
      case 'move-tag':
        return this.#with(next.which, (place, { digest }) =>
          changes.moveTag(
            this.#scope(place),
            { name: tag(next.name), digest, pushedBy: 'me', how: 'revert' },
            { data: {} },
          ),
        );
      case 'untag':
        return new ContentRemoval(fixture.database).removeTags({
          repository: this.#scope(next.repository),
          tags: next.names.map((name) => ({ name: tag(name) })),
          origin: this.#origin,
          eventOf: () => ({ data: {} }),
        });
      case 'delete':
        return this.#delete(next);
      case 'delete-repository':
        return changes.removeRepository(this.#scope(next.repository), this.#origin, () => this.#event());
      case 'collect':
        return this.#collect();
      case 'restore':
        return this.#restore(next);
      case 'copy':
        return this.#with(next.which, (place, { digest }) =>
          copies.copy(
            callerOf(admin),
            projectRef(this.#project.id, this.#project.name),
            next.to,
            `${this.#name(place)}@${digest}`,
          ),
        );
      case 'purge':
        await fixture.database.query('update trash_items set expires_at = now() where project_id = $1', [
          this.#project.id,
        ]);
        return emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
    }
  }

  /** By several tags at once, as an engine's push with them does. */
  #push(next: Extract<Step, { kind: 'push' }>): Promise<unknown> {
    const here = this.#pushed.filter((pushed) => pushed.repository === next.repository).map(({ manifest }) => manifest);
    const at = (n: number) => here[n % Math.max(here.length, 1)];
    const parts = [...new Set(next.parts.flatMap((n) => at(n) ?? []))];
    const subject = next.subject === null ? undefined : at(next.subject);
    const manifest = manifestOf(parts, subject, next.tags);
    this.#pushed.push({ repository: next.repository, manifest });
    return this.#put(next.repository, manifest);
  }

  async #put(place: string, manifest: NewManifest): Promise<unknown> {
    const context = change(this.#scope(place));
    await link(fixture.store, context, [{ ...EMPTY, mediaType: '' }]);
    return fixture.store.putManifest(context, manifest);
  }

  #delete(next: Extract<Step, { kind: 'delete' }>): Promise<unknown> {
    const first = this.#pushed[(next.whichs[0] ?? 0) % Math.max(this.#pushed.length, 1)];
    if (!first) return Promise.resolve();
    const here = this.#pushed.filter((pushed) => pushed.repository === first.repository);
    const artifacts = next.whichs.flatMap((n) => here[n % here.length]?.manifest ?? []);
    return new ContentRemoval(fixture.database).removeArtifacts({
      repository: this.#scope(first.repository),
      artifacts: artifacts.map(({ digest }) => ({
        digest,
        ...(next.isRetention ? { knownTags: new Set<string>(TAGS) } : {}),
      })),
      along: next.along,
      origin: next.isRetention ? { reason: 'retention', by: 'policy' } : this.#origin,
      eventOf: () => ({ data: {} }),
    });
  }

  /** What a collection of untagged artifacts does, without any grace. */
  async #collect(): Promise<void> {
    for (const { repository: place, digest } of await new UntaggedStore(fixture.database).list(0, 0, 100))
      await new ContentRemoval(fixture.database).removeArtifacts({
        repository: place,
        artifacts: [{ digest, knownTags: new Set() }],
        along: true,
        origin: this.#origin,
        eventOf: () => ({ data: {} }),
      });
  }

  async #restore(next: Extract<Step, { kind: 'restore' }>): Promise<void> {
    const items = await fixture.database.query<{ id: number }>(
      'select id from trash_items where project_id = $1 order by id',
      [this.#project.id],
    );
    const item = items[next.which % Math.max(items.length, 1)];
    if (!item) return;
    await new RestorationStore(fixture.database).restore(
      {
        projectId: this.#project.id,
        itemId: item.id,
        merge: next.merge,
        tags: new Map(next.as ? [next.as] : []),
        skipTakenTags: next.skip,
        by: 'me',
        from: '',
      },
      () => this.#event(),
    );
  }

  async #with(n: number, act: (place: string, manifest: NewManifest) => Promise<unknown>): Promise<unknown> {
    const found = this.#pushed[n % Math.max(this.#pushed.length, 1)];
    return found ? act(found.repository, found.manifest) : undefined;
  }

  /** Every covered tag that was ever there is, on the artifact it was first on, whose parts are all there. */
  async #check(): Promise<void> {
    const rows = await fixture.database.query<{ repository: string; name: string; digest: Digest; broken: boolean }>(
      `select substr(r.name, strpos(r.name, '/') + 1) as repository, t.name, digest_text(m.digest) as digest,
         exists (select from manifest_children c where c.manifest_id = m.id and not exists
           (select from manifests p where p.repository_id = c.repository_id and p.digest = c.child_digest)) as broken
       from tags t join repositories r on r.id = t.repository_id join manifests m on m.id = t.manifest_id
       where t.project_id = $1`,
      [this.#project.id],
    );
    const now = new Map(rows.map((row) => [`${row.repository}:${row.name}`, row.digest]));
    expect(rows.filter((row) => row.broken)).toEqual([]);
    for (const [key, digest] of this.#promised) expect([key, now.get(key)]).toEqual([key, digest]);
    for (const row of rows)
      if (isCovered(row.repository, row.name)) this.#promised.set(`${row.repository}:${row.name}`, row.digest);
  }

  #name(place: string): string {
    return `${this.#project.name}/${place}`;
  }

  #scope(place: string) {
    return scope(this.#project.id, this.#name(place));
  }

  #event() {
    return { name: 'artifact.changed', projectId: this.#project.id, data: {} };
  }
}

async function newWorld(): Promise<World> {
  const projectName = `keep${serial++}`;
  const id = await fixture.project(projectName);
  const rule = { priority: 0, isDisabled: false, selectors: selectorsOf(RULE) };
  const event = { name: 'immutability-rule.created', projectId: id, data: {} };
  await new ImmutabilityStore(fixture.database).create(id, rule, () => event);
  return new World({ id, name: projectName });
}

describe('an immutable tag', () => {
  it('S80 is changed by no sequence of pushes, deletions, retention, collections, copies and restorations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const world = await newWorld();
        for (const next of steps) await world.perform(next);
        seen.kept += world.keptTags;
      }),
      { seed: 80, numRuns: repeated(40, 1_000), endOnFailure: true },
    );
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.kept).toBeGreaterThan(0);
  }, 3_600_000);
});
