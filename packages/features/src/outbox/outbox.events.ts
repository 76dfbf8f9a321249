import type { CredentialKind } from '../http/index.ts';

/** What an audit row says, without its time and id. Written only through an event, so none is lost or invented. */
export interface AuditEntry {
  readonly actorKind: 'user' | 'robot' | 'federated' | 'anonymous' | 'system';
  readonly actorId: number | null;
  readonly username: string;
  readonly credentialKind: CredentialKind;
  readonly clientAddress: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** For example `project`, `artifact`, `robot`. */
  readonly resourceType: string;
  /** Name of the object, for example `library/web:v1`. */
  readonly resource: string;
  /** create, update, delete, pull, login … */
  readonly operation: string;
  readonly description: string;
  readonly succeeded: boolean;
  /** Status of the HTTP answer. */
  readonly status: number;
  /** Allow-listed fields before and after a change; never secrets. */
  readonly before?: object;
  readonly after?: object;
}

/** Something that happened, `<room>.<noun-past>`; `data` carries ids and names, never secrets. */
export interface DomainEvent {
  readonly name: string;
  readonly projectId: number | null;
  readonly data: object;
  readonly audit?: AuditEntry;
}

/** One of several alike things one event tells of: when it happened, and in which request. */
export interface Occurrence {
  readonly at: Date;
  readonly requestId: string;
}

/**
 * A place in the order of events: by transaction, then by id. Ids alone would not do, since a transaction that began
 * early may commit late.
 */
export interface EventPosition {
  /** A transaction id as decimal text; it outgrows 2^53 in principle. */
  readonly transaction: string;
  readonly id: number;
}

/** An event as it is read back. */
export interface StoredEvent {
  readonly position: EventPosition;
  readonly name: string;
  readonly projectId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly audit?: AuditEntry;
  /** Set when the event tells of several alike things; each of them has an audit row of its own. */
  readonly occurrences?: readonly Occurrence[];
  readonly occurredAt: Date;
}
