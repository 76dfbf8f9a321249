export { leadingValue, normalizeDn } from './dn.rules.ts';
export { GroupModule } from './group.module.ts';
export type { ExternalGroup, GroupRow, GroupSource } from './group.rules.ts';
export { type GroupReference, GroupService } from './group.service.ts';
export { GroupMembershipService } from './group-membership.service.ts';
