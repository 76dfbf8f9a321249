import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { FederationCheck } from '@moorage/contracts';

/** A token as it was read; nothing in it is proven yet. */
export interface JobToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly subject: string;
  readonly algorithm: string;
  /** Empty when the header names no key. */
  readonly keyId: string;
  readonly signedText: string;
  readonly signature: Buffer;
}

/** A public key of an issuer, usable with these algorithms. */
export interface IssuerKey {
  readonly id: string;
  readonly algorithms: readonly string[];
  readonly key: KeyObject;
}

interface Algorithm {
  readonly hash: string | null;
  readonly dsaEncoding?: 'ieee-p1363';
  readonly padding?: number;
  readonly saltLength?: number;
}

/** Signatures with a public key. None with a shared secret, and no unsigned ones (S14). */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  RS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  RS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PADDING },
  RS512: { hash: 'sha512', padding: constants.RSA_PKCS1_PADDING },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  PS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 },
  PS512: { hash: 'sha512', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 },
  ES256: { hash: 'sha256', dsaEncoding: 'ieee-p1363' },
  ES384: { hash: 'sha384', dsaEncoding: 'ieee-p1363' },
  ES512: { hash: 'sha512', dsaEncoding: 'ieee-p1363' },
  EdDSA: { hash: null },
};
const RSA_ALGORITHMS = Object.keys(ALGORITHMS).filter((name) => /^[RP]S/.test(name));
const CURVE_ALGORITHMS: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };
const MIN_RSA_BITS = 2048;
const MAX_KEYS = 64;
/** Header fields by which a token would bring its own key, or rules we do not know (S15). */
const REFUSED_HEADERS = ['jwk', 'jku', 'x5u', 'crit', 'b64', 'zip', 'enc'];
const TYPES: readonly unknown[] = [undefined, 'JWT', 'jwt'];
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const LEEWAY_SECONDS = 60;
/** Tokens of jobs end with the job; what lives longer is a stored secret under another name. */
const MAX_LIFE_SECONDS = 24 * 3600;

/** Reads a token, or says what is wrong with its form. */
export function readJobToken(text: string): { token: JobToken } | { failed: FederationCheck } {
  const [head = '', body = '', mac = '', ...rest] = text.split('.', 4);
  if (rest.length > 0 || ![head, body, mac].every((part) => BASE64URL.test(part))) {
    return malformed('It is not a signed token: it must have three parts joined by dots (JSON Web Token).');
  }
  const header = readObject(head);
  const claims = readObject(body);
  const signature = Buffer.from(mac, 'base64url');
  if (!header || !claims) return malformed('Its header or its claims are not JSON.');
  if (signature.toString('base64url') !== mac) return malformed('Its signature is not written in the canonical form.');
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || iss === '') return malformed('It names no issuer (claim iss).');
  if (typeof sub !== 'string' || sub === '' || sub.includes('\0')) return malformed('It names no subject (claim sub).');
  if (!TYPES.includes(header.typ))
    return malformed(`Its type is ${show(header.typ)}; tokens of jobs have the type JWT.`);
  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(header, name));
  if (refused) return malformed(`Its header holds ${refused}, which no token of a job needs.`);
  return {
    token: {
      header,
      claims,
      issuer: iss,
      subject: sub,
      algorithm: typeof header.alg === 'string' ? header.alg : '',
      keyId: typeof header.kid === 'string' ? header.kid : '',
      signedText: `${head}.${body}`,
      signature,
    },
  };
}

/** Whether a token is signed in a way we take. */
export function checkAlgorithm({ algorithm, header }: JobToken): FederationCheck {
  return Object.hasOwn(ALGORITHMS, algorithm)
    ? { check: 'algorithm', passed: true, text: `Signed with ${algorithm}.` }
    : {
        check: 'algorithm',
        passed: false,
        text: `Signed with ${show(header.alg)}; taken are ${Object.keys(ALGORITHMS).join(', ')}.`,
      };
}

/** The keys of a JSON Web Key Set that can verify signatures; unusable ones are left out. Null when it is no such set. */
export function readKeySet(text: string): readonly IssuerKey[] | null {
  const set = parseJson(text);
  if (!isRecord(set) || !Array.isArray(set.keys)) return null;
  return (set.keys as unknown[]).slice(0, MAX_KEYS).flatMap((jwk) => readKey(jwk) ?? []);
}

/** Whether a key set holds something that is not public. */
export function holdsPrivateKey(text: string): boolean {
  const set = parseJson(text);
  if (!isRecord(set) || !Array.isArray(set.keys)) return false;
  return (set.keys as unknown[]).some((jwk) => isRecord(jwk) && (Object.hasOwn(jwk, 'd') || Object.hasOwn(jwk, 'k')));
}

