import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import type { Caller } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { generateSecret } from '../secret/index.ts';
import { UserService } from '../user/index.ts';
import { CliSecretStore } from './cli-secret.store.ts';
import { CliSecretVerifier } from './cli-secret-verifier.ts';

/** CLI secrets of users who sign in through a provider. */
@Injectable()
export class CliSecretService {
  readonly #store: CliSecretStore;
  readonly #verifier: CliSecretVerifier;
  readonly #users: UserService;
  readonly #clock: Clock;

  constructor(store: CliSecretStore, verifier: CliSecretVerifier, users: UserService, clock: Clock) {
    this.#store = store;
    this.#verifier = verifier;
    this.#users = users;
    this.#clock = clock;
  }

  /**
   * Sets the chosen secret, or makes one and returns it; the former one ends. Throws NOT_FOUND, and
   * PRECONDITION for a local account.
   */
  async set(caller: Caller, userId: number, chosen: string | undefined): Promise<string | undefined> {
    const uid = await this.#identityOf(userId);
    const secret = chosen ?? generateSecret('cli');
    await this.#store.set(
      userId,
      this.#verifier.codeOf(uid, secret),
      this.#clock.now(),
      await this.#event(caller, userId, 'set'),
    );
    return chosen === undefined ? secret : undefined;
  }

  /** Takes the secret away. Throws as {@link CliSecretService.set}. */
  async remove(caller: Caller, userId: number): Promise<void> {
    await this.#identityOf(userId);
    await this.#store.set(userId, null, this.#clock.now(), await this.#event(caller, userId, 'remove'));
  }

  async #identityOf(userId: number): Promise<string> {
    const uid = await this.#store.findUid(userId);
    if (uid !== null) return uid;
    await this.#users.get(userId);
    throw new AppError('PRECONDITION', 'This account has a password of its own; use that, or a personal access token.');
  }

  async #event(caller: Caller, userId: number, verb: 'set' | 'remove'): Promise<DomainEvent> {
    const { username } = await this.#users.get(userId);
    return {
      name: 'user.cli-secret-changed',
      projectId: null,
      data: { userId, username },
      audit: auditEntry(caller, {
        resourceType: 'user',
        resource: username,
        operation: 'update',
        description: `${verb} the CLI secret of ${username}`,
      }),
    };
  }
}
