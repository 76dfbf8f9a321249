import type { Digest, NewManifest } from '@moorage/distribution';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ContentChanges, ContentRemoval, digestBytes } from '../src/content/index.ts';
import { decide, schemeTagsOf } from '../src/reachability/index.ts';
import { RepositoryModel } from '../src/reachability/testing/repository-model.ts';
import {
  change,
  createRegistryFixture,
  image,
  index,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import { emptyTrashPulse } from '../src/trash/index.ts';
import { RestorationStore } from '../src/restoration/index.ts';
import { measureUsage } from '../src/usage/index.ts';

let fixture: RegistryFixture;
let serial = 0;
const origin = { reason: 'deleted', by: 'me' } as const;
const eventOf = () => ({ data: {} });

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());

const step = fc.oneof(
  fc.record({
    kind: fc.constant('push' as const),
    parts: fc.array(fc.nat(20), { maxLength: 3 }),
    subject: fc.option(fc.nat(20)),
    tag: fc.nat(6),
  }),
  fc.record({ kind: fc.constant('scheme' as const), of: fc.nat(20), on: fc.nat(20), how: fc.nat(3) }),
  fc.record({ kind: fc.constant('hold' as const), on: fc.nat(20) }),
  fc.record({
    kind: fc.constant('delete' as const),
    roots: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
    along: fc.boolean(),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A repository in the database beside the same one in the model. */
class Pair {
  readonly model = new RepositoryModel();
  readonly pushed = new Map<string, NewManifest>();
  readonly #projectId: number;
  readonly #repository: ReturnType<typeof scope>;

  constructor(projectId: number) {
    this.#projectId = projectId;
    this.#repository = scope(projectId, `m${projectId}/app`);
  }

  async perform(next: Step): Promise<void> {
    const digests = [...this.model.manifests.keys()];
    const at = (n: number) => digests[n % Math.max(digests.length, 1)];
    if (next.kind === 'push') await this.#push(next, at);
    else if (next.kind === 'scheme') await this.#setSchemeTag(at(next.of), at(next.on), next.how);
    else if (next.kind === 'hold') await this.#hold(at(next.on));
    else
      await this.#delete(
        next.roots.flatMap((n) => at(n) ?? []),
        next.along,
      );
  }

  async #push(next: Extract<Step, { kind: 'push' }>, at: (n: number) => string | undefined): Promise<void> {
    const children = [...new Set(next.parts.flatMap((n) => at(n) ?? []))].flatMap((hex) => this.pushed.get(hex) ?? []);
    const subjectHex = next.subject === null ? undefined : at(next.subject);
    const subject = subjectHex === undefined ? undefined : this.pushed.get(subjectHex);
    const name = `t${next.tag}`;
    if (this.model.manifests.get(this.model.tags.get(name) ?? '')?.isHeld) return;
    const content = subject
      ? { subject: { digest: subject.digest, mediaType: subject.mediaType, size: subject.payload.length } }
      : {};
    const options = { salt: `${serial++}`, tags: next.tag < 4 ? [tag(name)] : [], content };
    const manifest = children.length > 0 ? index(children, options) : image([], options);
    const stored = await fixture.store.putManifest(change(this.#repository), manifest);
    if (stored.status !== 'stored') return;
    const digest = hexOf(manifest.digest);
    this.pushed.set(digest, manifest);
    const parts = children.map((child) => hexOf(child.digest));
    this.model.manifests.set(digest, { digest, parts, subject: subjectHex ?? null, isHeld: false });
    if (next.tag < 4) this.model.tags.set(name, digest);
  }

  async #setSchemeTag(of: string | undefined, on: string | undefined, how: number): Promise<void> {
    const target = on === undefined ? undefined : this.pushed.get(on);
    const name = of === undefined ? undefined : schemeTagsOf(of)[how];
    if (!target || on === undefined || name === undefined || this.model.tags.has(name)) return;
    const wanted = { name: tag(name), digest: target.digest, pushedBy: 'me' };
    await new ContentChanges(fixture.database).addTag(this.#repository, wanted, { data: {} });
    this.model.tags.set(name, on);
  }

  async #hold(on: string | undefined): Promise<void> {
    const held = this.model.manifests.get(on ?? '');
    if (!held) return;
    await fixture.database.query(
      `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by)
       select project_id, id, 'legal-hold', 'court', 'me' from manifests where project_id = $1 and digest = decode($2, 'hex')`,
      [this.#projectId, held.digest],
    );
    this.model.manifests.set(held.digest, { ...held, isHeld: true });
  }

  /** Removes in both, compares; sometimes it all comes back and goes again. */
  async #delete(roots: readonly string[], along: boolean): Promise<void> {
    const asked = [...new Set(roots)].map((digest) => ({ digest }));
    const expected = decide(this.model.graph(roots, { along }), asked, along);
    const removal = new ContentRemoval(fixture.database);
    const artifacts = asked.flatMap(({ digest }) => {
      const known = this.pushed.get(digest);
      return known ? [{ digest: known.digest }] : [];
    });
    const outcome = await removal.removeArtifacts({ repository: this.#repository, artifacts, along, origin, eventOf });
    expect(outcome.removed.map((gone) => hexOf(gone.digest)).sort()).toEqual(
      expected.goes.map((gone) => gone.digest).sort(),
    );
    expect(outcome.kept.map((stay) => `${stay.code} ${stay.digest && hexOf(stay.digest)}`).sort()).toEqual(
      expected.stays.map((stay) => `${stay.code} ${stay.digest}`).sort(),
    );
    this.model.apply(expected);
    const usage = await measureUsage(fixture.database, this.#projectId);
    expect(usage.stored).toBe(usage.counted);
  }

  /** Everything in the trash comes back where no tag is in the way, and all indexes are whole. */
  async restoreAll(): Promise<void> {
    const items = await fixture.database.query<{ id: number }>(
      'select id from trash_items where project_id = $1 order by id desc',
      [this.#projectId],
    );
    const store = new RestorationStore(fixture.database);
    const choice = { merge: false, tags: new Map(), skipTakenTags: true, by: 'me', from: '' };
    for (const { id } of items) {
      const event = { name: 'artifact.restored', projectId: this.#projectId, data: {} };
      await store.restore({ projectId: this.#projectId, itemId: id, ...choice }, () => event);
    }
    const broken = await fixture.database.query(
      `select from manifest_children c join manifests m on m.id = c.manifest_id where m.project_id = $1
         and not exists (select from manifests p where p.repository_id = c.repository_id and p.digest = c.child_digest)`,
      [this.#projectId],
    );
    expect(broken).toEqual([]);
    const there = await fixture.database.query<{ digest: string }>(
      `select encode(digest, 'hex') as digest from manifests where project_id = $1`,
      [this.#projectId],
    );
    expect(there.map((row) => row.digest).sort()).toEqual([...this.pushed.keys()].sort());
    const usage = await measureUsage(fixture.database, this.#projectId);
    expect(usage.stored).toBe(usage.counted);
  }
}

function hexOf(digest: Digest): string {
  return digestBytes(digest).toString('hex');
}

it('S75 S84 the database decides as the model does, and what it takes away comes back', async () => {
  const outcome = await fc.check(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const pair = new Pair(await fixture.project(`m${serial++}`));
      for (const next of steps) await pair.perform(next);
      await pair.restoreAll();
      await emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
    }),
    { numRuns: 60, endOnFailure: true },
  );
  expect(fc.defaultReportMessage(outcome)).toBeUndefined();
}, 240_000);
