export { freePort } from './free-port.ts';
export * from './image/index.ts';
export { describeWith } from './program/describe-with.ts';
export { hasProgram, installCommand, programPath } from './program/programs.ts';
export * from './registry/index.ts';
export { countStatements, type StatementCounter } from './statement-counter.ts';
export { createTempDirectory, type TempDirectory } from './temp-directory.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { seedMember, seedProject, seedRepository, seedUser } from './seeds.ts';
