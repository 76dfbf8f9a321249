import type { Sql } from './database.ts';
import { allOf, anyOf, containing, joined, type SqlValue, type Statement, sql } from './statement.ts';

export type ColumnKind = 'text' | 'number' | 'time' | 'boolean';

/** How a key of `q` or `sort` reads in SQL. */
export interface ListColumn {
  /** The expression compared and sorted by. */
  readonly sql: Statement;
  readonly kind: ColumnKind;
  /** Sorts absent values last in descending order. Only for columns that may be null: it keeps an index from being used. */
  readonly nullable?: boolean;
  /** For keys that no plain comparison answers, such as `tags=nil`; undefined falls back to the comparison. */
  readonly condition?: (condition: ListCondition) => Statement | undefined;
}

export type ListColumns = Readonly<Record<string, ListColumn>>;

/** One checked condition of `q`; numbers and times come as canonical text. */
export type ListCondition =
  | { readonly key: string; readonly op: 'equals' | 'contains'; readonly value: string }
  | {
      readonly key: string;
      readonly op: 'between';
      readonly min?: string | undefined;
      readonly max?: string | undefined;
    }
  | { readonly key: string; readonly op: 'any' | 'all'; readonly values: readonly string[] };

export interface ListPageRequest {
  readonly page: number;
  readonly pageSize: number;
  readonly conditions: readonly ListCondition[];
  readonly sort: readonly { readonly key: string; readonly descending: boolean }[];
  /** Begin after the row with these values of the sort keys and the tiebreak; {@link page} is 1 then. */
  readonly after?: readonly string[] | undefined;
}

/** A list in SQL, without its page. */
export interface ListSource {
  readonly columns: ListColumns;
  readonly select: Statement;
  readonly from: Statement;
  /** Conditions that hold whatever the caller asked for: project, visibility. */
  readonly where: readonly Statement[];
  /** A unique, never null column that makes the order total. */
  readonly tiebreak: Statement;
  /** Stop counting here: beyond it the total is this number. For tables where a full count takes seconds. */
  readonly countLimit?: number | undefined;
  /** Answers where the next page begins. The tiebreak is a whole number. */
  readonly keyset?: true;
  /** Pages far behind the first are found by the tiebreak alone, for a `from` that costs little to name twice. With {@link keyset}. */
  readonly isDeep?: true;
  /** Counts what is there without a condition from elsewhere than the rows, when that is known. */
  readonly countAll?: Statement | undefined;
}

export interface ListRows<Row> {
  readonly rows: Row[];
  /** 0 behind a cursor: nobody counts again. */
  readonly total: number;
  /** For {@link ListPageRequest.after} of the next page; absent at the end, and where the order has no place to name. */
  readonly next?: readonly string[] | undefined;
}

/** What is selected is worked out for every row that is passed over; so many make it worth reading the page by itself. */
const FAR = 1_000;

/**
 * Reads one page and the number of all matching rows: one statement when the page is the last one or behind a cursor, two
 * otherwise, whatever the number of rows.
 */
export async function listRows<Row extends object>(
  database: Sql,
  source: ListSource,
  request: ListPageRequest,
): Promise<ListRows<Row>> {
  const place = placeOf(source, request);
  const where = allOf([
    ...source.where,
    ...request.conditions.map((condition) => conditionSql(source.columns, condition)),
  ]);
  const offset = (request.page - 1) * request.pageSize;
  const found = await database.run<Row & { list_place?: string[] }>(
    place && source.isDeep && offset >= FAR
      ? sql`select ${source.select}, ${place.values} as list_place from ${source.from}
          where ${source.tiebreak} = any(array(select ${source.tiebreak} from ${source.from} where ${where}
            order by ${orderSql(source, request)} limit ${request.pageSize} offset ${offset}))
          order by ${orderSql(source, request)}`
      : sql`select ${source.select}${place ? sql`, ${place.values} as list_place` : sql``} from ${source.from}
          where ${where}${place && request.after ? sql` and ${place.beyond(request.after)}` : sql``}
          order by ${orderSql(source, request)} limit ${request.pageSize} offset ${offset}`,
  );
  const isFull = found.length === request.pageSize;
  const next = isFull && place ? { next: found.at(-1)?.list_place } : {};
  const rows: Row[] = place ? found.map(withoutPlace) : found;
  if (request.after) return { rows, total: 0, ...next };
  if (!isFull && (rows.length > 0 || offset === 0)) return { rows, total: offset + rows.length };
  return { rows, total: await countRows(database, source, request, where), ...next };
}

function withoutPlace<Row extends object>(found: Row & { list_place?: string[] }): Row {
  const row = { ...found };
  delete row.list_place;
  return row;
}

interface ListPlace {
  /** The place of a row, as an array of texts. */
  readonly values: Statement;
  readonly beyond: (after: readonly string[]) => Statement;
}

