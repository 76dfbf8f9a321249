export { AccessAuthority } from './access-authority.service.ts';
export { AccessModule } from './access.module.ts';
export {
  type AccessDecision,
  decideInProject,
  decideInSystem,
  grantCovers,
  grantsOf,
  holdsGrants,
  permissionsInProject,
  type Reason,
  type RoleBinding,
  roleOf,
} from './access.rules.ts';
export { AccessService } from './access.service.ts';
export { ExplanationModule } from './explanation.module.ts';
export { membershipsOf } from './membership.store.ts';
export { projectFilter } from './project-filter.store.ts';
