import { type AnswerOf, AppError, updateUserPassword, userExists } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Call, Input, Serve } from '../http/index.ts';
import { IdentityService } from '../login/index.ts';
import { SettingsService } from '../settings/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { UserService } from '../user/index.ts';
import { SessionLoginService } from './session-login.service.ts';

/** Questions of the sign-up form from one address. */
const EXISTENCE_LIMIT = { attempts: 60, windowSeconds: 15 * 60 };

/** What the sign-up form asks, and the change of a password, which is a sign-in anew. */
@Controller()
export class OwnPasswordController {
  readonly #sessions: SessionLoginService;
  readonly #identities: IdentityService;
  readonly #users: UserService;
  readonly #settings: SettingsService;
  readonly #throttle: ThrottleService;
  readonly #clock: Clock;

  constructor(
    sessions: SessionLoginService,
    identities: IdentityService,
    users: UserService,
    settings: SettingsService,
    throttle: ThrottleService,
    clock: Clock,
  ) {
    this.#sessions = sessions;
    this.#identities = identities;
    this.#users = users;
    this.#settings = settings;
    this.#throttle = throttle;
    this.#clock = clock;
  }

  @Serve(userExists)
  async userExists(@Input() call: Call<typeof userExists>): Promise<AnswerOf<typeof userExists>> {
    if (!(await this.#settings.get()).self_registration) {
      throw new AppError('PRECONDITION', 'Self-registration is off; ask an administrator for an account.');
    }
    await this.#throttle.use('user-exists', call.caller.address, EXISTENCE_LIMIT);
    return this.#users.isTaken(call.body.target, call.body.value);
  }

  /** One's own password needs the old one, and ends all other sessions; this browser gets a new one (S12, S38). */
  @Serve(updateUserPassword)
  async changePassword(@Input() call: Call<typeof updateUserPassword>): Promise<void> {
    const { caller, body } = call;
    const id = call.params.user_id;
    const { principal } = caller;
    if (principal.kind !== 'user' || principal.id !== id) {
      await this.#users.resetPassword(caller, id, body.new_password, this.#clock.now());
      return;
    }
    if (body.old_password === undefined || body.old_password === null) {
      throw new AppError('FORBIDDEN', 'old_password: is needed to change your own password.');
    }
    const attempt = await this.#throttle.guess('password', principal.username, caller.address);
    await this.#users.changeOwnPassword(caller, id, body.old_password, body.new_password);
    await attempt.succeed();
    const identity = caller.credential === 'session' ? await this.#identities.find('user', id) : null;
    if (identity) {
      await this.#sessions.begin(
        { id, credentialVersion: identity.credentialVersion },
        call.request,
        call.response,
        caller,
      );
    }
  }
}
