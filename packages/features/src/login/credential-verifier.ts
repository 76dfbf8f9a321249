import { Injectable } from '@nestjs/common';
import type { CredentialKind, RequestOrigin } from '../http/index.ts';
import type { BasicCredentials } from './credentials.rules.ts';
import type { Identity } from './identity.service.ts';

/** Who was proven, and until when the proof may be remembered: a minute when null, never when it lies in the past. */
export interface Proof {
  readonly identity: Identity;
  readonly until: Date | null;
}

/**
 * What a verifier says of credentials before it checks them. `malformed`: they have its form, but cannot be right; they
 * are refused without counting and without reading anything.
 */
export type Recognition = 'mine' | 'malformed' | 'other';

/**
 * In which order verifiers are asked: by who issued the secret, if it says so; by the look of name or secret alone; by the source an account comes from; and the
 * local passwords, which take what is left.
 */
export type Precedence = 'issuer' | 'shape' | 'source' | 'local';

/** One kind of credential that a name and a secret can be. The room that keeps the credential adds its verifier. */
export interface CredentialVerifier {
  /** What callers proven by it carry; attempts are counted apart by it. */
  readonly credential: CredentialKind;
  readonly precedence: Precedence;
  /** False when nobody can guess one: then wrong ones are not counted by name, and the verifier bounds them itself. */
  readonly isGuessable?: boolean;
  /** Why it opens no browser session; null when it does. */
  readonly noPortal: string | null;
  /** The first verifier that knows them decides alone. With Bearer the name is empty, and only those by shape are asked. */
  recognises(credentials: BasicCredentials): Recognition | Promise<Recognition>;
  /**
   * Null for whatever does not let anyone in, after the same work in every case (S4). Throws UNAUTHORIZED only with a
   * text that helps and tells nothing about others, UNAVAILABLE when it cannot tell: then the attempt does not count.
   */
  verify(credentials: BasicCredentials, origin: RequestOrigin): Promise<Proof | null>;
  /** Why the identity, though proven, may not act from there; null when it may. Asked at every use, remembered ones included. */
  refuse?(identity: Identity, origin: RequestOrigin): string | null;
  /** Notes a use, remembered proofs included; must not throw, nor make the call wait. */
  noteUse?(identity: Identity, origin: RequestOrigin): void;
}

const ORDER: readonly Precedence[] = ['issuer', 'shape', 'source', 'local'];
/** Those that know a secret by itself, with or without a name, and check it quickly. */
const SHAPED: readonly Precedence[] = ['issuer', 'shape'];

/** Whether a check costs a slow hash or a question to another server. */
export function isSlow({ precedence }: CredentialVerifier): boolean {
  return !SHAPED.includes(precedence);
}

/** The kinds of credentials this process knows. Rooms add theirs when their module starts. */
@Injectable()
export class CredentialVerifiers {
  #verifiers: readonly CredentialVerifier[] = [];

  add(verifier: CredentialVerifier): void {
    this.#verifiers = [...this.#verifiers, verifier].sort(
      (left, right) => ORDER.indexOf(left.precedence) - ORDER.indexOf(right.precedence),
    );
  }

  /** The kinds whose check is slow. */
  slowKinds(): readonly CredentialKind[] {
    return this.#verifiers.filter(isSlow).map(({ credential }) => credential);
  }

  /** Who is to check these credentials; null when nobody knows them, or the one who does sees that they cannot be right. */
  async for(credentials: BasicCredentials, among?: 'shaped'): Promise<CredentialVerifier | null> {
    for (const verifier of this.#verifiers) {
      if (among === 'shaped' && isSlow(verifier)) continue;
      const recognition = await verifier.recognises(credentials);
      if (recognition !== 'other') return recognition === 'mine' ? verifier : null;
    }
    return null;
  }
}
