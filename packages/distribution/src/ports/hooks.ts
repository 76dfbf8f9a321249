import type { IncomingMessage } from 'node:http';
import type { Digest } from '../digest.ts';
import type { RepositoryName, Tag } from '../reference.ts';
import type { Caller, ChangeContext, RepositoryScope, RequestInfo } from './context.ts';
import type { CatalogFilter, ManifestDescriptor } from './metadata-store.ts';

/** What a request needs: the actions on one repository, and for mounts the right to read another. */
export type RequiredAccess =
  | { readonly kind: 'ping' }
  | { readonly kind: 'catalog' }
  | {
      readonly kind: 'repository';
      readonly name: RepositoryName;
      readonly action: 'pull' | 'push' | 'delete';
      readonly mountFrom?: RepositoryName;
    };

export type Decision =
  | {
      readonly allowed: true;
      readonly caller: Caller;
      /** Present for repository access. */
      readonly repository?: RepositoryScope;
      /** Present when the mount source may be read; absent means the mount falls back to an upload session. */
      readonly mountFrom?: RepositoryScope;
      /** Present for catalog access. */
      readonly catalog?: CatalogFilter;
      /** Manifests may name blobs and children that are not there (lax mode). Default false. */
      readonly allowMissing?: boolean;
    }
  | {
      readonly allowed: false;
      readonly status: 401 | 403 | 404 | 429;
      readonly code: 'UNAUTHORIZED' | 'DENIED' | 'NAME_UNKNOWN' | 'TOOMANYREQUESTS';
      readonly message: string;
      /** Value of WWW-Authenticate, with 401. */
      readonly challenge?: string;
      readonly retryAfterSeconds?: number;
    };

/**
 * How the embedding product takes part. `authorize` decides before any body is read. The others are optional:
 * `before…` hooks may refuse with a message (403 DENIED) before anything is written, `after…` hooks observe, run after
 * the commit, and cannot fail the answer. Durable events are the MetadataStore's own business.
 */
export interface Hooks {
  authorize(message: IncomingMessage, request: RequestInfo, access: RequiredAccess): Promise<Decision> | Decision;
  beforePull?(repository: RepositoryScope, caller: Caller, manifest: ManifestDescriptor): Promise<HookVerdict>;
  beforeManifestPut?(context: ChangeContext, manifest: ManifestDescriptor, tags: readonly Tag[]): Promise<HookVerdict>;
  afterManifestRead?(context: ChangeContext, read: { method: 'GET' | 'HEAD'; digest: Digest; tag?: Tag }): void;
  /** Called when a request failed with 5xx, with the cause. */
  onError?(request: RequestInfo, error: unknown): void;
}

/** Undefined lets the request go on; `warnings` become `Warning: 299` headers. */
export type HookVerdict = { readonly refused?: string; readonly warnings?: readonly string[] } | undefined;
