import { type AnswerOf, finishSignIn, getPendingLogin, requestPasskey, signIn, signOut } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, originOf, Serve } from '../http/index.ts';
import { type Exchange, PortalLoginService } from './portal-login.service.ts';
import { SessionLoginService } from './session-login.service.ts';

/** `/c/login…` and `/c/log_out`. */
@Controller()
export class PortalLoginController {
  readonly #portal: PortalLoginService;
  readonly #sessions: SessionLoginService;

  constructor(portal: PortalLoginService, sessions: SessionLoginService) {
    this.#portal = portal;
    this.#sessions = sessions;
  }

  @Serve(signIn)
  signIn(@Input() call: Call<typeof signIn>): Promise<void> {
    return this.#portal.signIn(call.body, exchangeOf(call));
  }

  @Serve(getPendingLogin)
  async pending(@Input() call: Call<typeof getPendingLogin>): Promise<AnswerOf<typeof getPendingLogin>> {
    return { methods: await this.#portal.methods(exchangeOf(call)) };
  }

  @Serve(requestPasskey)
  async requestPasskey(@Input() call: Call<typeof requestPasskey>): Promise<AnswerOf<typeof requestPasskey>> {
    return { options: await this.#portal.requestPasskey(exchangeOf(call)) };
  }

  @Serve(finishSignIn)
  finishSignIn(@Input() call: Call<typeof finishSignIn>): Promise<void> {
    return this.#portal.finish(call.body, exchangeOf(call));
  }

  @Serve(signOut)
  signOut(@Input() call: Call<typeof signOut>): Promise<void> {
    return this.#sessions.signOut(call.caller, call.request, call.response);
  }
}

function exchangeOf({ request, response, caller }: Pick<Call, 'request' | 'response' | 'caller'>): Exchange {
  return { request, response, origin: originOf(caller) };
}
