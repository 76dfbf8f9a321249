import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobClaims } from './job-claims.ts';

type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

interface IssuerKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey;
}

/** What differs from an honest token. */
export interface TokenForm {
  /** Of the audience, 15 minutes from now on, unless said otherwise; null leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs with another key than the newest one. */
  readonly key?: KeyObject;
}

/** An issuer of job tokens for tests: discovery, keys, and signing. */
export interface JobIssuer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  /** The key set as it is published. */
  keySet(): string;
  /** A token in the shape of `claims` for an audience. */
  token(claims: JobClaims, audience: unknown, form?: TokenForm): string;
  /** Makes a new key, which signs from now on; the former ones stay published unless they are to go. */
  rotate(algorithm?: Algorithm, keepsFormer?: boolean): void;
  /** Answers in place of the issuer; null lets it answer again. */
  answer: ((path: string, response: ServerResponse) => boolean) | null;
  close(): Promise<void>;
}

/** Starts an issuer on a free port of 127.0.0.1, with the clock of whoever reads its tokens. */
export async function startJobIssuer(
  algorithm: Algorithm = 'RS256',
  clock: () => Date = () => new Date(),
): Promise<JobIssuer> {
  let keys = [makeKey(1, algorithm)];
  let count = 1;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    issuer.requests.push(path);
    if (issuer.answer?.(path, response)) return;
    response.setHeader('content-type', 'application/json');
    if (path === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, extra: true }));
    } else if (path === '/keys') response.end(issuer.keySet());
    else response.writeHead(404).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer: JobIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer: null,
    keySet: () => JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }),
    rotate: (next = algorithm, keepsFormer = true) => {
      const key = makeKey(++count, next);
      keys = keepsFormer ? [key, ...keys] : [key];
    },
    token: (claims, audience, form = {}) => {
      const key = keys[0] as IssuerKey;
      const now = Math.floor(clock().getTime() / 1000);
      const times = { nbf: now - 5, iat: now, exp: now + 900 };
      const all = { ...claims, iss: issuer.url, aud: audience, ...times, ...form.claims };
      const body = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
      const header = { typ: 'JWT', alg: key.algorithm, kid: key.kid, ...form.header };
      return signToken(header, body, form.key ?? key.privateKey, key.algorithm);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return issuer;
}

/** Signs any header over any claims. */
function signToken(header: object, claims: object, key: KeyObject, algorithm: Algorithm): string {
  const text = `${encode(header)}.${encode(claims)}`;
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  const options = {
    key,
    ...(algorithm === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
    ...(algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {}),
  };
  return `${text}.${sign(hash, Buffer.from(text), options).toString('base64url')}`;
}

function makeKey(number: number, algorithm: Algorithm): IssuerKey {
  const { privateKey, publicKey } = makePair(algorithm);
  const kid = `key-${number}`;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
  return { kid, algorithm, privateKey, jwk };
}

function makePair(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
