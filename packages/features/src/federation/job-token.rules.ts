import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { FederationCheck } from '@moorage/contracts';
import { federationCheck } from './federation-check.rules.ts';

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
    return malformed('form-not-signed');
  }
  const header = readObject(head);
  const claims = readObject(body);
  const signature = Buffer.from(mac, 'base64url');
  if (!header || !claims) return malformed('form-not-json');
  if (signature.toString('base64url') !== mac) return malformed('form-signature');
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || iss === '') return malformed('form-no-issuer');
  if (typeof sub !== 'string' || sub === '' || sub.includes('\0')) return malformed('form-no-subject');
  if (!TYPES.includes(header.typ)) return malformed('form-type', { type: show(header.typ) });
  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(header, name));
  if (refused) return malformed('form-header', { field: refused });
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
    ? federationCheck('algorithm', true, 'algorithm-taken', { algorithm })
    : federationCheck('algorithm', false, 'algorithm-refused', {
        algorithm: show(header.alg),
        taken: Object.keys(ALGORITHMS).join(', '),
      });
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
  return federationCheck('signature', passed, passed ? 'signature-right' : 'signature-wrong');
}

/** Whether a token holds at this moment, for at most a day; clocks may differ by a minute. */
export function checkTimes({ claims }: JobToken, now: Date): FederationCheck[] {
  const { exp, iat, nbf } = claims;
  const seconds = now.getTime() / 1000;
  if (!isTime(exp) || !isTime(iat)) {
    return [federationCheck('lifetime', false, 'lifetime-unknown')];
  }
  const checks: FederationCheck[] = [
    exp - iat <= MAX_LIFE_SECONDS
      ? federationCheck('lifetime', true, 'lifetime-fits', { minutes: String(Math.round((exp - iat) / 60)) })
      : federationCheck('lifetime', false, 'lifetime-too-long'),
    exp + LEEWAY_SECONDS > seconds
      ? federationCheck('expiry', true, 'expiry-ahead', { time: time(exp) })
      : federationCheck('expiry', false, 'expiry-past', { time: time(exp) }),
    iat - LEEWAY_SECONDS <= seconds
      ? federationCheck('issued-at', true, 'issued-before', { time: time(iat) })
      : federationCheck('issued-at', false, 'issued-in-future', { time: time(iat) }),
  ];
  if (nbf === undefined) return checks;
  const isBegun = isTime(nbf) && nbf - LEEWAY_SECONDS <= seconds;
  return [
    ...checks,
    isBegun
      ? federationCheck('not-before', true, 'not-before-past', { time: time(nbf) })
      : federationCheck('not-before', false, 'not-before-ahead'),
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

function malformed(
  code: Parameters<typeof federationCheck>[2],
  values: Readonly<Record<string, string>> = {},
): { failed: FederationCheck } {
  return { failed: federationCheck('form', false, code, values) };
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
