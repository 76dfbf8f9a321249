export { purgeLoginsPulse } from './oidc.jobs.ts';
export { OidcModule } from './oidc.module.ts';
