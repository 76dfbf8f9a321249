import {
  type AddressBytes,
  type DestinationEntry,
  isInNetwork,
  parseAddress,
  type RefusalReason,
} from '@moorage/contracts';
import { type AddressKind, kindOfAddress } from './address.rules.ts';

/** What administrators allow and forbid. */
export interface EgressPolicy {
  readonly allow: readonly DestinationEntry[];
  readonly deny: readonly DestinationEntry[];
  readonly listedOnly: boolean;
}

/** A host as it stands in an address, without brackets, and the port. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Special addresses that an entry by name opens; the others need an entry with the address itself. */
const OPENED_BY_NAME: readonly AddressKind[] = ['public', 'private', 'shared', 'loopback'];

/** Ports of other protocols that read HTTP as commands (the list of the Fetch standard, and databases and caches). */
const FOREIGN_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 2379, 3306, 3659, 4045, 4190,
  5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 10080, 11211, 27017,
]);

/** The destination of an http(s) address, or why it is none. */
export function destinationOf(url: URL): { destination: Destination } | { refused: RefusalReason } {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { refused: 'scheme' };
  if (url.username !== '' || url.password !== '') return { refused: 'userinfo' };
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { destination: { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port } };
}

/**
 * Decides what can be decided before a name is resolved; null lets it go on. `speaksHttp` refuses ports of other
 * protocols, unless the allow list names the destination with that port.
 */
export function refuseDestination(
  destination: Destination,
  policy: EgressPolicy,
  speaksHttp: boolean,
): RefusalReason | null {
  const address = parseAddress(destination.host);
  const named = (entry: DestinationEntry) => matches(entry, destination, address);
  if (policy.deny.some(named)) return 'denied';
  if (speaksHttp && FOREIGN_PORTS.has(destination.port)) {
    return policy.allow.some((entry) => entry.port !== null && named(entry)) ? null : 'port';
  }
  return null;
}

/**
 * Decides on the address a connection to `destination` would go to. The deny list is asked first, then the allow list,
 * then what kind of address it is. Metadata services are only opened by an entry of exactly that address.
 */
export function refuseAddress(destination: Destination, address: string, policy: EgressPolicy): RefusalReason | null {
  const bytes = parseAddress(address);
  if (!bytes) return 'reserved';
  if (policy.deny.some((entry) => matches(entry, destination, bytes))) return 'denied';
  const kind = kindOfAddress(bytes);
  const listed = policy.allow.filter((entry) => matches(entry, destination, bytes));
  if (listed.some((entry) => opens(entry, kind, bytes))) return null;
  if (kind !== 'public') return kind;
  return policy.listedOnly ? 'not-listed' : null;
}

/** Why the target of a redirect must not be called at all: only http(s), and never from https to http. */
export function refuseRedirect(from: URL, to: URL): RefusalReason | null {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return 'redirect';
  return from.protocol === 'https:' && to.protocol === 'http:' ? 'redirect' : null;
}

/** Headers that prove who asks. They go to no other origin than those they are meant for. */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Splits headers into those that may go anywhere and those that prove who asks. */
export function splitCredentials(headers: Readonly<Record<string, string>>): {
  readonly open: Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const isCredential = ([name]: readonly [string, string]) => CREDENTIAL_HEADERS.has(name);
  return {
    open: Object.fromEntries(entries.filter((entry) => !isCredential(entry))),
    credentials: Object.fromEntries(entries.filter(isCredential)),
  };
}

/** Whether credentials meant for `origins` may go to an address: same scheme, host and port (S92, S96). */
export function isMeantFor(url: URL, origins: readonly string[]): boolean {
  return origins.some((origin) => URL.canParse(origin) && new URL(origin).origin === url.origin);
}

/** Whether an entry names a destination by its host; networks name hosts written as addresses. */
export function namesDestination(entry: DestinationEntry, destination: Destination): boolean {
  return matches(entry, destination, parseAddress(destination.host));
}

/** Whether two texts are the same address, however written. */
export function isSameAddress(a: string, b: string): boolean {
  const [left, right] = [parseAddress(a), parseAddress(b)];
  return left !== null && right !== null && left.join() === right.join();
}

function opens(entry: DestinationEntry, kind: AddressKind, address: AddressBytes): boolean {
  if (entry.kind === 'name') return OPENED_BY_NAME.includes(kind);
  return kind !== 'metadata' || entry.bits === address.length * 8;
}

function matches(entry: DestinationEntry, { host, port }: Destination, address: AddressBytes | null): boolean {
  if (entry.port !== null && entry.port !== port) return false;
  if (entry.kind === 'network') return address !== null && isInNetwork(address, entry.base, entry.bits);
  const name = host.toLowerCase().replace(/\.$/, '');
  return entry.isWildcard ? name.endsWith(`.${entry.name}`) : name === entry.name;
}
