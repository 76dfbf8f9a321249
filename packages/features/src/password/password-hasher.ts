import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { equalSecrets, KeyRing } from '../secret/index.ts';
import { BoundedPool } from './bounded-pool.ts';
import { HashThread } from './hash-thread.ts';
import { type Argon2Cost, formatPassword, isOutdated, parsePassword } from './password-format.rules.ts';

/** OWASP's and ASVS' minimum for argon2id: 19 MiB, two passes, one lane. */
const COST: Argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Half the processors: the other half goes on serving while every thread hashes, and so does the memory between them. */
const LIMITS = { running: Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2))), waiting: 64 };

/** How many passwords can be checked or wait for it at one moment (S13). */
export const PASSWORD_CHECKS_AT_ONCE = LIMITS.running + LIMITS.waiting;

/** `outdated` matches too; the hash should be replaced. */
export type PasswordVerdict = 'match' | 'outdated' | 'mismatch';

/** Hashes user passwords: HMAC with the instance's pepper, then argon2id, in a bounded pool. */
@Injectable()
export class PasswordHasher {
  readonly #keys: KeyRing;
  readonly #pool = new BoundedPool(LIMITS);
  /** Those that compute nothing now; the pool lets no more in than there are. */
  readonly #idle = Array.from({ length: LIMITS.running }, () => new HashThread());

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** The password in its stored form. Throws UNAVAILABLE when too many hashes wait. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#derive(password, salt, COST);
    return formatPassword({ cost: COST, keyId: this.#keys.keyId, salt, hash });
  }

  /**
   * Compares the exact bytes of a password with a stored hash. Without a stored hash (no such user, no password) the same
   * work is done for nothing, so that time does not tell who exists (S4). Throws UNAVAILABLE when too many hashes wait.
   */
  async verify(password: string, storedText: string | null): Promise<PasswordVerdict> {
    const stored = storedText === null ? null : parsePassword(storedText);
    if (!stored || stored.keyId !== this.#keys.keyId || !password.isWellFormed()) {
      await this.#derive(password, Buffer.alloc(SALT_BYTES), COST);
      return 'mismatch';
    }
    const hash = await this.#derive(password, stored.salt, stored.cost, stored.hash.length);
    if (!equalSecrets(hash, stored.hash)) return 'mismatch';
    return isOutdated(stored, COST) ? 'outdated' : 'match';
  }

  #derive(password: string, nonce: Buffer, cost: Argon2Cost, tagLength = HASH_BYTES): Promise<Buffer> {
    const message = this.#keys.mac('password', Buffer.from(password, 'utf8'));
    return this.#pool.run(async () => {
      const thread = this.#idle.pop() ?? new HashThread();
      try {
        return await thread.derive({ message, nonce, tagLength, cost });
      } finally {
        this.#idle.push(thread);
      }
    });
  }
}
