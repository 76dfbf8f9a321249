import type { Sql, TransactionalSql } from '@moorage/database';
import type { Digest, RepositoryScope } from '@moorage/distribution';
import { escapeLiteral } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SqlMetadataStore } from './metadata.store.ts';
import {
  change,
  createRegistryFixture,
  descriptor,
  digestFor,
  image,
  index,
  type RegistryFixture,
  scope,
  tag,
} from './testing/registry-fixture.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

const PAGE = 100;
const BIG_TABLES = new Set(['tags', 'manifests', 'repositories', 'repository_blobs', 'blobs']);

let fixture: RegistryFixture;
let big: RepositoryScope;
let projectIds: number[];
const subject: Digest = digestFor('subject');

beforeAll(async () => {
  fixture = await createRegistryFixture();
  const { database } = fixture;
  const projectId = await fixture.project('big');
  big = scope(projectId, 'big/app');
  const [repository] = await database.query<{ id: number }>(
    "insert into repositories (project_id, name, first_pushed_at) values ($1, 'big/app', now()) returning id",
    [projectId],
  );
  await database.query(
    `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, artifact_type, subject_digest,
       type, size, annotations, pushed_by)
     select $1, $2, digest_bytes('sha256:' || encode(sha256(n::text::bytea), 'hex')), 'application/vnd.oci.image.manifest.v1+json',
       '{}', 'image', 'application/type-' || n % 5, case when n > 10000 then digest_bytes($3) end, 'IMAGE', 1,
       jsonb_build_object('note', repeat('x', 200)), 'me'
     from generate_series(1, 20000) n`,
    [repository?.id, projectId, subject],
  );
  // In parts: on a busy machine a statement would end before all of them are there.
  for (let first = 1; first <= 100_000; first += 10_000) {
    await database.query(
      `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
       select $1, $2, 'tag-' || lpad(n::text, 6, '0'), m.id, m.digest, 'me'
       from generate_series($3::int, $3::int + 9999) n join lateral (
         select id, digest from manifests where repository_id = $1 and id = (select min(id) from manifests) + n % 1000
       ) m on true`,
      [repository?.id, projectId, first],
    );
  }
  const projects = await database.query<{ id: number }>(
    "insert into projects (name, owner_id) select 'p' || n, 1 from generate_series(1, 100) n returning id",
  );
  projectIds = projects.map((project) => project.id);
  await database.query(
    `insert into repositories (project_id, name, first_pushed_at)
     select p.id, p.name || '/r' || n, now() from projects p, generate_series(1, 100) n where p.name <> 'big'`,
  );
  await database.query(
    `with blob as (
       insert into blobs (digest, size)
       select digest_bytes('sha256:' || encode(sha256(('blob' || n)::bytea), 'hex')), n from generate_series(1, 50000) n
       returning digest, size
     )
     insert into repository_blobs (repository_id, digest, project_id, size) select $1, digest, $2, size from blob`,
    [repository?.id, projectId],
  );
  await database.query('vacuum analyze');
}, 300_000);
afterAll(() => fixture.close());

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statements that `work` runs on the store. */
async function statementsOf(work: (store: SqlMetadataStore) => Promise<unknown>): Promise<Statement[]> {
  const { database } = fixture;
  const statements: Statement[] = [];
  const spyOn =
    (sql: Sql): Sql['query'] =>
    (text, values = []) => {
      statements.push({ text, values });
      return sql.query(text, values);
    };
  const spy: TransactionalSql = {
    query: spyOn(database),
    run: (statement) => database.run(statement),
    transaction: (inner) => database.transaction((sql) => inner({ ...sql, query: spyOn(sql) })),
  };
  await work(new SqlMetadataStore(spy, { open: () => Promise.resolve(null) }));
  expect(statements.length).toBeGreaterThan(0);
  return statements;
}

/** Plans of all statements: as planned for their values, and as prepared statements are planned for any values. */
async function plansOf(work: (store: SqlMetadataStore) => Promise<unknown>): Promise<PlanNode[]> {
  const plans: PlanNode[] = [];
  for (const statement of await statementsOf(work)) {
    for (const mode of ['force_custom_plan', 'force_generic_plan']) plans.push(await planOf(statement, mode));
  }
  return plans;
}

/** Runs the statement once more, and takes back what it did. */
async function planOf({ text, values }: Statement, mode: string): Promise<PlanNode> {
  const client = await fixture.database.connect();
  try {
    await client.query(`set plan_cache_mode = ${mode}`);
    await client.query('begin');
    await client.query(`prepare examined as ${text}`);
    const execute = values.length > 0 ? `examined(${values.map(literal).join(', ')})` : 'examined';
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      `explain (analyze, format json) execute ${execute}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    if (!plan) throw new Error('no plan');
    return plan;
  } finally {
    client.release(true);
  }
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return escapeLiteral(`{${value.map(element).join(',')}}`);
  return escapeLiteral(textOf(value));
}

function element(value: unknown): string {
  return value === null ? 'NULL' : `"${textOf(value).replaceAll(/["\\]/g, '\\$&')}"`;
}

