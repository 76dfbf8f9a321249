import { type DestinationEntry, type EgressCheck, parseDestinationList, REFUSAL_REASONS } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { Socket } from 'node:net';
import { SettingsService } from '../settings/index.ts';
import { Connector, type TlsPolicy } from './connector.ts';
import { EgressEnvironment } from './egress-environment.ts';
import { EgressError, failureOf, type Refusal, unreachable } from './egress-error.ts';
import {
  destinationOf,
  type Destination,
  type EgressPolicy,
  isMeantFor,
  refuseAddress,
  refuseDestination,
  refuseRedirect,
  splitCredentials,
} from './egress.rules.ts';
import { type EgressResponse, exchange } from './exchange.ts';
import { RefusalStore } from './refusal.store.ts';
import { Slots } from './slots.ts';

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
const MAX_CALLS = 256;
const MAX_CALLS_PER_DESTINATION = 32;
const CHECK_TIMEOUT_MS = 5_000;

/** One outgoing HTTP call. */
export interface EgressRequest extends TlsPolicy {
  /** The part of the product that asks, for the list of refusals: `oidc`, `federation`, … */
  readonly purpose: string;
  readonly url: string;
  /** GET unless said otherwise. */
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
  /**
   * The origins (scheme, host, port) that Authorization and Cookie headers, and the body, are meant for. A call that
   * carries them elsewhere is refused, a redirect leaves them behind; without this a call may carry no such headers.
   */
  readonly credentialsFor?: string | readonly string[] | undefined;
  /** How many redirects of a GET or HEAD are followed; none unless asked. Each is decided anew. */
  readonly redirects?: number | undefined;
  /** Largest body of the answer, 1 MiB unless said otherwise. */
  readonly maxBytes?: number | undefined;
  /** For everything from the look-up of the name to the last byte; 5 s unless said otherwise. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One outgoing connection of another protocol than HTTP. */
export interface EgressConnection {
  readonly purpose: string;
  readonly host: string;
  readonly port: number;
  /** Null for plain text. */
  readonly tls: TlsPolicy | null;
  readonly timeoutMs?: number | undefined;
}

/** Every connection this product opens to others. */
@Injectable()
export class EgressService {
  readonly #settings: SettingsService;
  readonly #environment: EgressEnvironment;
  readonly #connector: Connector;
  readonly #refusals: RefusalStore;
  readonly #slots = new Slots(MAX_CALLS, MAX_CALLS_PER_DESTINATION);
  readonly #lists = new Map<string, readonly DestinationEntry[]>();

  constructor(settings: SettingsService, environment: EgressEnvironment, connector: Connector, refusals: RefusalStore) {
    this.#settings = settings;
    this.#environment = environment;
    this.#connector = connector;
    this.#refusals = refusals;
  }

  /**
   * Calls another server and reads its whole answer, whatever its status. Throws {@link EgressError} when the call is
   * refused, fails, takes too long or the answer is too large.
   */
  async fetch(request: EgressRequest): Promise<EgressResponse> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    const isReading = [undefined, 'GET', 'HEAD'].includes(request.method);
    const hops = isReading ? (request.redirects ?? 0) : 0;
    let url = readUrl(request.url);
    for (let hop = 0; ; hop++) {
      const answer = await this.#call(url, request, hop > 0, signal);
      const target = hops > 0 ? redirectTarget(answer) : null;
      if (!target) return answer;
      if (hop >= hops) throw new EgressError('bad-answer', `${url.host} redirects more than ${hops} times.`);
      const reason = refuseRedirect(url, target);
      if (reason) throw await this.#refused(request.purpose, hostOf(target), { reason, address: '' });
      url = target;
    }
  }

  /** Opens a connection; the caller owns the socket, and bounds how many it keeps. Throws {@link EgressError}. */
  async connect({ purpose, host, port, tls, timeoutMs }: EgressConnection): Promise<Socket> {
    const destination = { host, port };
    const policy = await this.#policy();
    const signal = AbortSignal.timeout(timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const release = await this.#slots.take(`${host}:${port}`, signal);
      try {
        const { socket } = await this.#connector.connect({ destination, policy, speaksHttp: false, tls, signal });
        return socket;
      } finally {
        release();
      }
    } catch (error) {
      throw await this.#failed(purpose, destination, error);
    }
  }

