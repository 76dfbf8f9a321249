import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import { SessionLoginService } from '../portal-login/index.ts';
import { KeyRing } from '../secret/index.ts';
import { SignInError } from '../oidc-provider/index.ts';
import type { Visit } from './oidc-login.service.ts';
import { type SourceSession, SourceSessionStore } from './source-session.store.ts';

/** The session a proven person gets, and what it remembers of the provider's. */
@Injectable()
export class SessionEntry {
  readonly #logins: SessionLoginService;
  readonly #store: SourceSessionStore;
  readonly #keys: KeyRing;

  constructor(logins: SessionLoginService, store: SourceSessionStore, keys: KeyRing) {
    this.#logins = logins;
    this.#store = store;
    this.#keys = keys;
  }

  /** Begins a session. Throws {@link SignInError} for an account that may not act. */
  async begin(
    userId: number,
    proven: { readonly rawIdToken: string | null; readonly sid: string | null },
    { request, response, origin }: Visit,
  ): Promise<void> {
    const sessionId = await this.#logins.signInProven(userId, request, response, origin);
    if (sessionId === null) throw new SignInError('disabled', `The account ${userId} is disabled or deleted.`);
    const sealedIdToken =
      proven.rawIdToken === null ? null : this.#keys.seal(Buffer.from(proven.rawIdToken), placeOf(sessionId));
    await this.#store.create(userId, { sessionId, sid: proven.sid, sealedIdToken });
  }

  /** The ID token a session began with; null when it began without. */
  idTokenOf({ sessionId, sealedIdToken }: SourceSession): string | null {
    return sealedIdToken === null ? null : this.#keys.open(sealedIdToken, placeOf(sessionId)).toString('utf8');
  }

  /** Runs a step of a sign-in; what fails is audited with its reason, and told by its word. */
  async noting<T>(source: string, origin: RequestOrigin, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (error instanceof SignInError) await this.#logins.noteFailure(source, error.reason, origin);
      throw error;
    }
  }
}

function placeOf(sessionId: string): { table: string; column: string; uid: string } {
  return { table: 'source_sessions', column: 'sealed_id_token', uid: sessionId };
}