function textOf(value: unknown): string {
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value);
}

function nodes(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

/** Nodes that read a table from end to end, or touch more rows than a few pages have. */
async function unbounded(work: (store: SqlMetadataStore) => Promise<unknown>, limit = PAGE): Promise<string[]> {
  return (await plansOf(work)).flatMap(nodes).flatMap((node) => {
    const relation = node['Relation Name'] ?? '';
    const rows = node['Actual Rows'] * node['Actual Loops'];
    const scans = BIG_TABLES.has(relation) && node['Node Type'].includes('Seq Scan');
    return scans || rows > limit * 3 + 3 ? [`${node['Node Type']} ${relation}: ${rows} rows`] : [];
  });
}

describe('pages of long lists cost their own length', () => {
  test.each([undefined, 'tag-000001', 'tag-050000', 'tag-099990'])('100,000 tags after %s', async (after) => {
    const options = { limit: PAGE, ...(after ? { after } : {}) };
    expect(await unbounded((store) => store.listTags(big, options))).toEqual([]);
    const page = await fixture.store.listTags(big, options);
    expect(page?.items).toHaveLength(after === 'tag-099990' ? 10 : PAGE);
  });

  test.each([undefined, 'p50/r50', 'p99/r98'])('10,000 repositories after %s, all of them', async (after) => {
    expect(
      await unbounded((store) => store.listRepositories('all', { limit: PAGE, ...(after ? { after } : {}) })),
    ).toEqual([]);
  });

  test.each([undefined, 'p50/r50', 'p98/r50'])('10,000 repositories after %s, by project', async (after) => {
    const filter = { namespaceIds: projectIds };
    const options = { limit: PAGE, ...(after ? { after } : {}) };
    expect(await unbounded((store) => store.listRepositories(filter, options))).toEqual([]);
    const all = await fixture.store.listRepositories('all', options);
    const own = await fixture.store.listRepositories(filter, options);
    const expected = all.items.filter((name) => name !== 'big/app');
    expect(own.items.slice(0, expected.length)).toEqual(expected);
  });

  test.each([
    ['all', [], 10_000],
    ['of one type', ['application/type-3'], 2000],
    ['of a type nobody has', ['application/none'], 0],
  ])('10,000 referrers, %s, first page and deep', async (_, artifactTypes, total) => {
    const options = { artifactTypes, limit: PAGE, maxBytes: 4_000_000 };
    let after: string | undefined;
    let count = 0;
    for (let page = 0; page < 200; page++) {
      const position = { ...options, ...(after === undefined ? {} : { after }) };
      if (page % 15 === 0) expect(await unbounded((store) => store.listReferrers(big, subject, position))).toEqual([]);
      const found = await fixture.store.listReferrers(big, subject, position);
      count += found.items.length;
      after = found.next;
      if (after === undefined) break;
    }
    expect(count).toBe(total);
  });
});

describe('everything else touches single rows', () => {
  const few = 10;

  test('reads of manifests and blobs', async () => {
    const found = await fixture.store.findManifest(big, { tag: tag('tag-077777') });
    const { digest } = found ?? { digest: subject };
    expect(await unbounded((store) => store.findManifest(big, { tag: tag('tag-077777') }), few)).toEqual([]);
    expect(await unbounded((store) => store.findManifest(big, { digest }), few)).toEqual([]);
    expect(await unbounded((store) => store.readManifest(big, digest), few)).toEqual([]);
    expect(await unbounded((store) => store.findBlob(big, digestFor('blob777')), few)).toEqual([]);
    expect(
      await unbounded((store) => store.findBlobSource(scope(big.namespaceId, 'big/b'), digestFor('blob7')), few),
    ).toEqual([]);
    expect(await unbounded((store) => store.hasRepository(big), few)).toEqual([]);
  });

  test('pushes and deletes', async () => {
    const context = change(big);
    const blob = { digest: digestFor('blob7'), size: 7, mediaType: 'application/octet-stream' };
    const pushed = image([blob], { tags: [tag('tag-000007'), tag('new')] });
    expect(await unbounded((store) => store.linkBlob(context, descriptor('another')), few)).toEqual([]);
    expect(
      await unbounded((store) => store.mountBlob(change(scope(big.namespaceId, 'big/b')), blob.digest, big), few),
    ).toEqual([]);
    expect(await unbounded((store) => store.putManifest(context, pushed), few)).toEqual([]);
    expect(
      await unbounded((store) => store.putManifest(context, index([pushed], { tags: [tag('index')] })), few),
    ).toEqual([]);
    expect(await unbounded((store) => store.deleteManifest(context, { tag: tag('tag-000009') }), few)).toEqual([]);
    expect(await unbounded((store) => store.deleteManifest(context, { digest: index([pushed]).digest }), few)).toEqual(
      [],
    );
    expect(await unbounded((store) => store.unlinkBlob(context, digestFor('blob9')), few)).toEqual([]);
  });
});
