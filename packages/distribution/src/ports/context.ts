import type { RepositoryName } from '../reference.ts';

/**
 * The repository a call is about. `namespaceId` is the owner of the name (the product's project id, 0 in the standalone
 * engine): stores use it in every statement, so that a name can never reach another owner's rows.
 */
export interface RepositoryScope {
  readonly name: RepositoryName;
  readonly namespaceId: number;
}

/** Who asked and how, as the embedding product knows it. The engine only carries it to the stores and hooks. */
export interface Caller {
  /** Stable identity of the caller; upload sessions belong to it. */
  readonly id: string;
}

/** One HTTP request as stores and hooks see it. */
export interface RequestInfo {
  /** Goes into the log and, as X-Request-Id, back to the client; must be safe in a header. */
  readonly id: string;
  readonly address: string;
  readonly userAgent: string;
}

/** Everything a change is attributed to: the repository, the caller and the request. */
export interface ChangeContext {
  readonly repository: RepositoryScope;
  readonly caller: Caller;
  readonly request: RequestInfo;
}
