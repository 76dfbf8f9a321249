import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Config } from '@moorage/config';

/** What a request tells of its sender, as far as it may be believed. */
export interface Sender {
  readonly address: string;
  /** The client's own connection was TLS, says a trusted proxy. */
  readonly isHttps: boolean;
}

/**
 * Whom forwarded headers are believed from (S8). From everybody else they are text without meaning. X-Forwarded-For is
 * read from its end: each trusted proxy wrote down whom it was called by, and the first address that is no proxy is the
 * client; what stands before it was written by the client itself.
 */
export class TrustedProxies {
  readonly #networks = new BlockList();

  constructor(networks: Config['trustedProxies']) {
    for (const { address, prefix, family } of networks ?? []) this.#networks.addSubnet(address, prefix, family);
  }

  /** Decides who sent a request that came over a connection from `peer`. */
  senderOf(peer: string, headers: IncomingHttpHeaders): Sender {
    const direct = plainAddress(peer);
    if (!this.#trusts(direct)) return { address: direct, isHttps: false };
    const proto = lastOf(headers['x-forwarded-proto']);
    return { address: this.#client(direct, headers['x-forwarded-for']), isHttps: proto?.toLowerCase() === 'https' };
  }

  #client(direct: string, forwarded: string | string[] | undefined): string {
    const hops = [forwarded ?? []].flat().join(',').split(',');
    let client = direct;
    while (hops.length > 0 && this.#trusts(client)) {
      const before = addressIn(hops.pop() as string);
      if (before === null) break;
      client = before;
    }
    return client;
  }

  #trusts(address: string): boolean {
    return isIP(address) !== 0 && this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}

/** The address of one hop, which some proxies write with its port; null for anything else, such as `unknown`. */
function addressIn(hop: string): string | null {
  const text = hop.trim();
  const address = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? null : plainAddress(address);
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
function plainAddress(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function lastOf(value: string | string[] | undefined): string | undefined {
  return [value ?? []].flat().join(',').split(',').at(-1)?.trim();
}
