export { CHANGE_MS, GRACE_MS, USE_MS } from './confirmation.rules.ts';
export {
  type CredentialVerifier,
  CredentialVerifiers,
  type Precedence,
  type Proof,
  type Recognition,
} from './credential-verifier.ts';
export {
  type Authorization,
  type BasicCredentials,
  isJwt,
  parseAuthorization,
  refuseResetPassword,
} from './credentials.rules.ts';
export { type Identity, type IdentityFinder, IdentityService, subjectOf, userIdentity } from './identity.service.ts';
export { loginFailed } from './login.events.ts';
export { LoginModule } from './login.module.ts';
export { LoginService } from './login.service.ts';
export { PasswordLoginService } from './password-login.service.ts';