/** Where a row stands in the order; null when the order has no single direction or the list no keyset pages. */
function placeOf(source: ListSource, request: ListPageRequest): ListPlace | null {
  const descending = request.sort[0]?.descending ?? false;
  if (!source.keyset || request.sort.some((term) => term.descending !== descending)) return null;
  const terms = request.sort.map(({ key }) => columnOf(source.columns, key));
  const columns = [...terms, { sql: source.tiebreak, kind: 'number' } as const];
  if (columns.some((column) => 'nullable' in column && column.nullable)) return null;
  const row = joined(
    columns.map((column) => column.sql),
    ', ',
  );
  return {
    values: sql`array[${joined(
      columns.map((column) => sql`${column.sql}::text`),
      ', ',
    )}]`,
    beyond: (after) => {
      const values = columns.map((column, index) => placeValue(column.kind, after[index] ?? ''));
      if (values.includes(null)) return sql`false`;
      const place = joined(values as Statement[], ', ');
      return descending ? sql`(${row}) < (${place})` : sql`(${row}) > (${place})`;
    },
  };
}

const PLACE_FORMS: Readonly<Record<Exclude<ColumnKind, 'text'>, RegExp>> = {
  number: /^-?[0-9]{1,18}$/,
  time: /^(?:-?infinity|(\d{4})-(\d{2})-(\d{2}) (?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,6})?[+-](?:0\d|1[0-5])(?::[0-5]\d){0,2})$/,
  boolean: /^(?:true|false)$/,
};

/** Whether a text is a value of that kind: one the database refuses to read would fail the statement. */
function isPlaceValue(kind: keyof typeof PLACE_FORMS, value: string): boolean {
  const form = PLACE_FORMS[kind].exec(value);
  const [year, month, day] = (form?.slice(1) ?? []).map(Number);
  if (year === undefined || Number.isNaN(year)) return form !== null;
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  return year > 0 && date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

/** A value of a cursor for comparison; null for one that the list never gave out, behind which nothing stands. */
function placeValue(kind: ColumnKind, value: string): Statement | null {
  if (kind === 'text') return sql`${value}::text`;
  if (!isPlaceValue(kind, value)) return null;
  if (kind === 'number') return sql`${value}::bigint`;
  return kind === 'time' ? sql`${value}::timestamptz` : sql`${value}::boolean`;
}

async function countRows(
  database: Sql,
  source: ListSource,
  request: ListPageRequest,
  where: Statement,
): Promise<number> {
  if (source.countAll && request.conditions.length === 0) {
    const known = await database.run<{ total: number }>(source.countAll);
    return known[0]?.total ?? 0;
  }
  const counted = await database.run<{ total: number }>(
    source.countLimit === undefined
      ? sql`select count(*) as total from ${source.from} where ${where}`
      : sql`select count(*) as total from (select 1 from ${source.from} where ${where} limit ${source.countLimit}) as counted`,
  );
  return counted[0]?.total ?? 0;
}

/** The condition as SQL. Keys without a column are a mistake of the room, not of the caller. */
export function conditionSql(columns: ListColumns, condition: ListCondition): Statement {
  const column = columnOf(columns, condition.key);
  const own = column.condition?.(condition);
  if (own) return own;
  switch (condition.op) {
    case 'equals':
      return sql`${column.sql} = ${typed(column, condition.value)}`;
    case 'contains':
      return sql`${column.sql} ilike ${containing(condition.value)}`;
    case 'between':
      return allOf([
        ...(condition.min === undefined ? [] : [sql`${column.sql} >= ${typed(column, condition.min)}`]),
        ...(condition.max === undefined ? [] : [sql`${column.sql} <= ${typed(column, condition.max)}`]),
      ]);
    case 'any':
      return anyOf(condition.values.map((value) => sql`${column.sql} = ${typed(column, value)}`));
    case 'all':
      return allOf(condition.values.map((value) => sql`${column.sql} = ${typed(column, value)}`));
  }
}

function orderSql(source: ListSource, request: ListPageRequest): Statement {
  const terms = request.sort.map(({ key, descending }) => {
    const column = columnOf(source.columns, key);
    if (column.nullable) return descending ? sql`${column.sql} desc nulls last` : sql`${column.sql} asc nulls first`;
    return descending ? sql`${column.sql} desc` : sql`${column.sql} asc`;
  });
  const descending = request.sort[0]?.descending ?? false;
  return joined([...terms, descending ? sql`${source.tiebreak} desc` : sql`${source.tiebreak} asc`], ', ');
}

function columnOf(columns: ListColumns, key: string): ListColumn {
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (!column) throw new Error(`the list has no column for the key ${JSON.stringify(key)}`);
  return column;
}

/** Numbers as the widest type, so that one beyond the column's range finds nothing instead of failing. */
function typed(column: ListColumn, value: string): SqlValue | Statement {
  if (column.kind === 'number') return sql`${Number(value)}::bigint`;
  return column.kind === 'boolean' ? value === 'true' : value;
}
