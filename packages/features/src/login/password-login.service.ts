import { AppError, MAX_PASSWORD_BYTES } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, originOf, type RequestOrigin } from '../http/index.ts';
import { RobotIdentityService } from '../robot/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { UserService } from '../user/index.ts';
import { CredentialCache } from './credential-cache.ts';
import type { BasicCredentials } from './credentials.rules.ts';
import { type Identity, IdentityService, userIdentity } from './identity.service.ts';
import { loginFailed } from './login.events.ts';
import { LoginStore } from './login.store.ts';

interface Proof {
  readonly identity: Identity;
  readonly until: Date | null;
}

/** Checks a name with a password or robot secret: limited, remembered for a minute, audited when wrong. */
@Injectable()
export class PasswordLoginService {
  readonly #users: UserService;
  readonly #robots: RobotIdentityService;
  readonly #identities: IdentityService;
  readonly #throttle: ThrottleService;
  readonly #store: LoginStore;
  readonly #clock: Clock;
  readonly #cache = new CredentialCache();
  readonly #pending = new Map<string, Promise<Proof>>();

  constructor(
    users: UserService,
    robots: RobotIdentityService,
    identities: IdentityService,
    throttle: ThrottleService,
    store: LoginStore,
    clock: Clock,
  ) {
    this.#users = users;
    this.#robots = robots;
    this.#identities = identities;
    this.#throttle = throttle;
    this.#store = store;
    this.#clock = clock;
  }

  /** The caller these credentials belong to. Throws UNAUTHORIZED, TOO_MANY_REQUESTS, UNAVAILABLE, BAD_REQUEST above 1024 bytes (S6). */
  async signIn(credentials: BasicCredentials, origin: RequestOrigin): Promise<Caller> {
    if (Buffer.byteLength(credentials.secret) > MAX_PASSWORD_BYTES) {
      throw new AppError('BAD_REQUEST', `The password must have at most ${MAX_PASSWORD_BYTES} bytes.`);
    }
    const kind = (await this.#robots.isRobotName(credentials.name)) ? 'robot' : 'user';
    const key = this.#cache.keyOf(kind, credentials.name, credentials.secret);
    const identity = (await this.#recall(key)) ?? (await this.#proveOnce(key, kind, credentials, origin)).identity;
    if (kind === 'robot') this.#robots.noteUse(identity.principal.id, origin.address);
    return {
      principal: identity.principal,
      credential: kind === 'robot' ? 'robot-secret' : 'password',
      credentialVersion: identity.credentialVersion,
      ...originOf(origin),
    };
  }

  /** A remembered proof counts only while the stored credential version is the same: one read by primary key (S9, S11). */
  async #recall(key: string): Promise<Identity | null> {
    const proven = this.#cache.get(key, this.#clock.now());
    if (!proven) return null;
    const identity = await this.#identities.find(proven.kind, proven.id);
    if (identity?.credentialVersion === proven.credentialVersion) return identity;
    this.#cache.delete(key);
    return null;
  }

  /** Clients open many connections at once with the same credentials: one proof serves them all. */
  #proveOnce(
    key: string,
    kind: 'user' | 'robot',
    credentials: BasicCredentials,
    origin: RequestOrigin,
  ): Promise<Proof> {
    // By place too, so that nobody's wrong attempt is answered by another's count.
    const pendingKey = `${key} ${origin.address}`;
    const running = this.#pending.get(pendingKey);
    if (running) return running;
    const proof = this.#prove(key, kind, credentials, origin).finally(() => this.#pending.delete(pendingKey));
    this.#pending.set(pendingKey, proof);
    return proof;
  }

  async #prove(
    key: string,
    kind: 'user' | 'robot',
    { name, secret }: BasicCredentials,
    origin: RequestOrigin,
  ): Promise<Proof> {
    const attempt = await this.#throttle.guess(kind, name, origin.address);
    const proof = kind === 'robot' ? await this.#robotProof(name, secret) : await this.#userProof(name, secret);
    if (!proof) {
      await this.#store.record(loginFailed(name, kind === 'robot' ? 'robot-secret' : 'password', origin));
      throw new AppError('UNAUTHORIZED', 'The user name or password is wrong, or the account may not sign in.');
    }
    await attempt.succeed();
    const { principal, credentialVersion } = proof.identity;
    this.#cache.put(key, { kind: principal.kind, id: principal.id, credentialVersion }, this.#clock.now(), proof.until);
    return proof;
  }

  async #robotProof(name: string, secret: string): Promise<Proof | null> {
    const robot = await this.#robots.verify(name, secret);
    return robot && { identity: robot, until: robot.until };
  }

  async #userProof(name: string, secret: string): Promise<Proof | null> {
    const user = await this.#users.verify(name, secret);
    return user && { identity: userIdentity(user), until: null };
  }
}
