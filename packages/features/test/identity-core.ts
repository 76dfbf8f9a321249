import { Secret } from '@moorage/config';
import type { Database } from '@moorage/database';
import { Clock } from '../src/clock/index.ts';
import { ExternalAddress } from '../src/http/index.ts';
import { RobotIdentityService } from '../src/robot/index.ts';
import { RobotIdentityStore } from '../src/robot/robot-identity.store.ts';
import { KeyRing } from '../src/secret/index.ts';
import { FactorProofService } from '../src/second-factor/index.ts';
import { PasskeyService } from '../src/second-factor/passkey.service.ts';
import { PendingLoginStore } from '../src/second-factor/pending-login.store.ts';
import { SecondFactorStore } from '../src/second-factor/second-factor.store.ts';
import { SessionService } from '../src/session/index.ts';
import { SessionStore } from '../src/session/session.store.ts';
import { SettingsService } from '../src/settings/index.ts';
import { SettingsStore } from '../src/settings/settings.store.ts';
import { ThrottleService } from '../src/throttle/index.ts';
import { ThrottleStore } from '../src/throttle/throttle.store.ts';
import { UserService } from '../src/user/index.ts';
import { PasswordHasher } from '../src/password/index.ts';
import { UserStore } from '../src/user/user.store.ts';
import { CredentialVerifiers } from '../src/login/credential-verifier.ts';
import { IdentityService } from '../src/login/identity.service.ts';
import { LoginService } from '../src/login/login.service.ts';
import { LoginStore } from '../src/login/login.store.ts';
import { PasswordLoginService } from '../src/login/password-login.service.ts';
import { RobotSecretVerifier } from '../src/login/robot-secret-verifier.ts';
import { PortalLoginService } from '../src/portal-login/portal-login.service.ts';
import { PortalLoginStore } from '../src/portal-login/portal-login.store.ts';
import { SessionLoginService } from '../src/portal-login/session-login.service.ts';
import { UserPasswordVerifier } from '../src/login/user-password-verifier.ts';

/** A clock tests move by hand. */
export class TestClock extends Clock {
  #now = new Date('2026-11-25T10:00:00Z');

  now(): Date {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  }
}

export class PlainAddress extends ExternalAddress {
  readonly url = 'http://127.0.0.1:8080';
  readonly isConfigured = true;
}

export type TestCore = ReturnType<typeof testCore>;

/** The identity rooms of one core process over a test database, wired as the modules wire them; for tests only. */
export function testCore(database: Database, time = new TestClock()) {
  const keys = new KeyRing(new Secret(Buffer.alloc(32, 3)));
  const settings = new SettingsService(new SettingsStore(database), time);
  const users = new UserService(new UserStore(database), new PasswordHasher(keys));
  const robots = new RobotIdentityService(new RobotIdentityStore(database), settings, keys, time);
  const identities = new IdentityService(users, robots, time);
  const throttle = new ThrottleService(new ThrottleStore(database), keys, time);
  const store = new LoginStore(database);
  const verifiers = new CredentialVerifiers();
  verifiers.add(new RobotSecretVerifier(robots));
  verifiers.add(new UserPasswordVerifier(users));
  const passwords = new PasswordLoginService(verifiers, identities, throttle, store, settings, time);
  const browser = new SessionService(new SessionStore(database), settings, keys, time);
  const address = new PlainAddress();
  const sessions = new SessionLoginService(browser, users, new PortalLoginStore(database), address, time);
  const proofs = new FactorProofService(
    new SecondFactorStore(database),
    new PendingLoginStore(database),
    new PasskeyService(),
    keys,
    time,
  );
  return {
    clock: time,
    keys,
    settings,
    users,
    robots,
    identities,
    throttle,
    verifiers,
    passwords,
    login: new LoginService(passwords, browser, identities, throttle, settings, address),
    sessions,
    portal: new PortalLoginService(passwords, sessions, proofs, identities, throttle, address),
  };
}
