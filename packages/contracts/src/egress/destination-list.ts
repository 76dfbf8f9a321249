import { type AddressBytes, parseAddress } from './ip-address.ts';

/** One line of an allow or deny list: hosts by name, or addresses by network; of one port or of all. */
export type DestinationEntry =
  | {
      readonly kind: 'name';
      readonly name: string;
      /** True for `*.name`: every host below it, not itself. */
      readonly isWildcard: boolean;
      readonly port: number | null;
    }
  | { readonly kind: 'network'; readonly base: AddressBytes; readonly bits: number; readonly port: number | null };

const MAX_ENTRIES = 500;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads a list of destinations, separated by commas, spaces or line ends: `example.com`, `*.example.com`, `10.1.0.0/16`,
 * `192.0.2.7`, `2001:db8::/32`, each with `:port` if only that port is meant (IPv6 then in brackets). `problems` names
 * what cannot be read.
 */
export function parseDestinationList(text: string): {
  readonly entries: readonly DestinationEntry[];
  readonly problems: readonly string[];
} {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const read = words.slice(0, MAX_ENTRIES).map((word) => ({ word, entry: parseEntry(word.toLowerCase()) }));
  const problems = read.filter(({ entry }) => entry === null).map(({ word }) => word.slice(0, 80));
  return {
    entries: read.map(({ entry }) => entry).filter((entry) => entry !== null),
    problems: words.length > MAX_ENTRIES ? [...problems, `more than ${MAX_ENTRIES} entries`] : problems,
  };
}

function parseEntry(word: string): DestinationEntry | null {
  const { host, port } = splitPort(word);
  if (port === undefined) return null;
  const network = parseNetwork(host);
  if (network) return { kind: 'network', ...network, port };
  const isWildcard = host.startsWith('*.');
  const name = (isWildcard ? host.slice(2) : host).replace(/\.$/, '');
  const labels = name.split('.');
  // A last label of digits is an address written wrongly, such as 010.1 or 10.1.
  if (!labels.every((label) => LABEL.test(label)) || name.length > 253 || /^[0-9]/.test(labels.at(-1) ?? '')) {
    return null;
  }
  return { kind: 'name', name, isWildcard, port };
}

/** The port is undefined when it is written wrongly. */
function splitPort(word: string): { host: string; port: number | null | undefined } {
  const bracketed = /^\[([^\]]+)\](?::([0-9]{1,5}))?$/.exec(word);
  if (bracketed) return { host: bracketed[1] ?? '', port: portOf(bracketed[2]) };
  const colon = word.indexOf(':');
  if (colon < 0 || colon !== word.lastIndexOf(':')) return { host: word, port: null };
  return { host: word.slice(0, colon), port: portOf(word.slice(colon + 1)) };
}

function portOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function parseNetwork(host: string): { base: AddressBytes; bits: number } | null {
  const slash = host.indexOf('/');
  const address = slash < 0 ? host : host.slice(0, slash);
  const base = parseAddress(address);
  if (!base) return null;
  const full = base.length * 8;
  if (slash < 0) return { base, bits: full };
  const bits = host.slice(slash + 1);
  if (!/^[0-9]{1,3}$/.test(bits)) return null;
  // A network of addresses that stand for IPv4 ones counts its bits from the IPv6 address.
  const own = address.includes(':') && base.length === 4 ? Number(bits) - 96 : Number(bits);
  return own >= 0 && own <= full ? { base, bits: own } : null;
}
