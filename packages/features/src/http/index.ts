export {
  ANONYMOUS,
  type Caller,
  callerId,
  type CredentialKind,
  type NarrowedRights,
  nameOf,
  type Principal,
  originOf,
  type RequestOrigin,
  type RobotGrant,
  type SubjectKind,
  type SubjectRef,
} from './caller.ts';
export type { FederatedPrincipal, RobotPrincipal, UserPrincipal } from './caller.ts';
export { type Call, Created, GuardedCall, Page, type ProjectRef } from './call.ts';
export {
  type Condition,
  formatCursor,
  type ListRequest,
  parseConditions,
  parseListQuery,
  type SortKey,
} from './list-query.rules.ts';
export { CALL, ENDPOINT, Input, Serve } from './serve.decorator.ts';
export { ExternalAddress } from './external-address.ts';
