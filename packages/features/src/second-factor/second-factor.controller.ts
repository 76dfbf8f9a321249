import {
  type AnswerOf,
  AppError,
  beginPasskey,
  beginTotp,
  confirmTotp,
  createPasskey,
  createRecoveryCodes,
  deleteSecondFactor,
  getSecondFactors,
  getUserSecondFactors,
  resetUserSecondFactors,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, type Caller, ExternalAddress, Input, Serve } from '../http/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { type UserRow, UserService } from '../user/index.ts';
import { SecondFactorService } from './second-factor.service.ts';

/** Tries at confirming one-time passwords. */
const CONFIRM_LIMIT = { attempts: 20, windowSeconds: 15 * 60 };

/** `/users/current/second-factors` and what administrators see and reset. Changes ask for the password again (S12). */
@Controller()
export class SecondFactorController {
  readonly #factors: SecondFactorService;
  readonly #users: UserService;
  readonly #throttle: ThrottleService;
  readonly #address: ExternalAddress;

  constructor(factors: SecondFactorService, users: UserService, throttle: ThrottleService, address: ExternalAddress) {
    this.#factors = factors;
    this.#users = users;
    this.#throttle = throttle;
    this.#address = address;
  }

  @Serve(getSecondFactors)
  async show(@Input() call: Call<typeof getSecondFactors>): Promise<AnswerOf<typeof getSecondFactors>> {
    return this.#factors.show(await this.#self(call.caller));
  }

  @Serve(beginTotp)
  async beginTotp(@Input() call: Call<typeof beginTotp>): Promise<AnswerOf<typeof beginTotp>> {
    return this.#factors.beginTotp(await this.#proven(call.caller, call.body.password));
  }

  @Serve(confirmTotp)
  async confirmTotp(@Input() call: Call<typeof confirmTotp>): Promise<AnswerOf<typeof confirmTotp>> {
    const user = await this.#self(call.caller);
    await this.#throttle.use('confirm-totp', call.caller.address, CONFIRM_LIMIT);
    return { recovery_codes: await this.#factors.confirmTotp(call.caller, user, call.body.code) };
  }

  @Serve(beginPasskey)
  async beginPasskey(@Input() call: Call<typeof beginPasskey>): Promise<AnswerOf<typeof beginPasskey>> {
    return this.#factors.beginPasskey(await this.#proven(call.caller, call.body.password), this.#urlOf(call));
  }

  @Serve(createPasskey)
  async createPasskey(@Input() call: Call<typeof createPasskey>): Promise<AnswerOf<typeof createPasskey>> {
    const user = await this.#self(call.caller);
    return { recovery_codes: await this.#factors.addPasskey(call.caller, user, this.#urlOf(call), call.body) };
  }

  @Serve(createRecoveryCodes)
  async renewCodes(@Input() call: Call<typeof createRecoveryCodes>): Promise<AnswerOf<typeof createRecoveryCodes>> {
    const user = await this.#proven(call.caller, call.body.password);
    return { recovery_codes: await this.#factors.renewCodes(call.caller, user) };
  }

  @Serve(deleteSecondFactor)
  async remove(@Input() call: Call<typeof deleteSecondFactor>): Promise<void> {
    const user = await this.#proven(call.caller, call.body.password);
    await this.#factors.remove(call.caller, user, call.params.factor_id);
  }

  @Serve(getUserSecondFactors)
  async showOf(@Input() call: Call<typeof getUserSecondFactors>): Promise<AnswerOf<typeof getUserSecondFactors>> {
    return this.#factors.show(await this.#other(call.params.user_id));
  }

  /** Robots with user permissions may not: it would lead them to the rights of an administrator (S49). */
  @Serve(resetUserSecondFactors)
  async reset(@Input() call: Call<typeof resetUserSecondFactors>): Promise<void> {
    await this.#factors.reset(call.caller, await this.#other(call.params.user_id));
  }

  async #self({ principal }: Caller): Promise<UserRow> {
    const user =
      principal.kind === 'user' ? (await this.#users.findActive([principal.id])).get(principal.id) : undefined;
    if (!user) throw new AppError('FORBIDDEN', 'Only users have second factors; this is a robot.');
    return user;
  }

  /** The caller, when this is his password. Throws FORBIDDEN, TOO_MANY_REQUESTS, PRECONDITION without a password here. */
  async #proven(caller: Caller, password: string): Promise<UserRow> {
    const user = await this.#self(caller);
    if (!user.hasPassword) {
      throw new AppError(
        'PRECONDITION',
        'Your account has no password here: your identity provider asks for its own factor.',
      );
    }
    const attempt = await this.#throttle.guess('password', user.username, caller.address);
    if ((await this.#users.verify(user.username, password))?.id !== user.id) {
      throw new AppError('FORBIDDEN', 'password: is not your present password.');
    }
    await attempt.succeed();
    return user;
  }

  async #other(id: number): Promise<UserRow> {
    const user = await this.#users.find(id);
    if (!user) throw new AppError('NOT_FOUND', `There is no user with the id ${id}.`);
    return user;
  }

  #urlOf({ request }: Pick<Call, 'request'>): string {
    return this.#address.urlFor(request.headers.host, this.#address.isHttpsFor(request));
  }
}
