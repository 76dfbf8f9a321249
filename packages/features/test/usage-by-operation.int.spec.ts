import type { Digest, Tag } from '@moorage/distribution';
import { ImageFactory, seedUser } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactCopyService } from '../src/artifact-copy/artifact-copy.service.ts';
import { ArtifactCopyStore } from '../src/artifact-copy/artifact-copy.store.ts';
import { ContentChanges } from '../src/content/index.ts';
import { ExecutionService } from '../src/execution/index.ts';
import type { Caller, ProjectRef } from '../src/http/index.ts';
import {
  change,
  createRegistryFixture,
  type RegistryFixture,
  scope,
} from '../src/registry/testing/registry-fixture.ts';
import { TrashService } from '../src/trash/trash.service.ts';
import { measureUsage } from '../src/usage/index.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

const PLAIN = { merge: false, tags: [], skip_taken_tags: false };
const images = new ImageFactory('usage-by-operation-spec');
const artifact = images.image({ layerSizes: [1000, 2000] });
const digest = artifact.root.descriptor.digest as Digest;
const manifestBytes = artifact.manifests.reduce((sum, { bytes }) => sum + bytes.length, 0);
const blobBytes = artifact.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
const layer = artifact.blobs.at(-1);
const layerBytes = layer?.bytes.length ?? 0;

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let caller: Caller;
let own: ProjectRef;
let other: ProjectRef;
let trash: TrashService;
let copies: ArtifactCopyService;

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  caller = callerOf(userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true));
  own = projectRef(await fixture.project('own'), 'own');
  other = projectRef(await fixture.project('other'), 'other');
  trash = new TrashService(fixture.database, new ExecutionService(fixture.database));
  copies = new ArtifactCopyService(
    catalog.artifacts,
    catalog.access,
    new ArtifactCopyStore(fixture.database),
    fixture.store,
  );
});
afterAll(() => fixture.close());

interface Step {
  readonly does: string;
  readonly work: () => Promise<unknown>;
  /** What it adds: bytes and artifacts to the project, and to the other one. */
  readonly own: readonly [number, number];
  readonly other?: readonly [number, number];
}

const mount = (to: ProjectRef, repository: string) =>
  fixture.store.mountBlob(
    change(scope(to.id, `${to.name}/${repository}`)),
    layer?.descriptor.digest as Digest,
    scope(own.id, 'own/app'),
  );
const newestItem = async () => {
  const [row] = await fixture.database.query<{ id: number }>(
    'select max(id) as id from trash_items where project_id = $1',
    [own.id],
  );
  return row?.id ?? 0;
};
const keepNothing = () =>
  fixture.database.query(`update projects set metadata = '{"trash_days": "0"}' where id = $1`, [own.id]);

const STEPS: readonly Step[] = [
  {
    does: 'a push',
    work: () => pushArtifact(fixture, { projectId: own.id, name: 'own/app' }, artifact, ['v1']),
    own: [manifestBytes + blobBytes, 1],
  },
  {
    does: 'the same push again',
    work: () => pushArtifact(fixture, { projectId: own.id, name: 'own/app' }, artifact, ['v1']),
    own: [0, 0],
  },
  { does: 'another tag', work: () => catalog.changes.addTag(caller, own, 'app', digest, 'v2'), own: [0, 0] },
  {
    does: 'a tag that moves where it is',
    work: () =>
      new ContentChanges(fixture.database).moveTag(
        scope(own.id, 'own/app'),
        { name: 'v2' as Tag, digest, pushedBy: 'ada', how: 'revert' },
        { data: {} },
      ),
    own: [0, 0],
  },
  { does: 'a copy within the project', work: () => copies.copy(caller, own, 'copy', 'own/app:v1'), own: [0, 1] },
  {
    does: 'a copy into another project',
    work: () => copies.copy(caller, other, 'copy', 'own/app:v1'),
    own: [0, 0],
    other: [manifestBytes + blobBytes, 1],
  },
  { does: 'a mount within the project', work: () => mount(own, 'mounted'), own: [0, 0] },
  {
    does: 'a tag that is taken off',
    work: () => catalog.changes.removeTag(caller, own, 'app', digest, 'v2'),
    own: [0, 0],
  },
  {
    does: 'the restoration of the tag',
    work: async () => trash.restore(caller, own, await newestItem(), PLAIN),
    own: [0, 0],
  },
  { does: 'a deletion into the trash', work: () => catalog.changes.delete(caller, own, 'app', 'v1'), own: [0, -1] },
  { does: 'its restoration', work: async () => trash.restore(caller, own, await newestItem(), PLAIN), own: [0, 1] },
  {
    does: 'the deletion of what another repository has too',
    work: () => catalog.changes.delete(caller, own, 'app', 'v1'),
    own: [0, -1],
  },
  {
    does: 'its purge',
    work: async () => trash.purge(caller, own, await newestItem()),
    own: [0, 0],
  },
  {
    does: 'the deletion of the last one',
    work: () => catalog.changes.delete(caller, own, 'copy', digest),
    own: [0, -1],
  },
  {
    does: 'the emptying of the trash, but for layers that are linked',
    work: () => trash.purgeAll(caller, own),
    own: [-manifestBytes, 0],
  },
  {
    does: 'a push without the bytes of layers',
    work: () => pushArtifact(fixture, { projectId: own.id, name: 'own/app' }, artifact, ['v1']),
    own: [manifestBytes, 1],
  },
  {
    does: 'a deletion past the trash',
    work: async () => {
      await keepNothing();
      await catalog.changes.delete(caller, own, 'app', 'v1');
    },
    own: [-manifestBytes, -1],
  },
  { does: 'the deletion of a repository', work: () => catalog.repositories.delete(caller, own, 'app'), own: [0, 0] },
  {
    does: 'the deletion of the last repository but the one with a mounted layer',
    work: () => catalog.repositories.delete(caller, own, 'copy'),
    own: [layerBytes - blobBytes, 0],
  },
];

describe('S85 R14 what each operation is charged', () => {
  it.each(STEPS)('$does', async ({ work, own: [bytes, artifacts], other: [otherBytes, otherArtifacts] = [0, 0] }) => {
    const usage = async (project: ProjectRef) => {
      const measured = await measureUsage(fixture.database, project.id);
      expect([measured.stored, measured.storedArtifacts]).toEqual([measured.counted, measured.countedArtifacts]);
      return measured;
    };
    const before = [await usage(own), await usage(other)] as const;
    await work();
    const after = [await usage(own), await usage(other)] as const;
    const added = after.map((now, index) => [
      now.stored - (before[index]?.stored ?? 0),
      now.storedArtifacts - (before[index]?.storedArtifacts ?? 0),
    ]);
    expect(added).toEqual([
      [bytes, artifacts],
      [otherBytes, otherArtifacts],
    ]);
  });
});
