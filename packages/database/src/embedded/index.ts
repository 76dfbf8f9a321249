export { EmbeddedPostgresError } from './embedded-error.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  prepareDataDirectory,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';
export { startTestPostgres } from './test-postgres.ts';
