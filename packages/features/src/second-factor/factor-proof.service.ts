import { randomBytes } from 'node:crypto';
import { AppError, type BodyOf, type finishSignIn } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { KeyRing, sha256 } from '../secret/index.ts';
import { stepOfCode } from './one-time-password.rules.ts';
import { PasskeyService } from './passkey.service.ts';
import { type PendingLogin, PendingLoginStore } from './pending-login.store.ts';
import { PENDING_ATTEMPTS, PENDING_SECONDS } from './second-factor.rules.ts';
import { recoveryCodeHash, totpPlace } from './second-factor.service.ts';
import { SecondFactorStore } from './second-factor.store.ts';

const TOKEN_BYTES = 32;

export type FactorProof = BodyOf<typeof finishSignIn>;
export type FactorMethod = 'totp' | 'passkey' | 'recovery_code';

/** Sign-ins that proved a password and still owe a second factor. The browser holds 256 random bits; only their hash is stored. */
@Injectable()
export class FactorProofService {
  readonly #store: SecondFactorStore;
  readonly #pending: PendingLoginStore;
  readonly #passkeys: PasskeyService;
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(
    store: SecondFactorStore,
    pending: PendingLoginStore,
    passkeys: PasskeyService,
    keys: KeyRing,
    clock: Clock,
  ) {
    this.#store = store;
    this.#pending = pending;
    this.#passkeys = passkeys;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Notes that a user proved his password. Returns what the browser keeps, for five minutes. */
  async begin(user: { readonly id: number; readonly credentialVersion: number }): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.#clock.now();
    await this.#pending.create(
      sha256(token),
      'sign-in',
      { userId: user.id, credentialVersion: user.credentialVersion, challenge: null },
      now,
      new Date(now.getTime() + PENDING_SECONDS * 1000),
    );
    return token;
  }

  /** What the sign-in may be finished with. Throws UNAUTHORIZED when it is over. */
  async methods(token: string): Promise<FactorMethod[]> {
    const { userId } = await this.#find(token);
    const factors = await this.#store.list(userId);
    const left = await this.#store.countCodes(userId);
    return [
      ...new Set<FactorMethod>(factors.map(({ kind }) => kind)),
      ...(left > 0 ? (['recovery_code'] as const) : []),
    ];
  }

  /** Asks for a passkey; the former question is over. Throws UNAUTHORIZED, PRECONDITION without passkeys. */
  async requestPasskey(token: string, url: string): Promise<Record<string, unknown>> {
    const { userId } = await this.#find(token);
    const passkeys = await this.#store.listPasskeys(userId);
    if (passkeys.length === 0) throw new AppError('PRECONDITION', 'You have no passkey; use another way.');
    const { challenge, options } = await this.#passkeys.request(url, passkeys);
    await this.#pending.setChallenge(sha256(token), challenge);
    return options;
  }

  /**
   * Who is behind a sign-in, before his proof is looked at; the try counts. Throws UNAUTHORIZED when the sign-in is over
   * or was tried five times.
   */
  async attempt(token: string): Promise<PendingLogin> {
    const pending = await this.#pending.attempt(sha256(token), PENDING_ATTEMPTS, this.#clock.now());
    if (!pending) throw over();
    return pending;
  }

  /** Whether the proof holds, now and for the first time. */
  async check(pending: PendingLogin, proof: FactorProof, url: string): Promise<boolean> {
    const now = this.#clock.now();
    const { userId } = pending;
    if (proof.code !== undefined) return this.#checkCode(userId, proof.code, now);
    if (proof.recovery_code !== undefined) {
      return this.#store.useCode(userId, recoveryCodeHash(this.#keys, userId, proof.recovery_code), now);
    }
    if (proof.passkey === undefined || pending.challenge === null) return false;
    const passkeys = await this.#store.listPasskeys(userId);
    const used = await this.#passkeys.check(url, proof.passkey, pending.challenge, passkeys);
    return used !== null && this.#store.notePasskey(userId, used.id, used.signCount, now);
  }

  /** Ends a sign-in that succeeded. Throws UNAUTHORIZED when another call did. */
  async finish(token: string): Promise<void> {
    if (!(await this.#pending.take(sha256(token)))) throw over();
  }

  /** Removes those that are over; returns how many. */
  purge(): Promise<number> {
    return this.#pending.purge(this.#clock.now());
  }

  async #checkCode(userId: number, code: string, now: Date): Promise<boolean> {
    const totp = await this.#store.findTotp(userId);
    if (!totp?.isConfirmed) return false;
    const step = stepOfCode(this.#keys.open(totp.sealedSecret, totpPlace(userId)), code, now);
    return step !== null && this.#store.takeStep(userId, step, now);
  }

  async #find(token: string): Promise<PendingLogin> {
    const pending = await this.#pending.find(sha256(token), this.#clock.now());
    if (!pending) throw over();
    return pending;
  }
}

function over(): AppError {
  return new AppError(
    'UNAUTHORIZED',
    'The sign-in took too long or was tried too often; begin again with your password.',
  );
}
