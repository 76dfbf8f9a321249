export { ClaimReader } from './claim-reader.ts';
export { proofOf, type ReadClaims } from './claims.rules.ts';
export { OidcProviderModule } from './oidc-provider.module.ts';
export { ProviderKeys } from './provider-keys.ts';
export { isSameIssuer, scopesOf } from './protocol.rules.ts';
export { type LoginChecks, ProviderService, type ProviderTerms } from './provider.service.ts';
export { isGone, SignInError, signInErrorOf } from './sign-in-failure.rules.ts';
