import { Injectable } from '@nestjs/common';
import {
  type BasicCredentials,
  type CredentialVerifier,
  type Identity,
  type Precedence,
  type Proof,
  type Recognition,
} from '../login/index.ts';
import { equalSecrets, isGeneratedSecret, KeyRing, SECRET_PREFIXES } from '../secret/index.ts';
import { type UserRow, UserService } from '../user/index.ts';
import { CliSecretStore, type StoredCliSecret } from './cli-secret.store.ts';

/**
 * CLI secrets as credentials of users who sign in through a provider (OIDC-7). They carry the user's rights in projects,
 * never those of a system administrator (S33).
 */
@Injectable()
export class CliSecretVerifier implements CredentialVerifier {
  readonly credential = 'cli-secret';
  readonly precedence: Precedence = 'source';
  readonly noPortal = 'A CLI secret opens no portal session; sign in through your provider.';
  readonly #store: CliSecretStore;
  readonly #users: UserService;
  readonly #keys: KeyRing;

  constructor(store: CliSecretStore, users: UserService, keys: KeyRing) {
    this.#store = store;
    this.#users = users;
    this.#keys = keys;
  }

  /** Secrets may be chosen, so the name decides: whoever has a CLI secret uses it. Bearer has no name. */
  async recognises({ name, secret }: BasicCredentials): Promise<Recognition> {
    if (name === '') return 'other';
    if (secret.startsWith(SECRET_PREFIXES.cli)) return isGeneratedSecret('cli', secret) ? 'mine' : 'malformed';
    return (await this.#store.findByName(name)) ? 'mine' : 'other';
  }

  async verify({ name, secret }: BasicCredentials): Promise<Proof | null> {
    const stored = await this.#store.findByName(name);
    const isRight = equalSecrets(this.codeOf(stored?.uid ?? '', secret), stored?.hash ?? Buffer.alloc(0));
    if (!stored || !isRight) return null;
    const identity = (await this.findActive([stored.id])).get(stored.id);
    return identity ? { identity, until: null } : null;
  }

  /** Users behind CLI secrets, by the ids of their identities; two statements. */
  async findActive(ids: readonly number[]): Promise<ReadonlyMap<number, Identity>> {
    const secrets = await this.#store.findMany(ids);
    const users = await this.#users.findActive(secrets.map(({ userId }) => userId));
    return new Map(
      secrets.flatMap((secret) => {
        const user = users.get(secret.userId);
        return user ? [[secret.id, cliIdentity(user, secret)] as const] : [];
      }),
    );
  }

  /** What is stored of a secret: a code under the instance key, bound to the identity. */
  codeOf(uid: string, secret: string): Buffer {
    return this.#keys.mac('cli-secret', uid, secret);
  }
}

/** What hangs on the secret ends with it: the version changes when another one is set. It always hangs on the source. */
function cliIdentity({ id, username, credentialVersion, vouchedAt }: UserRow, secret: StoredCliSecret): Identity {
  return {
    principal: { kind: 'user', id, username, isSysadmin: false },
    subject: { kind: 'cli-secret', id: secret.id },
    credentialVersion: secret.setAt.getTime() + credentialVersion,
    vouchedAt,
  };
}
