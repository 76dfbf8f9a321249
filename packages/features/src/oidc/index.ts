export { OidcModule } from './oidc.module.ts';
