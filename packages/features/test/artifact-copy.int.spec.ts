import { ArtifactFactory, ImageFactory, seedMember, seedUser } from '@moorage/testing';
import fc from 'fast-check';
import type { Digest } from '@moorage/distribution';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArtifactName } from '../src/artifact/index.ts';
import { inCopyOrder } from '../src/artifact-copy/artifact-copy.rules.ts';
import { ArtifactCopyService } from '../src/artifact-copy/artifact-copy.service.ts';
import { ArtifactCopyStore } from '../src/artifact-copy/artifact-copy.store.ts';
import type { Principal, ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture, usageOf } from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

let fixture: RegistryFixture;
let copies: ArtifactCopyService;
let catalog: ReturnType<typeof testCatalog>;
let source: ProjectRef;
let target: ProjectRef;
let admin: Principal;
let stranger: Principal;
const images = new ImageFactory('artifact-copy-spec');
const factory = new ArtifactFactory(images);
const multi = images.nestedIndex();
const subject = multi.root.descriptor;
const signature = factory.cosignSignature(subject, 'source/app');
const bundle = factory.cosignBundle(subject);
const nested = factory.sbom(bundle.root.descriptor);

const copy = (from: string, to = target, principal = admin, repository = 'deep/app') =>
  copies.copy(callerOf(principal), to, repository, from);
const digestsIn = async (project: ProjectRef) => {
  const rows = await fixture.database.query<{ digest: string }>(
    'select digest_text(digest) as digest from manifests where project_id = $1 order by 1',
    [project.id],
  );
  return rows.map((row) => row.digest);
};

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  source = projectRef(await fixture.project('source'), 'source');
  target = projectRef(await fixture.project('target'), 'target');
  admin = userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true);
  stranger = userPrincipal(await seedUser(fixture.database, 'bob'), 'bob');
  await seedMember(fixture.database, target.id, (stranger as { id: number }).id, 2);
  copies = new ArtifactCopyService(
    catalog.artifacts,
    catalog.access,
    new ArtifactCopyStore(fixture.database),
    fixture.store,
  );
  const place = { projectId: source.id, name: 'source/app' };
  await pushArtifact(fixture, place, multi, ['v1', 'latest']);
  for (const accessory of [signature, bundle, nested]) await pushArtifact(fixture, place, accessory);
  await pushArtifact(fixture, place, images.image(), ['other']);
});
afterAll(() => fixture.close());

