import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '@moorage/config';

/** Where a sealed value lives. A value opens only there: copied to another row or column it is refused (S117). */
export interface SealPlace {
  readonly table: string;
  readonly column: string;
  /** Stable id of the row. */
  readonly uid: string;
}

/** A sealed value was changed, moved, or sealed under another instance key. */
export class SealError extends Error {
  constructor(place: SealPlace, reason: string) {
    super(`${place.table}.${place.column} of ${place.uid} cannot be opened: ${reason}`);
    this.name = 'SealError';
  }
}

const FORMAT = 1;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

/** The instance key and what is derived from it: one key for sealing, one per purpose for authentication codes. */
export class KeyRing {
  /** Names the instance key without telling it: 16 hex digits. */
  readonly keyId: string;
  readonly #master: Buffer;
  readonly #sealing: Buffer;
  readonly #purposes = new Map<string, Buffer>();

  /** `key` holds 32 bytes. */
  constructor(key: Secret<Buffer>) {
    this.#master = key.reveal();
    if (this.#master.length !== 32) throw new Error('the instance key must have 32 bytes');
    this.#sealing = this.#derive('seal');
    this.keyId = this.#derive('id').subarray(0, KEY_ID_BYTES).toString('hex');
  }

  /** Encrypts with AES-256-GCM; the place and the key id are authenticated with it. */
  seal(plaintext: Buffer, place: SealPlace): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce).setAAD(additionalData(place, this.keyId));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.from([FORMAT]), Buffer.from(this.keyId, 'hex'), nonce, cipher.getAuthTag(), body]);
  }

  /** Decrypts what {@link KeyRing.seal} made for the same place. Throws {@link SealError}; there is no plaintext fallback. */
  open(sealed: Buffer, place: SealPlace): Buffer {
    if (sealed.length < HEADER_BYTES || sealed[0] !== FORMAT) throw new SealError(place, 'it is not a sealed value');
    const keyId = sealed.toString('hex', 1, 1 + KEY_ID_BYTES);
    if (keyId !== this.keyId) throw new SealError(place, `it was sealed under another instance key (${keyId})`);
    const nonce = sealed.subarray(1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, nonce, { authTagLength: TAG_BYTES })
      .setAAD(additionalData(place, keyId))
      .setAuthTag(sealed.subarray(HEADER_BYTES - TAG_BYTES, HEADER_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
    } catch {
      throw new SealError(place, 'it was changed, or moved from another row');
    }
  }

  /** HMAC-SHA-256 of the parts under a key of that purpose. Parts are length-prefixed, so `a`,`bc` and `ab`,`c` differ (S9). */
  mac(purpose: string, ...parts: readonly (string | Buffer)[]): Buffer {
    let key = this.#purposes.get(purpose);
    if (!key) {
      key = this.#derive(`mac:${purpose}`);
      this.#purposes.set(purpose, key);
    }
    return lengthPrefixedMac(key, parts);
  }

  #derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, Buffer.alloc(0), `moorage:${purpose}`, 32));
  }
}

/** HMAC-SHA-256 over parts, each with its length before it. */
export function lengthPrefixedMac(key: Buffer, parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  const length = Buffer.alloc(4);
  for (const part of parts) {
    length.writeUInt32BE(typeof part === 'string' ? Buffer.byteLength(part) : part.length);
    hmac.update(length).update(part);
  }
  return hmac.digest();
}

function additionalData(place: SealPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.column, place.uid, keyId]));
}
