import { randomBytes } from 'node:crypto';
import type { CredentialKind, SubjectRef } from '../http/index.ts';
import { lengthPrefixedMac } from '../secret/index.ts';

/** A credential that was proven, and the version of it that was. */
export interface ProvenCredential {
  readonly subject: SubjectRef;
  readonly credentialVersion: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const MAX_ENTRIES = 10_000;
const LIFE_MS = 60_000;

/**
 * Remembers for up to a minute which name and secret belong to whom, so that clients that send Basic with every request
 * do not cost a hash each time. Keys are codes under a key of this process over version, kind, name and secret (S9).
 * An entry proves nothing by itself: the caller compares its version with the stored one at every use.
 */
export class CredentialCache {
  readonly #key = randomBytes(32);
  readonly #entries = new Map<string, ProvenCredential>();

  keyOf(kind: CredentialKind, name: string, secret: string): string {
    return lengthPrefixedMac(this.#key, ['1', kind, name, secret]).toString('base64');
  }

  get(key: string, now: Date): ProvenCredential | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    const age = entry.until - now.getTime();
    // A clock that was set back must not prolong an entry.
    if (age > 0 && age <= LIFE_MS) return entry;
    this.#entries.delete(key);
    return null;
  }

  /** Keeps a proof for a minute, or until `notAfter` if that is earlier. */
  put(key: string, credential: Omit<ProvenCredential, 'until'>, now: Date, notAfter: Date | null): void {
    const until = Math.min(now.getTime() + LIFE_MS, notAfter?.getTime() ?? Number.POSITIVE_INFINITY);
    if (until <= now.getTime()) return;
    if (this.#entries.size >= MAX_ENTRIES) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { ...credential, until });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
