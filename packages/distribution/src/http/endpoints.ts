import type { RequiredAccess } from '../ports/index.ts';
import type { RepositoryName } from '../reference.ts';
import type { Answer } from './answer.ts';
import { deleteBlob, getBlob, headBlob } from './blob-endpoints.ts';
import { getCatalog, getPing, getReferrers, getTags } from './list-endpoints.ts';
import { deleteManifest, getManifest, headManifest, putManifest } from './manifest-endpoints.ts';
import type { Route, RouteKind } from './route.ts';
import { deleteUpload, getUpload, mountSource, patchUpload, postUpload, putUpload } from './upload-endpoints.ts';
import type { Grant, Visit } from './visit.ts';

type Action = 'pull' | 'push' | 'delete';
type RouteOf<K extends RouteKind> = Extract<Route, { kind: K }>;
type Serve<K extends RouteKind> = (visit: Visit, route: RouteOf<K>, grant: Grant) => Promise<Answer> | Answer;

/** One method on one kind of path: what it needs and what it does. */
export interface Endpoint<K extends RouteKind> {
  readonly needs: (visit: Visit, route: RouteOf<K>) => RequiredAccess;
  readonly serve: Serve<K>;
  /** Removes content that was stored: switched off in registries that keep everything. */
  readonly removesContent?: boolean;
}

/** Every endpoint of the protocol. A method that is not listed here is 405 (S18: no verb is implied by another). */
export const ENDPOINTS: { readonly [K in RouteKind]: Readonly<Record<string, Endpoint<K>>> } = {
  ping: reads({ needs: () => ({ kind: 'ping' }), serve: getPing }),
  catalog: reads({ needs: () => ({ kind: 'catalog' }), serve: getCatalog }),
  tags: reads(on('pull', getTags)),
  referrers: reads(on('pull', getReferrers)),
  blob: {
    GET: on('pull', getBlob),
    HEAD: on('pull', headBlob),
    DELETE: { ...on('delete', deleteBlob), removesContent: true },
  },
  manifest: {
    GET: on('pull', getManifest),
    HEAD: on('pull', headManifest),
    PUT: on('push', putManifest),
    DELETE: { ...on('delete', deleteManifest), removesContent: true },
  },
  uploads: {
    POST: {
      needs: (visit, route) => {
        const mountFrom = mountSource(visit);
        return { kind: 'repository', name: route.name, action: 'push', ...(mountFrom ? { mountFrom } : {}) };
      },
      serve: postUpload,
    },
  },
  upload: {
    GET: on('push', getUpload),
    HEAD: on('push', getUpload),
    PATCH: on('push', patchUpload),
    PUT: on('push', putUpload),
    DELETE: on('push', deleteUpload),
  },
};

function on<K extends Exclude<RouteKind, 'ping' | 'catalog'>>(action: Action, serve: Serve<K>): Endpoint<K> {
  const needs = (_visit: Visit, route: { readonly name: RepositoryName }): RequiredAccess => ({
    kind: 'repository',
    name: route.name,
    action,
  });
  return { needs: needs as Endpoint<K>['needs'], serve };
}

/** HEAD gives the same headers as GET; the sender leaves the body out (T13). */
function reads<K extends RouteKind>(endpoint: Endpoint<K>): Record<string, Endpoint<K>> {
  return { GET: endpoint, HEAD: endpoint };
}
