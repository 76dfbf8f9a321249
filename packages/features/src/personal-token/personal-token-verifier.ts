import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { RequestOrigin } from '../http/index.ts';
import {
  type BasicCredentials,
  type CredentialVerifier,
  type Identity,
  type Precedence,
  type Proof,
  type Recognition,
} from '../login/index.ts';
import { isGeneratedSecret, SECRET_PREFIXES, sha256 } from '../secret/index.ts';
import { UserService } from '../user/index.ts';
import { isNameOf, tokenIdentity } from './personal-token.rules.ts';
import { PersonalTokenStore } from './personal-token.store.ts';

const USE_NOTED_EVERY_MS = 60_000;
const MAX_NOTED = 10_000;

/** Personal tokens as credentials: known by their prefix; a wrong checksum is refused without a look at the database. */
@Injectable()
export class PersonalTokenVerifier implements CredentialVerifier {
  readonly credential = 'personal-token';
  readonly precedence: Precedence = 'shape';
  readonly noPortal = 'A personal token opens no portal session; sign in with your password.';
  readonly #store: PersonalTokenStore;
  readonly #users: UserService;
  readonly #clock: Clock;
  readonly #noted = new Map<number, number>();

  constructor(store: PersonalTokenStore, users: UserService, clock: Clock) {
    this.#store = store;
    this.#users = users;
    this.#clock = clock;
  }

  recognises({ secret }: BasicCredentials): Recognition {
    if (!secret.startsWith(SECRET_PREFIXES.personal)) return 'other';
    return isGeneratedSecret('personal', secret) ? 'mine' : 'malformed';
  }

  async verify({ name, secret }: BasicCredentials): Promise<Proof | null> {
    const token = await this.#store.findByHash(sha256(secret), this.#clock.now());
    const user = token && (await this.#users.findActive([token.userId])).get(token.userId);
    if (!token || !user || !isNameOf(user, name)) return null;
    return { identity: tokenIdentity(user, token), until: token.expiresAt };
  }

  /** Users behind living tokens, by the tokens' ids; two statements. */
  async findActive(ids: readonly number[]): Promise<ReadonlyMap<number, Identity>> {
    const tokens = await this.#store.findMany(ids, this.#clock.now());
    const users = await this.#users.findActive([...new Set(tokens.map(({ userId }) => userId))]);
    return new Map(
      tokens.flatMap((token) => {
        const user = users.get(token.userId);
        return user ? [[token.id, tokenIdentity(user, token)] as const] : [];
      }),
    );
  }

  noteUse({ subject }: Identity, { address }: RequestOrigin): void {
    if (!subject) return;
    const now = this.#clock.now();
    if (now.getTime() - (this.#noted.get(subject.id) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear();
    this.#noted.set(subject.id, now.getTime());
    // A lost note costs a minute of a statistic; the next use writes it again.
    this.#store.noteUse(subject.id, now, address).catch(() => this.#noted.delete(subject.id));
  }
}
