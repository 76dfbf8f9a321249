import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { unreachable } from './egress-error.ts';
import type { EgressEnvironment } from './egress-environment.ts';
import {
  type Destination,
  type EgressPolicy,
  isSameAddress,
  namesDestination,
  refuseAddress,
  refuseDestination,
} from './egress.rules.ts';

const MAX_CONTEXTS = 100;

/** How the other side proves who it is. */
export interface TlsPolicy {
  /** PEM certificates of authorities trusted for this endpoint besides the well-known ones. */
  readonly caPem?: string | undefined;
  /** Accepts any certificate. Only for endpoints whose own switch says so. */
  readonly insecure?: boolean | undefined;
}

interface ConnectionRequest {
  readonly destination: Destination;
  readonly policy: EgressPolicy;
  /** HTTP may take the proxy and keeps away from ports of other protocols. */
  readonly speaksHttp: boolean;
  /** Null for plain text. */
  readonly tls: TlsPolicy | null;
  readonly signal: AbortSignal;
}

/** An open connection. */
interface Connection {
  readonly socket: Socket;
  /** Set when plain HTTP goes to a proxy, which wants whole addresses and perhaps this header. */
  readonly viaProxy: { readonly authorization: string | null } | null;
}

/** The addresses of a host, in the order they should be tried. */
type Addresses = readonly { readonly address: string; readonly family: number }[];
type Resolve = (host: string) => Promise<Addresses>;

/**
 * Opens connections. A name is resolved once, every address it has must be allowed, and the socket goes to those
 * addresses and no other, so that a second answer of the name server cannot lead elsewhere (S90).
 */
export class Connector {
  readonly #environment: EgressEnvironment;
  readonly #resolve: Resolve;

  constructor(environment: EgressEnvironment, resolve: Resolve = (host) => lookup(host, { all: true })) {
    this.#environment = environment;
    this.#resolve = resolve;
  }

  /** Connects, with TLS when asked. Throws an `EgressError` for a refusal, else what the socket says. */
  async connect({ destination, policy, speaksHttp, tls, signal }: ConnectionRequest): Promise<Connection> {
    const proxy = speaksHttp ? this.#proxyFor(destination) : null;
    const addresses = await this.#addressesOf(destination, policy, {
      speaksHttp,
      mayBeUnknown: proxy !== null,
      signal,
    });
    if (proxy === null) {
      const socket = await openTcp(destination, addresses, signal);
      return { socket: tls ? await startTls(socket, destination.host, tls, signal) : socket, viaProxy: null };
    }
    const toProxy = await this.#connectToProxy(proxy, signal);
    const authorization = proxyAuthorization(proxy);
    if (!tls) return { socket: toProxy, viaProxy: { authorization } };
    const tunnel = await openTunnel(toProxy, destination, authorization, signal);
    return { socket: await startTls(tunnel, destination.host, tls, signal), viaProxy: null };
  }

  /** The allowed addresses of a destination; throws for the first one that is refused. */
  async #addressesOf(
    destination: Destination,
    policy: EgressPolicy,
    { speaksHttp, mayBeUnknown, signal }: { speaksHttp: boolean; mayBeUnknown: boolean; signal: AbortSignal },
  ): Promise<Addresses> {
    const { host, port } = destination;
    const early = refuseDestination(destination, policy, speaksHttp);
    if (early) throw unreachable(host, port, { refusal: { reason: early, address: '' } });
    const addresses = await this.lookUp(host, mayBeUnknown, signal);
    for (const { address } of addresses) {
      const reason = refuseAddress(destination, address, policy);
      if (reason) throw unreachable(host, port, { refusal: { reason, address } });
    }
    return addresses;
  }

  /** Every address of a host; itself when it is one. Behind a proxy a name may be known to the proxy alone. */
  async lookUp(host: string, mayBeUnknown: boolean, signal: AbortSignal): Promise<Addresses> {
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    try {
      return await unlessAborted(this.#resolve(host), signal);
    } catch (error) {
      if (mayBeUnknown && !signal.aborted) return [];
      throw error;
    }
  }

  #proxyFor(destination: Destination): URL | null {
    const { proxy, noProxy } = this.#environment;
    return proxy && !noProxy.some((entry) => namesDestination(entry, destination)) ? proxy : null;
  }

  /** The proxy is the operator's own choice: no list applies to it. */
  async #connectToProxy(proxy: URL, signal: AbortSignal): Promise<Socket> {
    const isTls = proxy.protocol === 'https:';
    const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(proxy.port) || (isTls ? 443 : 80);
    const socket = await openTcp({ host, port }, await this.lookUp(host, false, signal), signal);
    return isTls ? await startTls(socket, host, {}, signal) : socket;
  }
}

/** What TLS needs to know, also for a protocol that starts TLS by itself on an open connection. */
export function tlsOptions(host: string, { caPem, insecure }: TlsPolicy): ConnectionOptions {
  return {
    host,
    secureContext: contextFor(caPem ?? ''),
    ...(isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

const contexts = new Map<string, SecureContext>();

/** Reading all well-known authorities takes milliseconds, so contexts are kept by what was entered. */
function contextFor(caPem: string): SecureContext {
  const known = contexts.get(caPem);
  if (known) return known;
  const ca = caPem === '' ? {} : { ca: [...getCACertificates('default'), caPem] };
  const context = createSecureContext({ minVersion: 'TLSv1.2', ...ca });
  if (contexts.size >= MAX_CONTEXTS) contexts.clear();
  contexts.set(caPem, context);
  return context;
}

async function openTcp({ host, port }: Destination, addresses: Addresses, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const pinned: LookupFunction = (_host, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else if (first) callback(null, first.address, first.family);
    else callback(new Error('no address'), '');
  };
  const socket = connectTcp({ host, port, lookup: pinned, autoSelectFamily: true, noDelay: true });
  await settled(socket, 'connect', signal);
  if (!addresses.some(({ address }) => isSameAddress(address, socket.remoteAddress ?? ''))) {
    socket.destroy();
    throw unreachable(host, port, { refusal: { reason: 'reserved', address: socket.remoteAddress ?? '' } });
  }
  return socket;
}

async function startTls(socket: Socket, host: string, policy: TlsPolicy, signal: AbortSignal): Promise<TLSSocket> {
  const secure = connectTls({ ...tlsOptions(host, policy), socket });
  await settled(secure, 'secureConnect', signal);
  return secure;
}

async function openTunnel(
  toProxy: Socket,
  { host, port }: Destination,
  authorization: string | null,
  signal: AbortSignal,
): Promise<Socket> {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const call = request({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...(authorization === null ? {} : { 'proxy-authorization': authorization }) },
    createConnection: () => toProxy,
    signal,
  });
  call.end();
  const [answer, socket] = (await once(call, 'connect', { signal })) as [{ statusCode?: number }, Socket];
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  throw unreachable(host, port, { cause: new Error(`the proxy answers ${answer.statusCode}`) });
}

function proxyAuthorization({ username, password }: URL): string | null {
  if (username === '') return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Waits for the event that ends a handshake; destroys the socket when it fails or the signal comes first. */
async function settled(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  }
}

/** A name server cannot be told to stop; its answer is left unread. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
