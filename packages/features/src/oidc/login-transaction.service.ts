import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import * as client from 'openid-client';
import { Clock } from '../clock/index.ts';
import { ExternalAddress } from '../http/index.ts';
import { KeyRing, sha256 } from '../secret/index.ts';
import type { LoginChecks, ProviderTerms } from '../oidc-provider/index.ts';
import { LOGIN_SECONDS, loginCookie, ONBOARDING_SECONDS, readLoginCookie } from './login-browser.rules.ts';
import { LoginTransactionStore, type TransactionPurpose } from './login-transaction.store.ts';

const COOKIE_BYTES = 32;
const TABLE = 'login_transactions';

/** A login on its way, as the browser that set out brings it back. */
export interface TakenLogin {
  readonly id: string;
  readonly purpose: TransactionPurpose;
  readonly sourceId: number | null;
  readonly returnTo: string;
  readonly checks: LoginChecks;
  /** Settings that are not saved, when they are tried. */
  readonly draft: ProviderTerms | null;
}

/** A choice of a name that waits. `proof` is what {@link LoginTransactionService.keepProof} kept. */
export interface WaitingProof {
  readonly sourceId: number | null;
  readonly returnTo: string;
  readonly proof: unknown;
}

/** What a login is for. */
export interface LoginPlan {
  readonly purpose: 'login' | 'test';
  readonly sourceId: number | null;
  readonly userId: number | null;
  readonly returnTo: string;
  readonly draft: ProviderTerms | null;
}

/** Binds logins to the browser that began them: state and cookie of 256 bits, each login once, for ten minutes (S27). */
@Injectable()
export class LoginTransactionService {
  readonly #store: LoginTransactionStore;
  readonly #keys: KeyRing;
  readonly #address: ExternalAddress;
  readonly #clock: Clock;

  constructor(store: LoginTransactionStore, keys: KeyRing, address: ExternalAddress, clock: Clock) {
    this.#store = store;
    this.#keys = keys;
    this.#address = address;
    this.#clock = clock;
  }

  /** Begins a login. The browser keeps one cookie for several of them, so that two tabs can be under way. */
  async begin(
    plan: LoginPlan,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ readonly id: string; readonly checks: LoginChecks }> {
    const isHttps = this.#address.isHttpsFor(request);
    const cookie = readLoginCookie(request.headers.cookie, isHttps) ?? randomBytes(COOKIE_BYTES).toString('base64url');
    const id = randomUUID();
    const checks: LoginChecks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      redirectUri: `${this.#address.urlFor(request.headers.host)}/c/oidc/callback`,
    };
    await this.#store.create({
      id,
      stateHash: sha256(checks.state),
      browserHash: sha256(cookie),
      purpose: plan.purpose,
      sourceId: plan.sourceId,
      userId: plan.userId,
      sealed: this.#seal(id, { checks, draft: plan.draft }),
      returnTo: plan.returnTo,
      expiresAt: this.#inSeconds(LOGIN_SECONDS),
    });
    response.appendHeader('set-cookie', loginCookie(cookie, isHttps));
    return { id, checks };
  }

  /** The login a browser comes back from, once; null for any other. */
  async take(state: string | undefined, request: IncomingMessage): Promise<TakenLogin | null> {
    const browser = this.#browserOf(request);
    if (state === undefined || state === '' || browser === null) return null;
    const taken = await this.#store.take(sha256(state), browser, this.#clock.now());
    if (!taken) return null;
    const { checks, draft } = this.#open(taken) as { checks: LoginChecks; draft: ProviderTerms | null };
    const { id, purpose, sourceId, returnTo } = taken;
    return { id, purpose, sourceId, returnTo, checks, draft };
  }

  /** Keeps a proof until the person has chosen a name, in the same browser. */
  async keepProof(sourceId: number, returnTo: string, proof: unknown, request: IncomingMessage): Promise<void> {
    const browserHash = this.#browserOf(request);
    if (browserHash === null) return;
    const id = randomUUID();
    await this.#store.create({
      id,
      stateHash: sha256(client.randomState()),
      browserHash,
      purpose: 'onboard',
      sourceId,
      userId: null,
      sealed: this.#seal(id, proof),
      returnTo,
      expiresAt: this.#inSeconds(ONBOARDING_SECONDS),
    });
  }

  /** The proof that waits in this browser for a name; null when there is none. */
  async waitingProof(request: IncomingMessage): Promise<WaitingProof | null> {
    const browser = this.#browserOf(request);
    const found = browser && (await this.#store.findOnboarding(browser, this.#clock.now()));
    if (!found) return null;
    return { sourceId: found.sourceId, returnTo: found.returnTo, proof: this.#open(found) };
  }

  /** Ends every choice of a name that waits in this browser. */
  async closeWaiting(request: IncomingMessage): Promise<void> {
    const browser = this.#browserOf(request);
    if (browser !== null) await this.#store.closeOnboarding(browser, this.#clock.now());
  }

  #browserOf(request: IncomingMessage): Buffer | null {
    const cookie = readLoginCookie(request.headers.cookie, this.#address.isHttpsFor(request));
    return cookie === null ? null : sha256(cookie);
  }

  #inSeconds(seconds: number): Date {
    return new Date(this.#clock.now().getTime() + seconds * 1000);
  }

  #seal(id: string, value: unknown): Buffer {
    return this.#keys.seal(Buffer.from(JSON.stringify(value)), { table: TABLE, column: 'sealed', uid: id });
  }

  #open({ id, sealed }: { readonly id: string; readonly sealed: Buffer }): unknown {
    const opened = this.#keys.open(sealed, { table: TABLE, column: 'sealed', uid: id });
    return JSON.parse(opened.toString('utf8'));
  }
}
