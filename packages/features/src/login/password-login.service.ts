import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, originOf, type RequestOrigin } from '../http/index.ts';
import { type FactorDemand, factorDemand } from '../second-factor/index.ts';
import { SettingsService } from '../settings/index.ts';
import { PASSWORD_CHECKS_AT_ONCE } from '../password/index.ts';
import { AdmissionGate, type Attempt, ThrottleService } from '../throttle/index.ts';
import { USE_MS } from './confirmation.rules.ts';
import { CredentialCache } from './credential-cache.ts';
import { type CredentialVerifier, CredentialVerifiers, isSlow, type Proof } from './credential-verifier.ts';
import { type BasicCredentials, requireBounded } from './credentials.rules.ts';
import { type Identity, IdentityService, subjectOf } from './identity.service.ts';
import { loginFailed } from './login.events.ts';
import { LoginStore } from './login.store.ts';
import { passwordDemand, refusePasswordAlone } from './password-demand.rules.ts';

const UNVOUCHED = 'the identity source has not confirmed the account for an hour';
/** A refusal everybody can bring about again and again is told once in this time. */
const TOLD_ONCE = { attempts: 1, windowSeconds: 15 * 60 };

/** Checks a name with a secret of any kind: limited, remembered for a minute, audited when wrong. */
@Injectable()
export class PasswordLoginService {
  readonly #verifiers: CredentialVerifiers;
  readonly #identities: IdentityService;
  readonly #throttle: ThrottleService;
  readonly #store: LoginStore;
  readonly #settings: SettingsService;
  readonly #clock: Clock;
  readonly #cache = new CredentialCache();
  readonly #pending = new Map<string, Promise<Proof>>();
  /** Names and passwords are checked slowly; what can be told by its shape costs one read. */
  readonly #gate = new AdmissionGate(PASSWORD_CHECKS_AT_ONCE);

