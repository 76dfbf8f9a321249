export { ConfirmationService } from './confirmation.service.ts';
export { accountName, type ExternalProof } from './external-account.rules.ts';
export type { AccountOwner } from './external-account.store.ts';
export { type AccountOfProof, ExternalAccountService } from './external-account.service.ts';
export { confirmAccountsPulse } from './identity-source.jobs.ts';
export { IdentitySourceModule } from './identity-source.module.ts';
export { type AnySource, type IdentitySourceOf, settingsOfKind, type SourceChange } from './identity-source.rules.ts';
export { IdentitySourceService } from './identity-source.service.ts';
export { failedCheck, sourceCheck } from './source-check.rules.ts';
export {
  type KnownIdentity,
  type PasswordOutcome,
  type RefreshOutcome,
  type SourceCredentials,
  type SourceDraft,
  type SourceKindHandler,
  SourceKinds,
} from './source-kinds.ts';
