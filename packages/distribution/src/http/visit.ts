import type { IncomingMessage } from 'node:http';
import type { Operations } from '../operations/index.ts';
import type { Caller, CatalogFilter, ChangeContext, Hooks, RepositoryScope, RequestInfo } from '../ports/index.ts';
import type { ProgressLimits } from './progress-guard.ts';
import type { Query } from './query.ts';
import type { RequestBody } from './request-body.ts';

/** What endpoints work with; the same for every request of one registry. */
export interface Service {
  readonly operations: Operations;
  readonly hooks: Hooks;
  readonly settings: ServiceSettings;
}

export interface ServiceSettings {
  readonly allowDelete: boolean;
  /** Largest accepted manifest in bytes. */
  readonly manifestBytes: number;
  /** Longest name that may be pushed to: clients refuse host + "/" + name above 255 characters. */
  readonly nameLength: number;
  /** Lifetime of redirects to the storage; undefined serves all bytes from here. */
  readonly redirectSeconds: number | undefined;
  readonly upload: ProgressLimits;
  readonly download: ProgressLimits;
}

/** One request that was routed. */
export interface Visit {
  readonly service: Service;
  readonly message: IncomingMessage;
  readonly info: RequestInfo;
  readonly query: Query;
  readonly body: RequestBody;
}

/** What the authorization hook allowed a visit to use. */
export interface Grant {
  readonly caller: Caller;
  readonly repository: RepositoryScope;
  readonly mountFrom?: RepositoryScope;
  readonly catalog?: CatalogFilter;
  readonly allowMissing: boolean;
}

/** Whom and what a change is attributed to. */
export function changeContext(visit: Visit, grant: Grant): ChangeContext {
  return { repository: grant.repository, caller: grant.caller, request: visit.info };
}
