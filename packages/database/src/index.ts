export {
  Database,
  type DatabaseOptions,
  isPassing,
  isSqlState,
  type Sql,
  SQLSTATE,
  type Transaction,
  type TransactionalSql,
} from './database.ts';
export {
  type ColumnKind,
  conditionSql,
  type ListColumn,
  type ListColumns,
  type ListCondition,
  type ListPageRequest,
  type ListRows,
  type ListSource,
  listRows,
} from './list-statement.ts';
export { allOf, anyOf, containing, joined, type SqlValue, type Statement, sql } from './statement.ts';
