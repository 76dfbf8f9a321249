import { verify } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { sha256 } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import { type KeySnapshot, SigningKeyService } from '../token-key/index.ts';
import { longestLife, MIN_LIFE_SECONDS, type RegistryToken, readClaims, TOKEN_TYPE } from './token-claims.rules.ts';

/** Longer input is refused before any work (S25). */
const MAX_TOKEN_LENGTH = 16 * 1024;
const MAX_REMEMBERED = 20_000;
/** Of all tokens remembered: some name one repository, some many. */
const MAX_REMEMBERED_ENTRIES = 50_000;
/** For how long the longest life is known without being read again. */
const FRESH_MS = 2_000;
const SIGNATURE_BYTES = 64;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * Checks registry tokens: one algorithm, one type, keys by id from our own set only (S14 to S16). Tokens that held are
 * remembered by hash until they expire or their key retires. No token holds for longer than what is allowed now, whatever
 * was allowed when it was issued.
 */
@Injectable()
export class TokenVerifier {
  readonly #keys: SigningKeyService;
  readonly #clock: Clock;
  readonly #settings: SettingsService;
  readonly #remembered = new Map<string, { readonly token: RegistryToken; readonly kid: string }>();
  #entries = 0;
  #longest = { at: Number.NEGATIVE_INFINITY, seconds: MIN_LIFE_SECONDS };

  constructor(keys: SigningKeyService, clock: Clock, settings: SettingsService) {
    this.#keys = keys;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** What a token says, or null when it is not a valid one of ours. A promise only when keys or settings have to be read again. */
  verify(text: string): RegistryToken | null | Promise<RegistryToken | null> {
    if (text.length > MAX_TOKEN_LENGTH) return null;
    const keys = this.#keys.known();
    return keys instanceof Promise
      ? keys.then((known) => this.#bounded(this.#verify(text, known)))
      : this.#bounded(this.#verify(text, keys));
  }

  #bounded(token: RegistryToken | null): RegistryToken | null | Promise<RegistryToken | null> {
    if (!token) return null;
    const now = this.#clock.now().getTime();
    const { at, seconds } = this.#longest;
    // A life that is too long may just have been allowed.
    if (Math.abs(now - at) < FRESH_MS && token.lifeSeconds <= seconds) return token;
    return this.#settings.get().then(({ token_expiration: minutes }) => {
      this.#longest = { at: now, seconds: longestLife(minutes) };
      return token.lifeSeconds <= this.#longest.seconds ? token : null;
    });
  }

  #verify(text: string, keys: KeySnapshot): RegistryToken | null {
    const hash = sha256(text).toString('base64');
    const now = this.#clock.now();
    const remembered = this.#remembered.get(hash);
    if (remembered) {
      if (remembered.token.expiresAt > now.getTime() && keys.has(remembered.kid)) return remembered.token;
      this.#forget(hash, remembered.token);
      return null;
    }
    const checked = check(text, keys, now);
    if (checked) this.#remember(hash, checked);
    return checked?.token ?? null;
  }

  #remember(hash: string, checked: { token: RegistryToken; kid: string }): void {
    this.#entries += checked.token.repositories.size;
    for (const [oldest, { token }] of this.#remembered) {
      if (this.#remembered.size < MAX_REMEMBERED && this.#entries <= MAX_REMEMBERED_ENTRIES) break;
      this.#forget(oldest, token);
    }
    this.#remembered.set(hash, checked);
  }

  #forget(hash: string, { repositories }: RegistryToken): void {
    if (this.#remembered.delete(hash)) this.#entries -= repositories.size;
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
