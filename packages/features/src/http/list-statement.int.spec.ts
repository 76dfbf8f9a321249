import { type ListColumns, type ListPageRequest, listRows, type Sql, sql } from '@moorage/database';
import { countStatements, createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COLUMNS: ListColumns = {
  name: { sql: sql`t.name`, kind: 'text' },
  size: { sql: sql`t.size`, kind: 'number', nullable: true },
  at: { sql: sql`t.at`, kind: 'time' },
  open: { sql: sql`t.open`, kind: 'boolean' },
};
const NAMES = ['a_b', 'a%', 'axb', String.raw`a\b`, 'A_B', "a'b"];

const request = (change: Partial<ListPageRequest>): ListPageRequest => ({
  page: 1,
  pageSize: 100,
  conditions: [],
  sort: [{ key: 'name', descending: false }],
  ...change,
});

describe('listRows', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.query(
      'create table t (id int generated always as identity, name text collate "C", size bigint, at timestamptz, open boolean)',
    );
    await test.database.query(
      `insert into t (name, size, at, open)
       select name, nullif(n, 6), timestamptz '2026-01-01T00:00:00Z' + n * interval '1 day', n % 2 = 0
       from unnest($1::text[]) with ordinality as given (name, n)`,
      [NAMES],
    );
  });
  afterAll(() => test.close());

  function list(change: Partial<ListPageRequest>, extra: object = {}, database: Sql = test.database) {
    return listRows<{ name: string }>(
      database,
      { columns: COLUMNS, select: sql`t.name`, from: sql`t`, where: [], tiebreak: sql`t.id`, ...extra },
      request(change),
    );
  }
  const names = async (condition: ListPageRequest['conditions'][number]) =>
    (await list({ conditions: [condition] })).rows.map((row) => row.name);

  it.each([
    [{ key: 'name', op: 'equals', value: 'a_b' }, ['a_b']],
    [{ key: 'name', op: 'contains', value: '_' }, ['A_B', 'a_b']],
    [{ key: 'name', op: 'contains', value: '%' }, ['a%']],
    [{ key: 'name', op: 'contains', value: '\\' }, ['a\\b']],
    [{ key: 'name', op: 'contains', value: "'" }, ["a'b"]],
    [{ key: 'name', op: 'any', values: ['a%', 'axb', 'none'] }, ['a%', 'axb']],
    [{ key: 'name', op: 'all', values: ['a%', 'axb'] }, []],
    [{ key: 'size', op: 'between', min: '2', max: '3' }, ['a%', 'axb']],
    [{ key: 'size', op: 'between', min: '5' }, ['A_B']],
    [{ key: 'at', op: 'between', max: '2026-01-02T00:00:00.000Z' }, ['a_b']],
    [{ key: 'open', op: 'equals', value: 'true' }, ['a%', "a'b", 'a\\b']],
  ] as [ListPageRequest['conditions'][number], string[]][])('answers %j', async (condition, expected) => {
    expect((await names(condition)).sort()).toEqual([...expected].sort());
  });

  it('orders by every key with the id last, and walks all pages without gap or repeat', async () => {
    const seen: string[] = [];
    for (let page = 1; page <= 3; page++) {
      const { rows, total } = await list({ page, pageSize: 2, sort: [{ key: 'open', descending: true }] });
      expect(total).toBe(6);
      seen.push(...rows.map((row) => row.name));
    }
    expect(seen).toEqual(["a'b", 'a\\b', 'a%', 'A_B', 'axb', 'a_b']);
  });

  it.each([
    '2026-02-30 00:00:00+00',
    '0000-01-01 00:00:00+00',
    '2026-13-01 00:00:00+00',
    '2026-01-01 24:61:00+00',
    '2026-01-01 00:00:00+99',
  ])('shows nothing behind a place in time that the list never gave out: %s', async (time) => {
    const sort = [{ key: 'at', descending: false }];
    expect((await list({ sort, after: [time, '0'] }, { keyset: true })).rows).toEqual([]);
    const first = await list({ sort, pageSize: 4 }, { keyset: true });
    expect((await list({ sort, after: first.next ?? [] }, { keyset: true })).rows).toHaveLength(2);
  });

  it('finds a page far behind the first by id, the same rows in the same order', async () => {
    await test.database.query(
      `create table far as select n as id, 'n' || n % 7 as name, n as size from generate_series(1, 1500) n`,
    );
    const extra = {
      select: sql`f.id`,
      from: sql`far f`,
      where: [sql`f.size > 100`],
      tiebreak: sql`f.id`,
      keyset: true,
    };
    const columns = { name: { sql: sql`f.name`, kind: 'text' } };
    for (const descending of [true, false]) {
      const page = { page: 12, sort: [{ key: 'name', descending }] };
      const near = await list(page, { ...extra, columns });
      const far = await list(page, { ...extra, columns, isDeep: true });
      expect(far).toEqual(near);
      expect(far).toMatchObject({ total: 1400, next: [expect.any(String), expect.any(String)] });
      expect((await list({ ...page, page: 15 }, { ...extra, columns, isDeep: true })).rows).toEqual([]);
    }
  });

  it('puts absent values last in descending order', async () => {
    const { rows } = await list({ sort: [{ key: 'size', descending: true }] });
    expect(rows.map((row) => row.name)).toEqual(['A_B', 'a\\b', 'axb', 'a%', 'a_b', "a'b"]);
  });

  it('counts beyond the end, and up to the limit of counting', async () => {
    expect(await list({ page: 9 })).toEqual({ rows: [], total: 6 });
    expect((await list({ pageSize: 1 }, { countLimit: 4 })).total).toBe(4);
    const filtered = { pageSize: 1, conditions: [{ key: 'open', op: 'equals', value: 'true' }] as const };
    expect((await list(filtered)).total).toBe(3);
  });

  it('refuses a key without a column and never lets it reach SQL', async () => {
    await expect(list({ sort: [{ key: 'id; drop table t', descending: false }] })).rejects.toThrow('has no column');
    await expect(list({ sort: [{ key: 'constructor', descending: false }] })).rejects.toThrow('has no column');
  });

  it('asks once for a list that fits its page and twice otherwise', async () => {
    const counter = countStatements(test.database);
    await list({}, {}, counter.database);
    expect(counter.take()).toBe(1);
    await list({ pageSize: 2 }, {}, counter.database);
    expect(counter.take()).toBe(2);
  });
});
