export { type ExternalFacts, ExternalUserService } from './external-user.service.ts';
export { UserModule } from './user.module.ts';
export type { UserRow } from './user.rules.ts';
export { UserService } from './user.service.ts';
export { lapseUsers, type Requirement } from './user.store.ts';
