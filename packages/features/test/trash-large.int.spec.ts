import type { Sql, TransactionalSql } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessService } from '../src/access/index.ts';
import { AccessStore } from '../src/access/access.store.ts';
import { ContentChanges, ContentRemoval, fillItem } from '../src/content/index.ts';
import {
  change,
  createRegistryFixture,
  digestFor,
  image,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import { RemovalService } from '../src/removal/removal.service.ts';
import { emptyTrashPulse } from '../src/trash/index.ts';
import { measureUsage } from '../src/usage/index.ts';
import { outcomeOf, projectRef } from './catalog-core.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const MANIFESTS = 100_000;
/** One statement has half a minute, also on a slow machine. */
const SEEDED_AT_ONCE = 10_000;
// The parts of indexes are few here, and a plan may read them all.
const BIG = new Set(['tags', 'manifests', 'manifest_blobs', 'repository_blobs', 'project_blobs']);
const origin = { reason: 'deleted', by: 'me' } as const;

let fixture: RegistryFixture;
let projectId: number;
let repositoryId: number;

beforeAll(async () => {
  fixture = await createRegistryFixture();
  const { database } = fixture;
  projectId = await fixture.project('big');
  await fixture.store.putManifest(
    change(scope(projectId, 'big/app')),
    image([], { salt: 'first', tags: [tag('first')] }),
  );
  const [repository] = await database.query<{ id: number }>('select id from repositories where project_id = $1', [
    projectId,
  ]);
  repositoryId = repository?.id ?? 0;
  // As pushes leave it, without the history of tags, which is no part of this.
  await database.query('alter table tags disable trigger tags_made');
  await database.query(
    `insert into blobs (digest, size) select digest_bytes('sha256:' || encode(sha256(('layer' || n)::bytea), 'hex')), 1000
     from generate_series(1, 1000) n`,
  );
  await database.query(
    `insert into repository_blobs (repository_id, digest, project_id, size) select $1, digest, $2, size from blobs`,
    [repositoryId, projectId],
  );
  for (let from = 1; from <= MANIFESTS; from += SEEDED_AT_ONCE) {
    await database.query(
      `with made as (
       insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by)
       select $1::bigint, $2::int, digest_bytes('sha256:' || encode(sha256(n::text::bytea), 'hex')),
         'application/vnd.oci.image.manifest.v1+json', '{"n":1}', 'image', 'IMAGE', 1007, 'me'
       from generate_series($3::int, $4::int) n returning id, digest
     ), tagged as (
       insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
       select $1, $2, 'tag-' || id, id, digest, 'me' from made
     )
     insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role)
     select id, $1, digest_bytes('sha256:' || encode(sha256(('layer' || 1 + id % 1000)::bytea), 'hex')), 1000, 'layer', 1, 'layer'
     from made`,
      [repositoryId, projectId, from, from + SEEDED_AT_ONCE - 1],
    );
  }
  // Every hundredth lists the ten before it; nothing lists the one that is deleted alone.
  await database.query(
    `insert into manifest_children (manifest_id, repository_id, position, child_digest)
     select i.id, $1, p, c.digest from manifests i, generate_series(1, 10) p, manifests c
     where i.repository_id = $1 and i.id % 100 = 0 and c.repository_id = $1 and c.id = i.id - p`,
    [repositoryId],
  );
  await database.query('update repositories set artifact_count = $2 + 1, tag_count = $2 + 1 where id = $1', [
    repositoryId,
    MANIFESTS,
  ]);
  await database.query(
    `insert into project_blobs (project_id, digest, size, links)
     select $1::int, digest, 1000, 1 from blobs union all select $1::int, digest, payload_size, 1 from manifests where project_id = $1
     on conflict do nothing`,
    [projectId],
  );
  await database.query('alter table tags enable trigger tags_made');
  await database.query('vacuum analyze');
  await database.query('insert into quota_ledger (project_id, bytes) select $1, $2', [
    projectId,
    (await measureUsage(database, projectId)).counted - (await measureUsage(database, projectId)).stored,
  ]);
}, 600_000);
afterAll(() => fixture.close());

/** Plans of the statements that `work` runs, made for any values. */
async function plansOf(work: (database: TransactionalSql) => Promise<unknown>): Promise<PlanNode[]> {
  const { database } = fixture;
  const statements: { text: string; values: readonly unknown[] }[] = [];
  const spyOn =
    (sql: Sql): Sql['query'] =>
    (text, values = []) => {
      statements.push({ text, values });
      return sql.query(text, values);
    };
  await work({
    query: spyOn(database),
    run: (statement) => database.run(statement),
    transaction: (inner) => database.transaction((sql) => inner({ ...sql, query: spyOn(sql) })),
  });
  expect(statements.length).toBeGreaterThan(5);
  const plans: PlanNode[] = [];
  for (const { text } of statements) {
    const client = await database.connect();
    try {
      const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `explain (generic_plan, format json) ${text}`,
      );
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
      if (plan) plans.push(plan);
    } finally {
      client.release(true);
    }
  }
  return plans;
}