describe('a copy', () => {
  it('takes parts, accessories and tags along, and tells how they came', async () => {
    expect(await copy('source/app:v1')).toBe(subject.digest);
    const all = [multi, signature, bundle, nested].flatMap(({ manifests }) =>
      manifests.map(({ descriptor }) => descriptor.digest),
    );
    expect(await digestsIn(target)).toEqual([...all].sort());
    const copied = await catalog.artifacts.get(target, 'deep/app', 'latest', {
      with_tag: true,
      with_label: false,
      with_immutable_status: false,
      with_accessory: true,
      with_inherited_accessory: false,
    });
    expect(copied.tags?.map((tag) => tag.name).sort()).toEqual(['latest', 'v1']);
    expect(copied.accessories?.map((accessory) => accessory.type).sort()).toEqual([
      'signature.cosign',
      'signature.cosign',
    ]);
    const original = await catalog.artifacts.find(source, 'app', 'v1');
    expect(copied).toMatchObject({ size: original.size, references: [{}, {}], pushed_by: 'ada' });
    expect((await catalog.artifacts.find(target, 'deep/app', signature.tag as string)).digest).toBe(
      signature.root.descriptor.digest,
    );
    const moves = await fixture.database.query(
      'select distinct operation, moved_by from tag_moves where project_id = $1',
      [target.id],
    );
    expect(moves).toEqual([{ operation: 'copy', moved_by: 'ada' }]);
    expect(await usageOf(fixture.database, target.id)).toBeGreaterThan(0);
  });

  it('takes along what belongs to it by a tag alone: the fallback index of referrers, and images under the tags of cosign', async () => {
    const app = images.image();
    const tag = app.root.descriptor.digest.replace(':', '-');
    const referrer = images.image();
    const fallback = images.index([referrer]);
    const [plain, proof, elsewhere] = [images.image(), images.image(), images.image()];
    const wrapper = images.index([app]);
    const place = { projectId: source.id, name: 'source/tagged' };
    await pushArtifact(fixture, place, app, ['v1']);
    await pushArtifact(fixture, place, fallback, [tag]);
    await pushArtifact(fixture, place, plain, [`${tag}.sig`, 'not-along']);
    await pushArtifact(fixture, place, proof, [`${plain.root.descriptor.digest.replace(':', '-')}.att`]);
    await pushArtifact(fixture, place, elsewhere, [`${tag}.txt`]);
    await pushArtifact(fixture, place, wrapper, [`${tag}.sbom`]);
    const fresh = projectRef(await fixture.project('fresh'), 'fresh');
    await copy('source/tagged:v1', fresh, admin, 'app');
    const all = [app, referrer, fallback, plain, proof].map(({ root }) => root.descriptor.digest);
    expect(await digestsIn(fresh)).toEqual([...all].sort());
    const tags = await fixture.database.query<{ name: string }>(
      'select name from tags where project_id = $1 order by name',
      [fresh.id],
    );
    expect(tags.map(({ name }) => name).sort()).toEqual(
      ['v1', tag, `${tag}.sig`, `${plain.root.descriptor.digest.replace(':', '-')}.att`].sort(),
    );
  });

  it('is refused when the artifact is there, is an accessory, or is named badly', async () => {
    expect(await outcomeOf(copy(`source/app@${subject.digest}`))).toBe('CONFLICT');
    expect(await outcomeOf(copy(`source/app@${bundle.root.descriptor.digest}`))).toBe('METHOD_NOT_ALLOWED');
    for (const from of ['source', 'source/app', 'source/app@sha256:12', 'source/App:v1', '/app:v1', 'source/app:']) {
      expect(await outcomeOf(copy(from))).toBe('BAD_REQUEST');
    }
    expect(await outcomeOf(copy('source/app:none'))).toBe('NOT_FOUND');
  });

  it('is refused of what a copy of another takes along by a tag alone, and takes what it names when it belongs to nothing', async () => {
    const place = { projectId: source.id, name: 'source/fallback' };
    const [app, referrer] = [images.image(), images.image()];
    const tag = app.root.descriptor.digest.replace(':', '-');
    const fallback = images.index([referrer]);
    await pushArtifact(fixture, place, fallback, [tag, 'kept']);
    const empty = projectRef(await fixture.project('orphans'), 'orphans');
    // Its subject is not there: it is an artifact like any other.
    await copy(`source/fallback:${tag}`, empty, admin, 'app');
    expect(await digestsIn(empty)).toEqual([fallback, referrer].map(({ root }) => root.descriptor.digest).sort());
    await pushArtifact(fixture, place, app, ['v1']);
    const other = projectRef(await fixture.project('refused'), 'refused');
    for (const name of [tag, 'kept', `@${fallback.root.descriptor.digest}`]) {
      const reference = name.startsWith('@') ? name : `:${name}`;
      expect(await outcomeOf(copy(`source/fallback${reference}`, other, admin, 'app'))).toBe('METHOD_NOT_ALLOWED');
    }
    // What lists its subject does not go along with it, so it is copied by itself.
    const wrapper = images.index([app]);
    await pushArtifact(fixture, place, wrapper, [`${tag}.att`]);
    await copy(`source/fallback:${tag}.att`, other, admin, 'app');
    expect(await digestsIn(other)).toContain(wrapper.root.descriptor.digest);
  });

  it('needs the right to pull the source', async () => {
    expect(await outcomeOf(copy('source/app:other', target, stranger))).toBe('FORBIDDEN');
    expect(await outcomeOf(copy('nowhere/app:other', target, stranger))).toBe('FORBIDDEN');
    await seedMember(fixture.database, source.id, (stranger as { id: number }).id, 5);
    expect(await outcomeOf(copy('source/app:other', target, stranger))).toBe('ok');
  });

  it('obeys quota and immutability of the target', async () => {
    const small = projectRef(await fixture.project('small', 100), 'small');
    expect(await outcomeOf(copy('source/app:v1', small))).toBe('DENIED');
    expect(await digestsIn(small)).toEqual([]);
    const strict = projectRef(await fixture.project('strict'), 'strict');
    await pushArtifact(fixture, { projectId: strict.id, name: 'strict/app' }, images.image(), ['v1']);
    await fixture.database.query(
      `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
       insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
       select id, 1, 'tag', true, 'v*', '^v.*$' from rule`,
      [strict.id],
    );
    expect(await outcomeOf(copy('source/app:v1', strict, admin, 'app'))).toBe('PRECONDITION');
    expect((await catalog.artifacts.find(strict, 'app', 'v1')).digest).not.toBe(subject.digest);
  });
});

describe('what is copied', () => {
  it('is read from text without mistaking one part for another', () => {
    expect(parseArtifactName('p/a/b:v1.0')).toEqual({ project: 'p', repository: 'a/b', reference: 'v1.0' });
    expect(parseArtifactName(`p/a@${subject.digest}`)).toEqual({
      project: 'p',
      repository: 'a',
      reference: subject.digest,
    });
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => void parseArtifactName(text)));
  });

  it('comes in an order in which everything finds what it needs, the root last', () => {
    const manifest = fc.record({
      depth: fc.nat({ max: 4 }),
      isRoot: fc.boolean(),
      digest: fc.constant(subject.digest as Digest),
    });
    fc.assert(
      fc.property(fc.array(manifest), (manifests) => {
        const order = inCopyOrder(manifests);
        const others = order.filter((item) => !item.isRoot);
        expect(others.map((item) => item.depth)).toEqual(others.map((item) => item.depth).sort((a, b) => a - b));
        expect(order.findIndex((item) => item.isRoot)).toBe(order.some((item) => item.isRoot) ? others.length : -1);
      }),
    );
  });
});
