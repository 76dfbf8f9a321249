export * from './caller.ts';
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
