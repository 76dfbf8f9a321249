import { randomBytes } from 'node:crypto';
import { AppError, type PasskeyAttestation, type SecondFactors } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { Caller } from '../http/index.ts';
import { KeyRing, sha256 } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import type { UserRow } from '../user/index.ts';
import { stepOfCode, totpOffer } from './one-time-password.rules.ts';
import { PasskeyService } from './passkey.service.ts';
import { PendingLoginStore } from './pending-login.store.ts';
import {
  factorEvent,
  isFactorRequired,
  normalRecoveryCode,
  PENDING_SECONDS,
  RECOVERY_CODES,
  recoveryCodeOf,
} from './second-factor.rules.ts';
import { SecondFactorStore } from './second-factor.store.ts';

const TOTP_SECRET_BYTES = 20;
const TRANSACTION_BYTES = 32;

/** The second factors of an account: showing, adding, removing them. Who may is asked before. */
@Injectable()
export class SecondFactorService {
  readonly #store: SecondFactorStore;
  readonly #pending: PendingLoginStore;
  readonly #passkeys: PasskeyService;
  readonly #settings: SettingsService;
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(
    store: SecondFactorStore,
    pending: PendingLoginStore,
    passkeys: PasskeyService,
    settings: SettingsService,
    keys: KeyRing,
    clock: Clock,
  ) {
    this.#store = store;
    this.#pending = pending;
    this.#passkeys = passkeys;
    this.#settings = settings;
    this.#keys = keys;
    this.#clock = clock;
  }

  async show(user: UserRow): Promise<SecondFactors> {
    const { second_factor_required: setting } = await this.#settings.get();
    const factors = await this.#store.list(user.id);
    return {
      required: isFactorRequired(user, setting),
      available: user.hasPassword,
      factors: factors.map((factor) => ({
        id: factor.id,
        kind: factor.kind,
        name: factor.name,
        creation_time: factor.createdAt.toISOString(),
        ...(factor.lastUsedAt === null ? {} : { last_used_at: factor.lastUsedAt.toISOString() }),
      })),
      recovery_codes_left: await this.#store.countCodes(user.id),
    };
  }

  /** A new secret for an authenticator app, in place of one that was not confirmed. Throws CONFLICT when one counts already. */
  async beginTotp(user: UserRow): Promise<{ secret: string; uri: string }> {
    const secret = randomBytes(TOTP_SECRET_BYTES);
    const sealed = this.#keys.seal(secret, totpPlace(user.id));
    if (!(await this.#store.beginTotp(user.id, sealed, this.#clock.now()))) {
      throw new AppError('CONFLICT', 'One-time passwords are set up already; remove them first to set them up anew.');
    }
    return totpOffer(secret, user.username);
  }

  /** Lets one-time passwords count. Returns new recovery codes with the first factor, else none. Throws PRECONDITION, FORBIDDEN. */
  async confirmTotp(caller: Caller, user: UserRow, code: string): Promise<string[]> {
    const totp = await this.#store.findTotp(user.id);
    if (!totp || totp.isConfirmed) {
      throw new AppError('PRECONDITION', 'There is nothing to confirm; begin to set up one-time passwords first.');
    }
    const now = this.#clock.now();
    const step = stepOfCode(this.#keys.open(totp.sealedSecret, totpPlace(user.id)), code, now);
    const codes = this.#makeCodes(user.id);
    const event = factorEvent('second-factor.added', caller, user, { kind: 'totp' });
    const kept =
      step === null ? null : await this.#store.confirmTotp(user.id, step, { at: now, codeHashes: codes.hashes, event });
    if (kept === null) {
      throw new AppError('FORBIDDEN', 'code: is not the one of this moment; check the clock of your device.');
    }
    return kept ? codes.texts : [];
  }

  /** What a browser is asked to make a passkey. Throws PRECONDITION at a bare IP address. */
  async beginPasskey(user: UserRow, url: string): Promise<{ transaction: string; options: Record<string, unknown> }> {
    const handle = this.#keys.mac('passkey-user', String(user.id));
    const present = await this.#store.listPasskeys(user.id);
    const { challenge, options } = await this.#passkeys.offer(url, { username: user.username, handle }, present);
    const transaction = randomBytes(TRANSACTION_BYTES).toString('base64url');
    const now = this.#clock.now();
    await this.#pending.create(
      sha256(transaction),
      'add-passkey',
      { userId: user.id, credentialVersion: user.credentialVersion, challenge },
      now,
      new Date(now.getTime() + PENDING_SECONDS * 1000),
    );
    return { transaction, options };
  }

  /** Keeps the passkey a browser made. Returns new recovery codes with the first factor, else none. Throws PRECONDITION, FORBIDDEN, CONFLICT. */
  async addPasskey(
    caller: Caller,
    user: UserRow,
    url: string,
    given: { readonly transaction: string; readonly name: string; readonly response: PasskeyAttestation },
  ): Promise<string[]> {
    const now = this.#clock.now();
    const challenge = await this.#pending.takeAddition(sha256(given.transaction), user.id, now);
    if (challenge === null) {
      throw new AppError('PRECONDITION', 'transaction: is over or unknown; begin to add the passkey again.');
    }
    const passkey = await this.#passkeys.accept(url, given.response, challenge);
    if (!passkey) throw new AppError('FORBIDDEN', 'response: does not prove a passkey; try again.');
    const codes = this.#makeCodes(user.id);
    const { name } = given;
    const event = factorEvent('second-factor.added', caller, user, { kind: 'passkey', name });
    const kept = await this.#store.addPasskey(
      user.id,
      { ...passkey, name },
      { at: now, codeHashes: codes.hashes, event },
    );
    return kept ? codes.texts : [];
  }

