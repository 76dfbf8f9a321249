export { UserModule } from './user.module.ts';
export type { UserRow } from './user.rules.ts';
export { UserService } from './user.service.ts';
