import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type TokenKey } from '@moorage/contracts';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import type { Caller } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { KeyRing } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import { SigningKeyStore, type StoredKey } from './signing-key.store.ts';

/** One signing key in memory. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly activeFrom: Date;
}

/** The keys this process knows, by id. */
export type KeySnapshot = ReadonlyMap<string, SigningKey>;

const RELOAD_MS = 20_000;
/** A new key is published this long before it signs, so that every process has reloaded by then (S24). */
const PUBLISH_AHEAD_MS = 3 * RELOAD_MS;
const ROTATE_AFTER_MS = 90 * 24 * 3600 * 1000;
const LEEWAY_MS = 5 * 60_000;

/** The ES256 keys of registry tokens: made here, sealed in the database, rotated with an overlap. */
@Injectable()
export class SigningKeyService {
  readonly #store: SigningKeyStore;
  readonly #keys: KeyRing;
  readonly #settings: SettingsService;
  readonly #clock: Clock;
  #snapshot: KeySnapshot = new Map();
  #loadedAt = 0;
  #loading: Promise<KeySnapshot> | null = null;

  constructor(store: SigningKeyStore, keys: KeyRing, settings: SettingsService, clock: Clock) {
    this.#store = store;
    this.#keys = keys;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The keys that verify now; a promise only when they have to be read again. */
  known(): KeySnapshot | Promise<KeySnapshot> {
    const age = this.#clock.now().getTime() - this.#loadedAt;
    if (age >= 0 && age < RELOAD_MS) return this.#snapshot;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** The key that signs now; made when there is none. */
  async current(): Promise<SigningKey> {
    const now = this.#clock.now();
    return pick(await this.known(), now) ?? this.#first(now);
  }

  /** Public keys in JWK form, for whoever verifies tokens elsewhere. */
  async publicKeys(): Promise<readonly (JsonWebKey & { kid: string })[]> {
    await this.current();
    return [...(await this.known()).values()].map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
    }));
  }

  /** Makes a new key that signs in a minute; the present ones verify until the last token they signed is over. */
  async rotate(event?: DomainEvent): Promise<void> {
    const now = this.#clock.now();
    const { token_expiration: minutes } = await this.#settings.get();
    const activeFrom = new Date(now.getTime() + PUBLISH_AHEAD_MS);
    const retireOthersAt = new Date(activeFrom.getTime() + minutes * 60_000 + LEEWAY_MS);
    await this.#store.add(now, () => ({ key: this.#generate(activeFrom), retireOthersAt }), event);
    this.#loadedAt = 0;
  }

  /** As {@link SigningKeyService.rotate}, audited. Throws PRECONDITION while a new key is announced already. */
  async rotateFor(caller: Caller): Promise<void> {
    const now = this.#clock.now();
    await this.current();
    const newest = (await this.#store.list(now))[0];
    if (newest && newest.activeFrom > now) {
      throw new AppError('PRECONDITION', 'A new key is announced already and signs within a minute; wait for it.');
    }
    await this.rotate({
      name: 'token-key.rotated',
      projectId: null,
      data: {},
      audit: auditEntry(caller, { resourceType: 'token-key', resource: newest?.kid ?? '', operation: 'rotate' }),
    });
  }

  /** The keys as administrators see them, newest first. */
  async describe(): Promise<TokenKey[]> {
    await this.current();
    const now = this.#clock.now();
    const keys = await this.#store.list(now);
    const signing = keys.find((key) => key.activeFrom <= now);
    return keys.map((key) => ({
      kid: key.kid,
      state: key.activeFrom > now ? 'announced' : key === signing ? 'signing' : 'verifying',
      creation_time: key.createdAt.toISOString(),
      active_from: key.activeFrom.toISOString(),
      ...(key.retiredAt === null ? {} : { retires_at: key.retiredAt.toISOString() }),
    }));
  }

  /** Rotates when the newest key is 90 days old, and removes keys long retired. Safe to run often. */
  async rotateIfDue(): Promise<void> {
    const now = this.#clock.now();
    const newest = (await this.#store.list(now))[0];
    if (newest && now.getTime() - newest.activeFrom.getTime() > ROTATE_AFTER_MS) await this.rotate();
    await this.#store.purge(new Date(now.getTime() - ROTATE_AFTER_MS));
  }

  async #first(now: Date): Promise<SigningKey> {
    await this.#store.add(now, (present) =>
      present.some((key) => key.activeFrom <= now) ? null : { key: this.#generate(now), retireOthersAt: now },
    );
    const key = pick(await this.#load(), now);
    if (!key) throw new Error('there is no signing key for registry tokens');
    return key;
  }

  async #load(): Promise<KeySnapshot> {
    const now = this.#clock.now();
    const keys = (await this.#store.list(now)).map((stored) => this.#unseal(stored));
    this.#snapshot = new Map(keys.map((key) => [key.kid, key]));
    this.#loadedAt = now.getTime();
    return this.#snapshot;
  }

  /** The public half is computed from the sealed one: a row someone else wrote does not open, and verifies nothing. */
  #unseal(stored: StoredKey): SigningKey {
    const der = this.#keys.open(stored.privateKey, placeOf(stored.kid));
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return { kid: stored.kid, privateKey, publicKey: createPublicKey(privateKey), activeFrom: stored.activeFrom };
  }

  #generate(activeFrom: Date): StoredKey {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const kid = thumbprint(publicKey);
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    return { kid, privateKey: this.#keys.seal(der, placeOf(kid)), activeFrom };
  }
}

function pick(keys: KeySnapshot, now: Date): SigningKey | null {
  // Newest first; one that is only published does not sign yet.
  return [...keys.values()].find((key) => key.activeFrom <= now) ?? null;
}

function placeOf(kid: string) {
  return { table: 'signing_keys', column: 'private_key', uid: kid };
}

/** Key id: the JWK thumbprint (RFC 7638). */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