  /** Throws PRECONDITION without a second factor. */
  async renewCodes(caller: Caller, user: UserRow): Promise<string[]> {
    if (!user.hasSecondFactor) {
      throw new AppError('PRECONDITION', 'Recovery codes stand in for a second factor; set one up first.');
    }
    const codes = this.#makeCodes(user.id);
    await this.#store.replaceCodes(user.id, codes.hashes, factorEvent('second-factor.codes-made', caller, user));
    return codes.texts;
  }

  /** Throws NOT_FOUND; PRECONDITION for the last one while one is required. */
  async remove(caller: Caller, user: UserRow, id: number): Promise<void> {
    const { second_factor_required: setting } = await this.#settings.get();
    const mayBeLast = !isFactorRequired(user, setting);
    const event = factorEvent('second-factor.removed', caller, user, { id });
    const outcome = await this.#store.remove(user.id, id, mayBeLast, event);
    if (outcome === 'missing') throw new AppError('NOT_FOUND', `You have no second factor with the id ${id}.`);
    if (outcome === 'last') {
      throw new AppError('PRECONDITION', 'You must have a second factor here; add another one before removing this.');
    }
  }

  /** Removes all factors of a user, whose sessions end. */
  reset(caller: Caller, user: UserRow): Promise<void> {
    return this.#store.reset(user.id, factorEvent('second-factor.reset', caller, user));
  }

  #makeCodes(userId: number): { texts: string[]; hashes: Buffer[] } {
    const texts = Array.from({ length: RECOVERY_CODES }, () => recoveryCodeOf(randomBytes(16)));
    return { texts, hashes: texts.map((text) => recoveryCodeHash(this.#keys, userId, text)) };
  }
}

/** Where the secret of a user's one-time passwords is sealed for. */
export function totpPlace(userId: number): { table: string; column: string; uid: string } {
  return { table: 'second_factors', column: 'sealed_secret', uid: `user:${userId}` };
}

/** The stored form of a recovery code. */
export function recoveryCodeHash(keys: KeyRing, userId: number, code: string): Buffer {
  return keys.mac('recovery-code', String(userId), normalRecoveryCode(code));
}
