import {
  type AnswerOf,
  AppError,
  endOtherSessions,
  endOwnSession,
  endUserSession,
  endUserSessions,
  listOwnSessions,
  listUserSessions,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, type Caller, Input, type Page, Serve } from '../http/index.ts';
import { SessionService } from './session.service.ts';

type Sessions = Page<AnswerOf<typeof listOwnSessions>[number]>;

/** `/users/current/sessions` and `/users/{user_id}/sessions`. The former stand first, because the latter would match them. */
@Controller()
export class SessionController {
  readonly #sessions: SessionService;

  constructor(sessions: SessionService) {
    this.#sessions = sessions;
  }

  @Serve(listOwnSessions)
  list(@Input() call: Call<typeof listOwnSessions>): Promise<Sessions> {
    return this.#sessions.list(ownId(call.caller), call.list, call.caller.sessionId);
  }

  @Serve(endOtherSessions)
  endOthers(@Input() call: Call<typeof endOtherSessions>): Promise<void> {
    return this.#sessions.endAll(call.caller, ownId(call.caller), call.caller.sessionId);
  }

  @Serve(endOwnSession)
  endOne(@Input() call: Call<typeof endOwnSession>): Promise<void> {
    return this.#sessions.endOne(call.caller, ownId(call.caller), call.params.session_id);
  }

  @Serve(listUserSessions)
  listOfUser(@Input() call: Call<typeof listUserSessions>): Promise<Sessions> {
    return this.#sessions.list(call.params.user_id, call.list, call.caller.sessionId);
  }

  @Serve(endUserSessions)
  endAllOfUser(@Input() call: Call<typeof endUserSessions>): Promise<void> {
    return this.#sessions.endAll(call.caller, call.params.user_id, undefined);
  }

  @Serve(endUserSession)
  endOneOfUser(@Input() call: Call<typeof endUserSession>): Promise<void> {
    return this.#sessions.endOne(call.caller, call.params.user_id, call.params.session_id);
  }
}

function ownId({ principal }: Caller): number {
  if (principal.kind !== 'user') throw new AppError('FORBIDDEN', 'Only users have portal sessions.');
  return principal.id;
}
