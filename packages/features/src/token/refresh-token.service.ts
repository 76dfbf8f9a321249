import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { type Caller, originOf, type RequestOrigin } from '../http/index.ts';
import { type Identity, IdentityService } from '../login/index.ts';
import { generateSecret, isGeneratedSecret, sha256 } from '../secret/index.ts';
import { RefreshTokenStore, type StoredRefreshToken } from './refresh-token.store.ts';

const LIFE_MS = 30 * 24 * 3600 * 1000;

/** A refresh token that was accepted. */
export interface RefreshedIdentity {
  readonly identity: Identity;
  /** Set when a new refresh token was asked for; it takes the place of the one given. */
  readonly replacement?: string;
}

/**
 * Refresh tokens for users (S26). Container clients keep the one they were given at login and send it for every token, so
 * it stays valid; a client that asks for a new one with its refresh gives the old one up, and whoever shows a given-up
 * token again ends the whole family. Every one ends with the user's credential version.
 */
@Injectable()
export class RefreshTokenService {
  readonly #store: RefreshTokenStore;
  readonly #identities: IdentityService;
  readonly #clock: Clock;

  constructor(store: RefreshTokenStore, identities: IdentityService, clock: Clock) {
    this.#store = store;
    this.#identities = identities;
    this.#clock = clock;
  }

  /** A refresh token for a user who has just proven himself; null for everyone else. */
  async issue(caller: Caller, service: string, clientId: string): Promise<string | null> {
    const { principal, credentialVersion } = caller;
    if (principal.kind !== 'user' || caller.credential !== 'password' || credentialVersion === undefined) return null;
    const text = generateSecret('refresh');
    const at = this.#clock.now();
    await this.#store.create(
      {
        tokenHash: sha256(text),
        userId: principal.id,
        credentialVersion,
        service,
        clientId,
        at,
        expiresAt: new Date(at.getTime() + LIFE_MS),
      },
      {
        name: 'token.refresh-token-issued',
        projectId: null,
        data: { userId: principal.id },
        audit: auditEntry(caller, {
          resourceType: 'refresh-token',
          resource: principal.username,
          operation: 'create',
          after: { service, client_id: clientId },
        }),
      },
    );
    return text;
  }

  /** Who a refresh token speaks for; null when it does not hold for this service, or no longer. */
  async use(
    text: string,
    service: string,
    wantsReplacement: boolean,
    origin: RequestOrigin,
  ): Promise<RefreshedIdentity | null> {
    if (!isGeneratedSecret('refresh', text)) return null;
    const hash = sha256(text);
    const now = this.#clock.now();
    const token = await this.#store.find(hash, now);
    if (!token || token.service !== service) return null;
    const identity = await this.#identities.find('user', token.userId);
    if (!identity || identity.credentialVersion !== token.credentialVersion) return null;
    if (token.usedAt !== null) return this.#refuseCopy(token, identity, origin);
    if (!wantsReplacement) return { identity };
    const replacement = generateSecret('refresh');
    const next = { ...token, tokenHash: sha256(replacement), at: now };
    if (!(await this.#store.replace(hash, next))) return this.#refuseCopy(token, identity, origin);
    return { identity, replacement };
  }

  /** Removes tokens that are over; returns how many. */
  purge(): Promise<number> {
    return this.#store.purge(this.#clock.now());
  }

  async #refuseCopy(token: StoredRefreshToken, identity: Identity, origin: RequestOrigin): Promise<null> {
    const caller: Caller = { principal: identity.principal, credential: 'refresh-token', ...originOf(origin) };
    const audit = auditEntry(caller, {
      resourceType: 'refresh-token',
      resource: identity.principal.username,
      operation: 'revoke',
      description: 'a replaced refresh token was used again; all that came from it are revoked',
      succeeded: false,
      status: 401,
    });
    await this.#store.revokeFamily(token.family, this.#clock.now(), {
      name: 'token.refresh-token-revoked',
      projectId: null,
      data: { userId: token.userId },
      audit,
    });
    return null;
  }
}
