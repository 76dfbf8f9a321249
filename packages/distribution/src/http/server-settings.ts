import type { Server, ServerOptions } from 'node:http';

/**
 * Options for http.createServer. Node's limit on the whole request is off because honest uploads take hours; the
 * engine watches their progress instead (T12). Headers of 32 KiB leave room for tokens and for requests with very many ranges.
 */
export const REGISTRY_SERVER_OPTIONS: ServerOptions = {
  requestTimeout: 0,
  headersTimeout: 30_000,
  maxHeaderSize: 32 * 1024,
  // Longer than the idle time of common load balancers, which would otherwise reuse a connection we just closed.
  keepAliveTimeout: 75_000,
  noDelay: true,
};

/** Applies the same to a server that somebody else created; only the header size cannot be changed afterwards. */
export function applyServerSettings(server: Server): void {
  server.requestTimeout = REGISTRY_SERVER_OPTIONS.requestTimeout ?? 0;
  server.headersTimeout = REGISTRY_SERVER_OPTIONS.headersTimeout ?? 0;
  server.keepAliveTimeout = REGISTRY_SERVER_OPTIONS.keepAliveTimeout ?? 0;
}
