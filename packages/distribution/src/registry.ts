import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ContentCache } from './content-cache.ts';
import { handleRequest, type RequestListener } from './http/handler.ts';
import { DEFAULT_PROGRESS, type ProgressLimits } from './http/progress-guard.ts';
import type { Service } from './http/visit.ts';
import { bindOperations, type Operations } from './operations/index.ts';
import type { BlobStore, Hooks, MetadataStore, RequestInfo, UploadStore } from './ports/index.ts';
import { MAX_NAME_LENGTH } from './reference.ts';

export interface RegistryLimits {
  /** Largest accepted manifest in bytes. More than 4 MiB makes images that many clients cannot read (P5). */
  readonly manifestBytes?: number;
  /** Memory for manifests and small blobs that were read recently. */
  readonly cacheBytes?: number;
  /** The slowest body that is still received. */
  readonly upload?: ProgressLimits;
  /** The slowest client that is still served. Progress is seen per buffer of 256 KiB. */
  readonly download?: ProgressLimits;
}

export interface RegistryOptions {
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly metadata: MetadataStore;
  readonly hooks: Hooks;
  readonly limits?: RegistryLimits;
  /** False answers every removal of content with 405. Default true. */
  readonly allowDelete?: boolean;
  /** How clients reach the registry; names that would be too long behind this host are refused (T4). */
  readonly externalUrl?: URL;
  /** Lets a store that can serve blobs itself do so, by redirects of this lifetime (B8). */
  readonly redirectSeconds?: number;
  /** How the embedding product identifies a request, for instance behind a proxy. */
  readonly describeRequest?: (message: IncomingMessage) => RequestInfo;
}

export interface Registry {
  /** Serves every path under /v2; a plain listener for http.createServer or in front of another framework. */
  readonly handler: RequestListener;
  /** The listener for a server's `checkContinue` event: refuses before the client sends its body (T9). */
  readonly checkContinue: RequestListener;
  readonly operations: Operations;
}

const DEFAULT_MANIFEST_BYTES = 4 * 1024 * 1024;
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
const DOWNLOAD_PROGRESS: ProgressLimits = { windowMs: 60_000, minimumBytes: 1 };

/** Puts a registry together from its stores and the hooks of the embedding product. */
export function createRegistry(options: RegistryOptions): Registry {
  const { blobs, uploads, metadata, hooks, limits = {} } = options;
  const cache = new ContentCache(limits.cacheBytes ?? DEFAULT_CACHE_BYTES);
  const service: Service = {
    operations: bindOperations({ blobs, uploads, metadata, cache }, hooks),
    hooks,
    settings: {
      allowDelete: options.allowDelete ?? true,
      manifestBytes: limits.manifestBytes ?? DEFAULT_MANIFEST_BYTES,
      nameLength: MAX_NAME_LENGTH - (options.externalUrl ? options.externalUrl.host.length + 1 : 0),
      redirectSeconds: options.redirectSeconds,
      upload: limits.upload ?? DEFAULT_PROGRESS,
      download: limits.download ?? DOWNLOAD_PROGRESS,
    },
  };
  const describe = options.describeRequest ?? describeDirectly();
  const listen =
    (expectsContinue: boolean): RequestListener =>
    (message: IncomingMessage, response: ServerResponse) => {
      void handleRequest(service, describe(message), message, response, expectsContinue);
    };
  return { handler: listen(false), checkContinue: listen(true), operations: service.operations };
}

/** Request ids that are unique per process and cheap: a random prefix and a counter. */
function describeDirectly(): (message: IncomingMessage) => RequestInfo {
  const prefix = randomBytes(6).toString('hex');
  let count = 0;
  return (message) => ({
    id: `${prefix}-${++count}`,
    address: message.socket.remoteAddress ?? '',
    userAgent: message.headers['user-agent'] ?? '',
  });
}
