import {
  type AnswerOf,
  AppError,
  createPersonalToken,
  deletePersonalToken,
  deleteUserToken,
  getPersonalToken,
  listPersonalTokens,
  listUserTokens,
  type PersonalToken,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, type Caller, Created, Input, type Page, Serve } from '../http/index.ts';
import { UserService } from '../user/index.ts';
import { expirySeconds } from './personal-token.rules.ts';
import { PersonalTokenService } from './personal-token.service.ts';

/** `/users/current/tokens` and `/users/{user_id}/tokens`. The former stand first, because the latter would match them. */
@Controller()
export class PersonalTokenController {
  readonly #tokens: PersonalTokenService;
  readonly #users: UserService;

  constructor(tokens: PersonalTokenService, users: UserService) {
    this.#tokens = tokens;
    this.#users = users;
  }

  @Serve(listPersonalTokens)
  list(@Input() call: Call<typeof listPersonalTokens>): Promise<Page<PersonalToken>> {
    return this.#tokens.list(ownId(call.caller), call.list);
  }

  @Serve(createPersonalToken)
  async create(
    @Input() call: Call<typeof createPersonalToken>,
  ): Promise<Created<AnswerOf<typeof createPersonalToken>>> {
    const made = await this.#tokens.create(call.caller, ownId(call.caller), call.body);
    return new Created(made.id, {
      id: made.id,
      name: made.name,
      token: made.token,
      creation_time: made.createdAt.toISOString(),
      expires_at: expirySeconds(made.expiresAt),
    });
  }

  @Serve(getPersonalToken)
  get(@Input() call: Call<typeof getPersonalToken>): Promise<PersonalToken> {
    return this.#tokens.get(ownId(call.caller), call.params.token_id);
  }

  @Serve(deletePersonalToken)
  delete(@Input() call: Call<typeof deletePersonalToken>): Promise<void> {
    return this.#tokens.delete(call.caller, ownId(call.caller), call.params.token_id);
  }

  @Serve(listUserTokens)
  async listOfUser(@Input() call: Call<typeof listUserTokens>): Promise<Page<PersonalToken>> {
    await this.#users.get(call.params.user_id);
    return this.#tokens.list(call.params.user_id, call.list);
  }

  @Serve(deleteUserToken)
  deleteOfUser(@Input() call: Call<typeof deleteUserToken>): Promise<void> {
    return this.#tokens.delete(call.caller, call.params.user_id, call.params.token_id);
  }
}

function ownId({ principal }: Caller): number {
  if (principal.kind !== 'user') throw new AppError('FORBIDDEN', 'Only users have personal tokens; this is a robot.');
  return principal.id;
}