  /** Says whether the present rules allow a call, and why not. Resolves the name; sends nothing. */
  async check(address: string): Promise<EgressCheck> {
    const read = URL.canParse(address) ? destinationOf(new URL(address)) : ({ refused: 'scheme' } as const);
    if ('refused' in read) {
      return { allowed: false, host: '', port: 0, addresses: [], ...explained(read.refused) };
    }
    const { destination } = read;
    const policy = await this.#policy();
    const early = refuseDestination(destination, policy, true);
    if (early) return { allowed: false, ...destination, addresses: [], ...explained(early) };
    const found = await this.#connector.lookUp(destination.host, true, AbortSignal.timeout(CHECK_TIMEOUT_MS));
    const addresses = found.map((entry) => {
      const reason = refuseAddress(destination, entry.address, policy);
      return { address: entry.address, allowed: reason === null, ...(reason ? explained(reason) : {}) };
    });
    return { allowed: addresses.length > 0 && addresses.every(({ allowed }) => allowed), ...destination, addresses };
  }

  async #call(url: URL, request: EgressRequest, isRedirected: boolean, signal: AbortSignal): Promise<EgressResponse> {
    const read = destinationOf(url);
    if ('refused' in read) {
      throw await this.#refused(request.purpose, hostOf(url), { reason: read.refused, address: '' });
    }
    const { destination } = read;
    const { open, credentials } = splitCredentials(request.headers ?? {});
    const isMeant = isMeantFor(url, [request.credentialsFor ?? []].flat());
    const carriesSecret =
      Object.keys(credentials).length > 0 || (request.credentialsFor !== undefined && request.body !== undefined);
    if (carriesSecret && !isMeant && !isRedirected) {
      throw await this.#refused(request.purpose, destination, { reason: 'credentials', address: '' });
    }
    const policy = await this.#policy();
    const isTls = url.protocol === 'https:';
    try {
      const release = await this.#slots.take(`${destination.host}:${destination.port}`, signal);
      try {
        const tls = isTls ? { caPem: request.caPem, insecure: request.insecure } : null;
        const connection = await this.#connector.connect({ destination, policy, speaksHttp: true, tls, signal });
        return await exchange(connection, {
          url,
          method: request.method ?? 'GET',
          headers: isMeant ? { ...open, ...credentials } : open,
          body: request.body,
          maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
          signal,
        });
      } finally {
        release();
      }
    } catch (error) {
      throw await this.#failed(request.purpose, destination, error);
    }
  }

  async #policy(): Promise<EgressPolicy> {
    const settings = await this.#settings.get();
    return {
      allow: [...this.#environment.allow, ...this.#entries(settings.egress_allow)],
      deny: [...this.#environment.deny, ...this.#entries(settings.egress_deny)],
      listedOnly: settings.egress_listed_only,
    };
  }

  #entries(text: string): readonly DestinationEntry[] {
    const known = this.#lists.get(text);
    if (known) return known;
    const { entries } = parseDestinationList(text);
    // Two settings, and what they were before a change.
    if (this.#lists.size >= 4) this.#lists.clear();
    this.#lists.set(text, entries);
    return entries;
  }

  async #refused(purpose: string, destination: Destination, refusal: Refusal): Promise<EgressError> {
    await this.#refusals.record({ purpose, ...destination, ...refusal });
    return unreachable(destination.host, destination.port, { refusal });
  }

  async #failed(purpose: string, destination: Destination, error: unknown): Promise<EgressError> {
    const failure = failureOf(error, destination);
    if (failure.refusal) await this.#refusals.record({ purpose, ...destination, ...failure.refusal });
    return failure;
  }
}

function readUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new EgressError('unreachable', 'This is not an address: write it as https://host.example.com/path.');
}

/** The destination of an address that may be of any scheme, for a record. */
function hostOf(url: URL): Destination {
  return { host: url.hostname, port: Number(url.port) };
}

function redirectTarget({ status, headers, url }: EgressResponse): URL | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  return URL.canParse(location, url.href) ? new URL(location, url.href) : null;
}

function explained(reason: keyof typeof REFUSAL_REASONS) {
  return { reason, explanation: REFUSAL_REASONS[reason] };
}
