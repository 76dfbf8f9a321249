export { PortalLoginModule } from './portal-login.module.ts';
export { SessionLoginService } from './session-login.service.ts';