function scansOf(plan: PlanNode): string[] {
  const relation = plan['Relation Name'] ?? '';
  const own = plan['Node Type'] === 'Seq Scan' && BIG.has(relation) ? [relation] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

describe('among 100,000 artifacts', () => {
  it('a preview of all of them decides a part, and says so; of more there is none', async () => {
    const { database } = fixture;
    const removals = new RemovalService(database, new AccessService(new AccessStore(database)));
    const preview = (mode: 'untag' | 'delete', kind: 'tags' | 'artifacts', q: string) =>
      removals.preview(projectRef(projectId, 'big'), 'app', { mode, tags: [], digests: [], matching: { kind, q } });
    const untag = await preview('untag', 'tags', 'name=~tag-');
    expect(untag).toMatchObject({ selected: MANIFESTS, truncated: true, tags: 20_000, artifacts: 0 });
    const removal = await preview('delete', 'artifacts', 'tags=~tag-');
    expect(removal).toMatchObject({ selected: MANIFESTS, truncated: true });
    // Beside what was asked for there are parts of indexes, which stay with their tags.
    expect(removal.artifacts).toBeGreaterThan(15_000);
    expect(removal.artifacts).toBeLessThanOrEqual(20_000);
    expect(await preview('untag', 'tags', 'name=first')).toMatchObject({ selected: 1, truncated: false, tags: 1 });
    expect(await outcomeOf(preview('untag', 'tags', ''))).toBe('PRECONDITION');
  }, 120_000);

  it('deleting one, or its tag, reads no table from end to end', async () => {
    const repository = scope(projectId, 'big/app');
    const artifacts = [{ digest: digestOf('5') }];
    const eventOf = () => ({ data: {} });
    const plans = await plansOf(async (database) => {
      const removal = new ContentRemoval(database);
      const outcome = await removal.removeArtifacts({ repository, artifacts, along: true, origin, eventOf });
      expect(outcome.removed).toHaveLength(1);
      await removal.removeTags({ repository, tags: [{ name: tag('first') }], origin, eventOf });
    });
    expect(plans.flatMap(scansOf)).toEqual([]);
  });

  it('deleting the repository frees its name at once and goes on where it was interrupted', async () => {
    const { database } = fixture;
    const repository = scope(projectId, 'big/app');
    const removed = await new ContentChanges(database).removeRepository(repository, origin, () => ({
      name: 'repository.deleted',
      projectId,
      data: {},
    }));
    expect(removed).toMatchObject({ artifactCount: MANIFESTS, isMoving: true });
    const itemId = removed?.itemId ?? 0;
    expect(await fixture.store.findManifest(repository, { digest: digestOf('7') })).toBeNull();
    await fixture.store.putManifest(change(repository), image([], { salt: 'new', tags: [tag('new')] }));
    let batches = 3;
    expect(await fillItem(database, itemId, () => batches-- > 0)).toBe(false);
    await emptyTrashPulse(database, () => Promise.resolve(false)).run(new AbortController().signal);
    const item = await database.query('select state, artifact_count, tag_count from trash_items where id = $1', [
      itemId,
    ]);
    expect(item).toEqual([{ state: 'kept', artifact_count: MANIFESTS, tag_count: MANIFESTS - 1 }]);
    expect(await database.query('select name from repositories where project_id = $1', [projectId])).toEqual([
      { name: 'big/app' },
    ]);
    const usage = await measureUsage(database, projectId);
    expect(usage.stored).toBe(usage.counted);
  }, 300_000);

  it('purging it gives everything back in batches', async () => {
    const { database } = fixture;
    await database.query(`update trash_items set expires_at = now() where kind = 'repository'`);
    await emptyTrashPulse(database, () => Promise.resolve(false)).run(new AbortController().signal);
    expect(await database.query(`select from trash_items where kind = 'repository'`)).toEqual([]);
    const usage = await measureUsage(database, projectId);
    expect(usage.stored).toBe(usage.counted);
  }, 300_000);
});

function digestOf(text: string): Digest {
  return digestFor(text);
}
