export { SessionModule } from './session.module.ts';
export { clearedCookie, CSRF_HEADER, readCookie, readSessionCookie, sessionCookie } from './session.rules.ts';
export { SessionService } from './session.service.ts';
export { purgeCredentials, purgeCredentialsProcessor } from './session.jobs.ts';
