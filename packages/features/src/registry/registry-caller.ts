import type { ChangeContext, Caller as EngineCaller } from '@moorage/distribution';
import { auditEntry, type AuditedChange } from '../audit/index.ts';
import { type Caller, callerId } from '../http/index.ts';
import type { AuditEntry } from '../outbox/index.ts';

/** The engine's caller as the product passes it through `Decision.caller`: who owns uploads, and who audit rows name. */
export interface RegistryCaller extends EngineCaller {
  readonly caller: Caller;
  /** How content comes here, for the history of tags, when it is no push of a client: `copy`, `replication`. */
  readonly how?: string;
}

/** Makes the engine's caller from the product's. */
export function registryCaller(caller: Caller, how?: string): RegistryCaller {
  return { id: callerId(caller.principal), caller, ...(how === undefined ? {} : { how }) };
}

/** How the content of a change comes here; undefined for a push of a client. */
export function howOf(context: { readonly caller: EngineCaller }): string | undefined {
  return (context.caller as Partial<RegistryCaller>).how;
}

/** The product's caller behind a change. A context without one is a wiring error, never an anonymous change. */
export function callerOf(context: { readonly caller: EngineCaller }): Caller {
  const { caller } = context.caller as Partial<RegistryCaller>;
  if (caller) return caller;
  throw new TypeError('the registry was called with a caller that registryCaller() did not make');
}

/** The audit entry of a change made through the engine. */
export function auditOf(context: ChangeContext, change: AuditedChange): AuditEntry {
  return auditEntry(callerOf(context), change);
}