/** The key a token is signed with: by its id, or the only one of its algorithm when the token names none. */
export function keyFor({ keyId, algorithm }: JobToken, keys: readonly IssuerKey[]): IssuerKey | null {
  const fitting = keys.filter((key) => key.algorithms.includes(algorithm));
  if (keyId === '') return fitting.length === 1 ? (fitting[0] ?? null) : null;
  return fitting.find((key) => key.id === keyId) ?? null;
}

/** Whether the signature is made with that key. */
export function checkSignature(token: JobToken, { key }: IssuerKey): FederationCheck {
  const passed = isSignedWith(token, key);
  const text = passed
    ? 'The signature is right.'
    : 'The signature is wrong: the token was changed, or cut when it was copied.';
  return { check: 'signature', passed, text };
}

/** Whether a token holds at this moment, for at most a day; clocks may differ by a minute. */
export function checkTimes({ claims }: JobToken, now: Date): FederationCheck[] {
  const { exp, iat, nbf } = claims;
  const seconds = now.getTime() / 1000;
  if (!isTime(exp) || !isTime(iat)) {
    return [{ check: 'lifetime', passed: false, text: 'It must say when it was issued (iat) and when it ends (exp).' }];
  }
  const checks: FederationCheck[] = [
    exp - iat <= MAX_LIFE_SECONDS
      ? { check: 'lifetime', passed: true, text: `It lives for ${Math.round((exp - iat) / 60)} minutes.` }
      : {
          check: 'lifetime',
          passed: false,
          text: 'It lives for more than a day; ask the issuer for one that lives as long as the job.',
        },
    exp + LEEWAY_SECONDS > seconds
      ? { check: 'expiry', passed: true, text: `It ends at ${time(exp)}.` }
      : {
          check: 'expiry',
          passed: false,
          text: `It ended at ${time(exp)}; get a new one in the job, just before it is used.`,
        },
    iat - LEEWAY_SECONDS <= seconds
      ? { check: 'issued-at', passed: true, text: `It was issued at ${time(iat)}.` }
      : {
          check: 'issued-at',
          passed: false,
          text: `It was issued at ${time(iat)}, in the future: check the clocks of issuer and registry.`,
        },
  ];
  if (nbf === undefined) return checks;
  const isBegun = isTime(nbf) && nbf - LEEWAY_SECONDS <= seconds;
  return [
    ...checks,
    isBegun
      ? { check: 'not-before', passed: true, text: `It holds since ${time(nbf)}.` }
      : {
          check: 'not-before',
          passed: false,
          text: 'It does not hold yet (nbf): check the clocks of issuer and registry.',
        },
  ];
}

function isSignedWith({ algorithm, signedText, signature }: JobToken, key: KeyObject): boolean {
  const known = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  if (!known) return false;
  const { hash, ...options } = known;
  try {
    return verify(hash, Buffer.from(signedText), { key, ...options }, signature);
  } catch {
    return false;
  }
}

function readKey(jwk: unknown): IssuerKey | null {
  if (!isRecord(jwk) || (jwk.use !== undefined && jwk.use !== 'sig')) return null;
  if (Array.isArray(jwk.key_ops) && !(jwk.key_ops as unknown[]).includes('verify')) return null;
  const able = algorithmsOf(jwk);
  const algorithms = jwk.alg === undefined ? able : able.filter((name) => name === jwk.alg);
  if (algorithms.length === 0) return null;
  try {
    const { kty, crv, n, e, x, y } = jwk as JsonWebKey;
    const given = Object.entries({ kty, crv, n, e, x, y }).filter(([, value]) => value !== undefined);
    const key = createPublicKey({ format: 'jwk', key: Object.fromEntries(given) as JsonWebKey });
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) return null;
    return { id: typeof jwk.kid === 'string' ? jwk.kid : '', algorithms, key };
  } catch {
    return null;
  }
}

function algorithmsOf({ kty, crv }: Readonly<Record<string, unknown>>): readonly string[] {
  if (kty === 'RSA') return RSA_ALGORITHMS;
  if (kty === 'OKP') return crv === 'Ed25519' ? ['EdDSA'] : [];
  const curve = kty === 'EC' && typeof crv === 'string' ? CURVE_ALGORITHMS[crv] : undefined;
  return curve === undefined ? [] : [curve];
}

function readObject(part: string): Record<string, unknown> | null {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return isRecord(value) ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function malformed(text: string): { failed: FederationCheck } {
  return { failed: { check: 'form', passed: false, text } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Seconds since 1970, of this age of the world. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11;
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
