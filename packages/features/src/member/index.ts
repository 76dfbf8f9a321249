export { MemberModule } from './member.module.ts';
