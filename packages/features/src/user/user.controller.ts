import {
  type AnswerOf,
  AppError,
  createUser,
  deleteUser,
  getCurrentUserInfo,
  getUser,
  listUsers,
  searchUsers,
  setUserSysAdmin,
  updateUserProfile,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import { Clock } from '../clock/index.ts';
import { type Call, type Caller, Created, Input, type Page, Serve } from '../http/index.ts';
import { SettingsService } from '../settings/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { UserService } from './user.service.ts';

/** Accounts one address may register in a day. */
const REGISTRATION_LIMIT = { attempts: 20, windowSeconds: 24 * 3600 };

/** `/users`. The named addresses stand before `/users/{user_id}`, which would match them too. */
@Controller()
export class UserController {
  readonly #users: UserService;
  readonly #settings: SettingsService;
  readonly #authority: Authority;
  readonly #throttle: ThrottleService;
  readonly #clock: Clock;

  constructor(
    users: UserService,
    settings: SettingsService,
    authority: Authority,
    throttle: ThrottleService,
    clock: Clock,
  ) {
    this.#users = users;
    this.#settings = settings;
    this.#authority = authority;
    this.#throttle = throttle;
    this.#clock = clock;
  }

  @Serve(getCurrentUserInfo)
  async current(@Input() call: Call<typeof getCurrentUserInfo>): Promise<AnswerOf<typeof getCurrentUserInfo>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user') throw new AppError('FORBIDDEN', 'Only users have an account; this is a robot.');
    return this.#users.get(principal.id);
  }

  @Serve(searchUsers)
  search(@Input() call: Call<typeof searchUsers>): Promise<Page<AnswerOf<typeof searchUsers>[number]>> {
    const fuzzy = this.#authority.holdsInSystem(call.caller.principal, 'user:list');
    return this.#users.search(call.query.username, fuzzy, call.list);
  }

  @Serve(listUsers)
  list(@Input() call: Call<typeof listUsers>): Promise<Page<AnswerOf<typeof listUsers>[number]>> {
    return this.#users.list(call.list);
  }

  @Serve(createUser)
  async create(@Input() call: Call<typeof createUser>): Promise<Created> {
    await this.#requireMayCreate(call.caller);
    return new Created(await this.#users.create(call.caller, call.body));
  }

  @Serve(getUser)
  get(@Input() call: Call<typeof getUser>): Promise<AnswerOf<typeof getUser>> {
    return this.#users.get(call.params.user_id);
  }

  @Serve(updateUserProfile)
  updateProfile(@Input() call: Call<typeof updateUserProfile>): Promise<void> {
    return this.#users.updateProfile(call.caller, call.params.user_id, call.body);
  }

  @Serve(deleteUser)
  delete(@Input() call: Call<typeof deleteUser>): Promise<void> {
    return this.#users.delete(call.caller, call.params.user_id, this.#clock.now());
  }

  @Serve(setUserSysAdmin)
  setSysadmin(@Input() call: Call<typeof setUserSysAdmin>): Promise<void> {
    return this.#users.setSysadmin(call.caller, call.params.user_id, call.body.sysadmin_flag);
  }

  /** Administrators create users; anyone not signed in may register while that is switched on (AUTH-11). */
  async #requireMayCreate(caller: Caller): Promise<void> {
    if (this.#authority.holdsInSystem(caller.principal, 'user:create')) return;
    if (caller.principal.kind !== 'anonymous') {
      throw new AppError('FORBIDDEN', 'Only a system administrator may create users.');
    }
    if (!(await this.#settings.get()).self_registration) {
      throw new AppError('UNAUTHORIZED', 'Self-registration is off; ask an administrator for an account.');
    }
    await this.#throttle.use('registration', caller.address, REGISTRATION_LIMIT);
  }
}
