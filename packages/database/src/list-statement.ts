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
}

export interface ListRows<Row> {
  readonly rows: Row[];
  readonly total: number;
}

/**
 * Reads one page and the number of all matching rows: one statement when the page is the last one, two otherwise,
 * whatever the number of rows.
 */
export async function listRows<Row extends object>(
  database: Sql,
  source: ListSource,
  request: ListPageRequest,
): Promise<ListRows<Row>> {
  const conditions = request.conditions.map((condition) => conditionSql(source.columns, condition));
  const where = allOf([...source.where, ...conditions]);
  const offset = (request.page - 1) * request.pageSize;
  const rows = await database.run<Row>(
    sql`select ${source.select} from ${source.from} where ${where} order by ${orderSql(source, request)} limit ${request.pageSize} offset ${offset}`,
  );
  const last = rows.length < request.pageSize && (rows.length > 0 || offset === 0);
  if (last) return { rows, total: offset + rows.length };
  return { rows, total: await countRows(database, source, where) };
}

async function countRows(database: Sql, source: ListSource, where: Statement): Promise<number> {
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
