import type { NewManifest } from '@moorage/distribution';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleLeftCounters } from './repository-counters.store.ts';
import {
  change,
  createRegistryFixture,
  image,
  index,
  type RegistryFixture,
  scope,
  tag,
} from './testing/registry-fixture.ts';

let fixture: RegistryFixture;
let run = 0;

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());

async function repository() {
  const name = `p${++run}`;
  const projectId = await fixture.project(name);
  const app = scope(projectId, `${name}/app`);
  const listed = () =>
    fixture.database.query<{ digest: string; is_listed: boolean; should: boolean }>(
      `select digest_text(digest) as digest, is_listed, is_manifest_listed(m) as should from manifests m
       where project_id = $1 order by id`,
      [projectId],
    );
  const shows = async (manifest: NewManifest) =>
    (await listed()).find((row) => row.digest === manifest.digest)?.is_listed;
  const counted = async () => {
    const [row] = await fixture.database.query<{ counted: number; changes: number }>(
      `select (r.listed_count + coalesce(sum(l.listed), 0))::int as counted, count(l.listed)::int as changes
       from repositories r left join listed_changes l on l.repository_id = r.id where r.project_id = $1 group by r.id`,
      [projectId],
    );
    return row;
  };
  return {
    listed,
    counted,
    shows,
    push: (manifest: NewManifest, store = fixture.store) => store.putManifest(change(app), manifest),
    remove: (reference: Parameters<RegistryFixture['store']['deleteManifest']>[1], store = fixture.store) =>
      store.deleteManifest(change(app), reference),
  };
}

const signature = (of: NewManifest, salt = 'signature') =>
  image([], {
    salt,
    content: {
      artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json',
      subject: { digest: of.digest, mediaType: of.mediaType, size: of.payload.length },
    },
  });

describe('what lists show', () => {
  test('follows the parts of an index, its tags and its end', async () => {
    const { push, remove, shows } = await repository();
    const [plain, named] = [image([], { salt: 'plain' }), image([], { salt: 'named', tags: [tag('amd64')] })];
    for (const part of [plain, named]) await push(part);
    expect([await shows(plain), await shows(named)]).toEqual([true, true]);
    const both = index([plain, named], { tags: [tag('v1')] });
    await push(both);
    expect([await shows(plain), await shows(named), await shows(both)]).toEqual([false, true, true]);
    await remove({ tag: tag('amd64') });
    expect(await shows(named)).toBe(false);
    await push({ ...plain, tags: [tag('arm64')] });
    expect(await shows(plain)).toBe(true);
    await push({ ...both, tags: [tag('arm64')] });
    expect(await shows(plain)).toBe(false);
    await remove({ digest: both.digest });
    expect([await shows(plain), await shows(named)]).toEqual([true, true]);
  });

  test('follows the subject of an accessory, whichever comes first', async () => {
    const { push, remove, shows } = await repository();
    const subject = image([], { tags: [tag('v1')] });
    const early = signature(subject, 'early');
    await push(early);
    expect(await shows(early)).toBe(true);
    await push(subject);
    const late = signature(subject, 'late');
    await push(late);
    expect([await shows(early), await shows(late), await shows(subject)]).toEqual([false, false, true]);
    await remove({ digest: subject.digest });
    expect([await shows(early), await shows(late)]).toEqual([true, true]);
  });

  test('is right for every manifest after pushes and deletions from several processes at once', async () => {
    const { push, remove, listed, counted } = await repository();
    const stores = [fixture.store, fixture.otherProcess(), fixture.otherProcess()];
    const parts = Array.from({ length: 8 }, (_, n) => image([], { salt: `part ${n}` }));
    for (const part of parts) await push(part);
    const indexes = Array.from({ length: 6 }, (_, n) =>
      index(
        [0, 1, 2].map((offset) => parts[(n + offset) % parts.length] as NewManifest),
        { tags: [tag(`i${n}`)] },
      ),
    );
    const steps = Array.from({ length: 120 }, (_, n) => {
      const store = stores[n % stores.length] as RegistryFixture['store'];
      const [part, group] = [parts[(n * 7) % parts.length], indexes[(n * 5) % indexes.length]] as [
        NewManifest,
        NewManifest,
      ];
      switch (n % 6) {
        case 0:
          return () => push({ ...part, tags: [tag(`t${n % 9}`)] }, store);
        case 1:
          return () => push(group, store);
        case 2:
          return () => remove({ tag: tag(`t${n % 9}`) }, store);
        case 3:
          return () => push(signature(part, `signature ${n}`), store);
        case 4:
          return () => remove({ digest: group.digest }, store);
        default:
          return () => push({ ...part, tags: [tag(`t${(n + 3) % 9}`)] }, store);
      }
    });
    for (let start = 0; start < steps.length; start += 12) {
      await Promise.all(steps.slice(start, start + 12).map((step) => step()));
      const rows = await listed();
      expect(rows.filter((row) => row.is_listed !== row.should)).toEqual([]);
      expect((await counted())?.counted).toBe(rows.filter((row) => row.is_listed).length);
    }
    const rows = await listed();
    await settleLeftCounters(fixture.database);
    expect(await counted()).toEqual({ counted: rows.filter((row) => row.is_listed).length, changes: 0 });
    expect(new Set(rows.map((row) => row.is_listed))).toEqual(new Set([true, false]));
  });
});