  constructor(
    verifiers: CredentialVerifiers,
    identities: IdentityService,
    throttle: ThrottleService,
    store: LoginStore,
    settings: SettingsService,
    clock: Clock,
  ) {
    this.#verifiers = verifiers;
    this.#identities = identities;
    this.#throttle = throttle;
    this.#store = store;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The caller these credentials belong to. Throws UNAUTHORIZED, TOO_MANY_REQUESTS, UNAVAILABLE, BAD_REQUEST above the limits (S6). */
  async signIn(credentials: BasicCredentials, origin: RequestOrigin): Promise<Caller> {
    const verifier = await this.#verifierFor(credentials);
    const identity = await this.#identify(verifier, credentials, origin);
    const refusal = refusePasswordAlone(await this.#demand(verifier, identity));
    if (refusal !== null) throw new AppError('UNAUTHORIZED', refusal);
    return callerOf(verifier, identity, origin);
  }

  /** The caller a secret alone belongs to, as Bearer sends it. Throws as {@link PasswordLoginService.signIn}. */
  async signInByToken(secret: string, origin: RequestOrigin): Promise<Caller> {
    requireBounded(secret);
    const credentials = { name: '', secret };
    const verifier = await this.#verifiers.for(credentials, 'shaped');
    if (!verifier) {
      throw new AppError(
        'UNAUTHORIZED',
        'The token is not one this address takes: send a personal access token, or a name and a secret with Basic.',
      );
    }
    return callerOf(verifier, await this.#identify(verifier, credentials, origin), origin);
  }

  /**
   * As {@link PasswordLoginService.signIn}, for a browser session, with what is needed beside the password. Throws
   * FORBIDDEN for what opens none (ROB-7).
   */
  async signInToPortal(
    credentials: BasicCredentials,
    origin: RequestOrigin,
  ): Promise<{ readonly caller: Caller; readonly demand: FactorDemand }> {
    const verifier = await this.#verifierFor(credentials);
    const identity = await this.#identify(verifier, credentials, origin);
    if (verifier.noPortal !== null) throw new AppError('FORBIDDEN', verifier.noPortal);
    return { caller: callerOf(verifier, identity, origin), demand: await this.#demand(verifier, identity) };
  }

  /**
   * Who checks the credentials. Throws UNAVAILABLE before anything is read, let alone counted, when as many passwords as
   * can be are being checked: a flood of guesses costs others nothing, and locks nobody out (S13).
   */
  async #verifierFor(credentials: BasicCredentials): Promise<CredentialVerifier> {
    requireBounded(credentials.secret);
    const shaped = await this.#verifiers.for(credentials, 'shaped');
    if (!shaped && !this.#isRemembered(credentials)) await this.#gate.requireRoom();
    const verifier = shaped ?? (await this.#verifiers.for(credentials));
    if (!verifier) throw wrong();
    return verifier;
  }

  #isRemembered({ name, secret }: BasicCredentials): boolean {
    const now = this.#clock.now();
    return this.#verifiers.slowKinds().some((kind) => this.#cache.get(this.#cache.keyOf(kind, name, secret), now));
  }

  /** Second factors stand beside the passwords of local accounts; every other credential was made with one, or elsewhere. */
  async #demand(verifier: CredentialVerifier, { factors }: Identity): Promise<FactorDemand> {
    if (verifier.precedence !== 'local' || !factors) return 'none';
    return factorDemand(factors, (await this.#settings.get()).second_factor_required);
  }

  async #identify(
    verifier: CredentialVerifier,
    credentials: BasicCredentials,
    origin: RequestOrigin,
  ): Promise<Identity> {
    const key = this.#cache.keyOf(verifier.credential, credentials.name, credentials.secret);
    const proven = (await this.#recall(key)) ?? (await this.#proveOnce(key, verifier, credentials, origin)).identity;
    const identity = await this.#confirmed(proven);
    await this.#requireVouched(verifier, identity, origin);
    const refusal = verifier.refuse?.(identity, origin) ?? null;
    if (refusal !== null) {
      // Counted and never taken back: whoever holds a secret he may not use here shall not fill the log.
      await this.#throttle.guess(verifier.credential, credentials.name, origin.address);
      await this.#store.record(loginFailed(credentials.name, verifier.credential, origin));
      throw new AppError('UNAUTHORIZED', refusal);
    }
    verifier.noteUse?.(identity, origin);
    return identity;
  }

  /** Throws UNAUTHORIZED for whom his source has not vouched for too long, and tells the log so (S33). */
  async #requireVouched(verifier: CredentialVerifier, identity: Identity, origin: RequestOrigin): Promise<void> {
    const { principal } = identity;
    if (!this.#identities.isVouchedFor(identity) && (await this.#isNews('unvouched', principal))) {
      await this.#store.record(loginFailed(principal.username, verifier.credential, origin, UNVOUCHED));
    }
    this.#identities.requireVouched(identity);
  }

  /** Whether something is told of somebody for the first time in a while: programs send what worked before again and again. */
  async #isNews(what: string, principal: Identity['principal']): Promise<boolean> {
    try {
      await this.#throttle.useBy(what, principal, TOLD_ONCE);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'TOO_MANY_REQUESTS') return false;
      throw error;
    }
  }

  /** The identity once its source has been asked again, when that is due. Throws UNAUTHORIZED for one it no longer knows. */
  async #confirmed(identity: Identity): Promise<Identity> {
    const { principal } = identity;
    if (principal.kind !== 'user' || !(await this.#identities.confirm(principal.id, USE_MS))) return identity;
    const { kind, id } = subjectOf(identity);
    const present = await this.#identities.find(kind, id);
    if (!present) throw wrong();
    return present;
  }

  /** A remembered proof counts only while the stored credential version is the same: one read by primary key (S9, S11). */
  async #recall(key: string): Promise<Identity | null> {
    const proven = this.#cache.get(key, this.#clock.now());
    if (!proven) return null;
    const identity = await this.#identities.find(proven.subject.kind, proven.subject.id);
    if (identity?.credentialVersion === proven.credentialVersion) return identity;
    this.#cache.delete(key);
    return null;
  }

  /** Clients open many connections at once with the same credentials: one proof serves them all. */
  #proveOnce(
    key: string,
    verifier: CredentialVerifier,
    credentials: BasicCredentials,
    origin: RequestOrigin,
  ): Promise<Proof> {
    // By place too, so that nobody's wrong attempt is answered by another's count.
    const pendingKey = `${key} ${origin.address}`;
    const running = this.#pending.get(pendingKey);
    if (running) return running;
    const prove = () => this.#prove(key, verifier, credentials, origin);
    const proof = (isSlow(verifier) ? this.#gate.run(prove) : prove())
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#pending.delete(pendingKey));
    this.#pending.set(pendingKey, proof);
    return proof;
  }

  async #prove(
    key: string,
    verifier: CredentialVerifier,
    credentials: BasicCredentials,
    origin: RequestOrigin,
  ): Promise<Proof> {
    const attempt =
      (verifier.isGuessable ?? true)
        ? await this.#throttle.guess(verifier.credential, credentials.name, origin.address)
        : null;
    const proof = await this.#check(verifier, credentials, origin, attempt);
    if (!proof) {
      await this.#store.record(loginFailed(credentials.name, verifier.credential, origin));
      throw wrong();
    }
    await attempt?.succeed();
    const { credentialVersion } = proof.identity;
    this.#cache.put(key, { subject: subjectOf(proof.identity), credentialVersion }, this.#clock.now(), proof.until);
    return proof;
  }

  /** Guesses that are not tried any more must not be cheaper for who makes them than for this process. */
  async #fail(error: unknown): Promise<never> {
    if (error instanceof AppError && error.code === 'TOO_MANY_REQUESTS') await this.#gate.slowRefusal();
    throw error;
  }

  /** What could not be checked is no guess: whoever keeps the checks busy must not lock others out with it. */
  async #check(
    verifier: CredentialVerifier,
    credentials: BasicCredentials,
    origin: RequestOrigin,
    attempt: Attempt | null,
  ): Promise<Proof | null> {
    try {
      return await verifier.verify(credentials, origin);
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') await attempt?.withdraw();
      throw error;
    }
  }
}

function callerOf(verifier: CredentialVerifier, identity: Identity, origin: RequestOrigin): Caller {
  const mustChangePassword = verifier.precedence === 'local' ? passwordDemand(identity) : undefined;
  return {
    principal: identity.principal,
    credential: verifier.credential,
    credentialVersion: identity.credentialVersion,
    ...(mustChangePassword ? { mustChangePassword } : {}),
    ...(identity.subject ? { subject: identity.subject } : {}),
    ...originOf(origin),
  };
}

/** One text for a wrong name, a wrong secret and an account that may not sign in (S4). */
function wrong(): AppError {
  return new AppError('UNAUTHORIZED', 'The user name or password is wrong, or the account may not sign in.');
}
