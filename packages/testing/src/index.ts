export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { countStatements, type StatementCounter } from './statement-counter.ts';
