export { Database, type DatabaseOptions, isSqlState, type Sql, SQLSTATE, type Transaction } from './database.ts';
