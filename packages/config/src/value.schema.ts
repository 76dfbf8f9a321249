import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from './secret.ts';

/** Any text. */
export const text = z.string();

/** A TCP port; 0 lets the system choose one. */
export const port = z.string().transform((input, context) => {
  if (/^\d{1,5}$/.test(input) && Number(input) <= 65_535) return Number(input);
  const serviceLink = input.includes('://')
    ? '; Kubernetes sets it so for a service of that name: put enableServiceLinks: false into the pod'
    : '';
  return fail(context, `must be a whole number from 0 to 65535${serviceLink}`);
});

/** An absolute directory; a relative one is taken from the working directory of the process. */
export const directory = z.string().transform((input) => resolve(input));

/** An http or https address with neither path nor credentials, without the final slash. */
export const origin = z.string().transform((input, context) => {
  const url = parseUrl(input);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return fail(context, 'must be an http:// or https:// address, for example https://registry.example.com');
  }
  if (url.pathname !== '/' || url.search || url.hash) {
    return fail(context, 'must end after the host and port: registry clients accept no path');
  }
  if (url.username || url.password) return fail(context, 'must not hold a user name or password');
  return url.origin;
});

/** An address with one of the given protocols (without colon); secret because it may hold a password. */
export const secretUrl = (...protocols: readonly string[]) =>
  z.string().transform((input, context) => {
    const url = parseUrl(input);
    if (!url || !protocols.includes(url.protocol.slice(0, -1))) {
      return fail(context, `must be an address that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`);
    }
    return new Secret(input);
  });

/** A password of `minimum` to 128 characters. */
export const password = (minimum: number) =>
  z
    .string()
    .min(minimum, `must have at least ${minimum} characters`)
    .max(128, 'must have at most 128 characters')
    .transform((input) => new Secret(input));

/** Exactly 32 bytes, written as 64 hex digits or as base64. */
export const key = z.string().transform((input, context) => {
  const hex = /^[0-9a-f]{64}$/i.test(input);
  const bytes = Buffer.from(input, hex ? 'hex' : 'base64');
  if (bytes.length !== 32 || !(hex || /^[A-Za-z0-9+/]{43}=$/.test(input))) {
    return fail(context, 'must be 32 random bytes in hex or base64; make one with: openssl rand -base64 32');
  }
  return new Secret(bytes);
});

/** An IP network; a single address is one of full length. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** IP addresses and networks in CIDR form, separated by commas. */
export const networks = z.string().transform((input, context): readonly Network[] =>
  input
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(
      (part) => parseNetwork(part) ?? fail(context, `must be addresses or networks such as 10.0.0.0/8, not ${part}`),
    ),
);

function parseNetwork(part: string): Network | null {
  const [address = '', bits, ...more] = part.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || address.includes('%') || more.length > 0) return null;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= longest)) return null;
  return { address, prefix: bits === undefined ? longest : Number(bits), family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** One of the given words. */
export const choice = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, `must be one of ${words.join(', ')}`);

function parseUrl(input: string): URL | null {
  return URL.canParse(input) ? new URL(input) : null;
}

function fail(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
