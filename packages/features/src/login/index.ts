export { type Authorization, type BasicCredentials, parseAuthorization } from './credentials.rules.ts';
export { type Identity, IdentityService } from './identity.service.ts';
export { LoginModule } from './login.module.ts';
export { LoginService } from './login.service.ts';
export { PasswordLoginService } from './password-login.service.ts';
