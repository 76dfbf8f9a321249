import { verify } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { sha256 } from '../secret/index.ts';
import { type KeySnapshot, SigningKeyService } from '../token-key/index.ts';
import { type RegistryToken, readClaims, TOKEN_TYPE } from './token-claims.rules.ts';

/** Longer input is refused before any work (S25). */
const MAX_TOKEN_LENGTH = 16 * 1024;
const MAX_REMEMBERED = 20_000;
const SIGNATURE_BYTES = 64;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * Checks registry tokens: one algorithm, one type, keys by id from our own set only (S14 to S16). Tokens that held are
 * remembered by hash until they expire or their key retires.
 */
@Injectable()
export class TokenVerifier {
  readonly #keys: SigningKeyService;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, { readonly token: RegistryToken; readonly kid: string }>();

  constructor(keys: SigningKeyService, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** What a token says, or null when it is not a valid one of ours. A promise only when the keys have to be read again. */
  verify(text: string): RegistryToken | null | Promise<RegistryToken | null> {
    if (text.length > MAX_TOKEN_LENGTH) return null;
    const keys = this.#keys.known();
    return keys instanceof Promise ? keys.then((known) => this.#verify(text, known)) : this.#verify(text, keys);
  }

  #verify(text: string, keys: KeySnapshot): RegistryToken | null {
    const hash = sha256(text).toString('base64');
    const now = this.#clock.now();
    const remembered = this.#remembered.get(hash);
    if (remembered) {
      if (remembered.token.expiresAt > now.getTime() && keys.has(remembered.kid)) return remembered.token;
      this.#remembered.delete(hash);
      return null;
    }
    const checked = check(text, keys, now);
    if (checked) this.#remember(hash, checked);
    return checked?.token ?? null;
  }

  #remember(hash: string, checked: { token: RegistryToken; kid: string }): void {
    if (this.#remembered.size >= MAX_REMEMBERED) {
      const oldest = this.#remembered.keys().next();
      if (!oldest.done) this.#remembered.delete(oldest.value);
    }
    this.#remembered.set(hash, checked);
  }
}

function check(text: string, keys: KeySnapshot, now: Date): { token: RegistryToken; kid: string } | null {
  const [head, body, mac, ...rest] = text.split('.', 4);
  if (!head || !body || !mac || rest.length > 0) return null;
  if (!BASE64URL.test(head) || !BASE64URL.test(body) || !BASE64URL.test(mac)) return null;
  const kid = kidOf(head);
  const key = kid === null ? undefined : keys.get(kid);
  const signature = Buffer.from(mac, 'base64url');
  // Another spelling of the same bytes would be another token.
  if (!key || kid === null || signature.length !== SIGNATURE_BYTES || signature.toString('base64url') !== mac)
    return null;
  const data = Buffer.from(`${head}.${body}`);
  if (!verify('sha256', data, { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, signature)) return null;
  const token = readClaims(parseJson(body), now);
  return token && { token, kid };
}

/** The key id of a header that says exactly what ours say; nothing in it but the id is used. */
function kidOf(head: string): string | null {
  const header = parseJson(head);
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return null;
  const { alg, typ, kid, ...others } = header as Record<string, unknown>;
  const isOurs = alg === 'ES256' && typ === TOKEN_TYPE && typeof kid === 'string' && Object.keys(others).length === 0;
  return isOurs ? kid : null;
}

function parseJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
