import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentChanges, ContentRemoval } from '../src/content/index.ts';
import {
  change,
  createRegistryFixture,
  image,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';

/*
 * Harbor lets a push through, and retention delete, when it cannot find out whether a tag is immutable (IMM-2, RET-7).
 * Here nobody asks and then acts: what decides is part of the change, and a change that cannot ask does not happen.
 */
let fixture: RegistryFixture;
let projectId: number;
const origin = { reason: 'retention', by: 'policy' } as const;
const first = image([], { salt: 'first', tags: [tag('v1')] });
const other = image([], { salt: 'other', tags: [tag('v1')] });

beforeAll(async () => {
  fixture = await createRegistryFixture();
  projectId = await fixture.project('p');
  await fixture.store.putManifest(change(scope(projectId, 'p/app')), first);
  await fixture.store.putManifest(change(scope(projectId, 'p/app')), image([], { salt: 'free' }));
});
afterAll(() => fixture.close());

const repository = () => scope(projectId, 'p/app');
const shown = () =>
  fixture.database.query<{ name: string; digest: string }>(
    'select name, digest_text(digest) as digest from tags where project_id = $1',
    [projectId],
  );

const PATHS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a push', () => fixture.store.putManifest(change(repository()), other)],
  ['a deletion by tag', () => fixture.store.deleteManifest(change(repository()), { tag: tag('v1') })],
  ['a deletion by digest', () => fixture.store.deleteManifest(change(repository()), { digest: first.digest })],
  [
    'a revert',
    () =>
      new ContentChanges(fixture.database).moveTag(
        repository(),
        { name: tag('v1'), digest: image([], { salt: 'free' }).digest, pushedBy: 'me', how: 'revert' },
        { data: {} },
      ),
  ],
  [
    'retention',
    () =>
      new ContentRemoval(fixture.database).removeArtifacts({
        repository: repository(),
        artifacts: [{ digest: first.digest, knownTags: new Set(['v1']) }],
        along: true,
        origin,
        eventOf: () => ({ data: {} }),
      }),
  ],
  [
    'a deletion of the repository',
    () =>
      new ContentChanges(fixture.database).removeRepository(repository(), origin, () => ({
        name: 'repository.deleted',
        projectId,
        data: {},
      })),
  ],
];

describe.each([
  [
    'rules',
    'alter function immutable_rule_of(int, bigint, text) rename to lost_rule_of',
    'alter function lost_rule_of(int, bigint, text) rename to immutable_rule_of',
  ],
  [
    'holds',
    'alter function hold_of(bigint) rename to lost_hold_of',
    'alter function lost_hold_of(bigint) rename to hold_of',
  ],
])('where %s cannot be looked up', (_, lose, find) => {
  beforeAll(async () => {
    await fixture.database.query(
      `insert into immutable_tag_rules (project_id) select $1 where not exists (select from immutable_tag_rules)`,
      [projectId],
    );
    await fixture.database.query(
      `insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
       select id, 0, 'tag', true, 'other*', '^other' from immutable_tag_rules on conflict do nothing`,
    );
    await fixture.database.query(lose);
  });
  afterAll(() => fixture.database.query(find));

  it.each(PATHS)('S80 IMM-2 nothing is changed by %s', async (_path, attempt) => {
    const before = await shown();
    await expect(attempt()).rejects.toThrow();
    expect(await shown()).toEqual(before);
    expect(before).toEqual([{ name: 'v1', digest: first.digest }]);
  });
});

it('IMM-2 goes on where they can be looked up again', async () => {
  await expect(fixture.store.putManifest(change(repository()), other)).resolves.toMatchObject({ status: 'stored' });
});
