import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ExternalAddress } from '@moorage/features/http';
import type { Door, HttpMeter } from '@moorage/features/metrics';
import type { PortalFiles } from './portal-files.ts';
import { stampOrigin } from './request-origin.ts';
import { setApiHeaders } from './security-headers.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

export interface Doors {
  /** The OCI engine: everything at or below /v2. */
  readonly registry: RequestListener;
  /** Nest: the API, the token service, sign-in. */
  readonly api: RequestListener;
  readonly portal: PortalFiles;
  /** Liveness and readiness; true when the request was one of these. */
  readonly probes: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
  readonly meter: Pick<HttpMeter, 'watch'>;
  readonly proxies: TrustedProxies;
  readonly address: Pick<ExternalAddress, 'isHttpsFor'>;
}

const API_PREFIXES = ['/api/', '/service/', '/c/'];
const METRICS = '/metrics';
/** A connection on which nothing moves for so long is given up (S111). */
const IDLE_MS = 90_000;

/**
 * The first listener of the server. It only looks at the start of the raw path: the engine must see untouched requests,
 * so no framework stands before it (see docs/decisions).
 */
export function createDispatcher(doors: Doors): RequestListener {
  return (request, response) => {
    const url = request.url ?? '/';
    const { requestId } = stampOrigin(request, doors.proxies);
    if (url.startsWith('/v2/') || url === '/v2' || url.startsWith('/v2?')) {
      doors.meter.watch('registry', request, response);
      doors.registry(request, response);
      return;
    }
    response.setHeader('x-request-id', requestId);
    // The engine watches its own transfers; here nothing takes long, and live streams say something before.
    response.setTimeout(IDLE_MS, () => request.socket.destroy());
    const path = url.split('?', 1)[0] as string;
    const door = doorOf(url, path);
    doors.meter.watch(door, request, response);
    if (door === 'probe' && doors.probes(path, request, response)) return;
    const isHttps = doors.address.isHttpsFor(request);
    if (door === 'portal' && doors.portal.serve(request, response, isHttps)) return;
    setApiHeaders(response, isHttps);
    doors.api(request, response);
  };
}

function doorOf(url: string, path: string): Exclude<Door, 'registry'> {
  if (path === '/livez' || path === '/readyz') return 'probe';
  return path === METRICS || API_PREFIXES.some((prefix) => url.startsWith(prefix)) ? 'api' : 'portal';
}
