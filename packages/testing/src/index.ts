export {
  FAKE_USER_DN,
  type FakeDirectory,
  type FakeSearch,
  IN_CHAIN_RULE,
  startFakeDirectory,
} from './directory/fake-directory.ts';
export { type Slapd, SLAPD_USER_PASSWORD, startSlapd } from './directory/slapd.ts';
export { freePort } from './free-port.ts';
export * from './image/index.ts';
export * from './job-issuer/index.ts';
export { describeWith } from './program/describe-with.ts';
export { hasProgram, installCommand, programPath } from './program/programs.ts';
export * from './registry/index.ts';
export { countStatements, type StatementCounter } from './statement-counter.ts';
export { createTempDirectory, type TempDirectory } from './temp-directory.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { seedGroup, seedGroupMember, seedMember, seedProject, seedRepository, seedUser } from './seeds.ts';
export { settleEvents } from './settle-events.ts';
export { repeated } from './repeated.ts';
export {
  startTestIdentityProvider,
  type TestIdentityProvider,
  type TestPerson,
} from './identity-provider/test-identity-provider.ts';
export { type HostileProvider, type Misdeed, startHostileProvider } from './identity-provider/hostile-provider.ts';
