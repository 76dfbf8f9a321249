import {
  type AnswerOf,
  endOidcSessions,
  finishOidcLogin,
  getOidcOnboarding,
  getOidcTestLogin,
  onboardOidcUser,
  pingOidc,
  signOutOidc,
  startOidcLogin,
  startOidcTestLogin,
  tryOidcClaims,
} from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Call, Input, originOf, Serve } from '../http/index.ts';
import { SessionLoginService } from '../portal-login/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { SignInError } from '../oidc-provider/index.ts';
import { LoginTransactionService } from './login-transaction.service.ts';
import { OidcLoginService, type Visit } from './oidc-login.service.ts';
import { OidcLogoutService } from './oidc-logout.service.ts';
import { OidcTestLoginService } from './oidc-test-login.service.ts';

/** Logins one address may begin or bring back. */
const LOGIN_LIMIT = { attempts: 300, windowSeconds: 15 * 60 };
const LOGOUT_LIMIT = { attempts: 600, windowSeconds: 15 * 60 };
const TEST_IS_OVER = 'The test is over. Close this window; the settings page shows what came of it.\n';

/** `/c/oidc/…`, and trying settings of providers. */
@Controller()
export class OidcController {
  readonly #logins: OidcLoginService;
  readonly #tests: OidcTestLoginService;
  readonly #logouts: OidcLogoutService;
  readonly #transactions: LoginTransactionService;
  readonly #sessions: SessionLoginService;
  readonly #throttle: ThrottleService;

  constructor(
    logins: OidcLoginService,
    tests: OidcTestLoginService,
    logouts: OidcLogoutService,
    transactions: LoginTransactionService,
    sessions: SessionLoginService,
    throttle: ThrottleService,
  ) {
    this.#logins = logins;
    this.#tests = tests;
    this.#logouts = logouts;
    this.#transactions = transactions;
    this.#sessions = sessions;
    this.#throttle = throttle;
  }

  @Serve(startOidcLogin)
  async start(@Input() call: Call<typeof startOidcLogin>, @Res() response: Response): Promise<void> {
    await this.#throttle.use('oidc-login', call.caller.address, LOGIN_LIMIT);
    await toPageOnFailure(call, async () => {
      const { source, redirect_url: returnTo } = call.query;
      response.redirect(302, await this.#logins.start(source, returnTo, visitOf(call)));
    });
  }

  @Serve(finishOidcLogin)
  async finish(@Input() call: Call<typeof finishOidcLogin>, @Res() response: Response): Promise<void> {
    await this.#throttle.use('oidc-callback', call.caller.address, LOGIN_LIMIT);
    await toPageOnFailure(call, async () => {
      const login = await this.#transactions.take(call.query.state, call.request);
      if (!login) throw new SignInError('expired', 'no login of this browser waits for that state');
      const search = new URL(call.request.originalUrl, 'http://moorage.invalid').searchParams;
      if (login.purpose === 'test') {
        await this.#tests.finish(login, search);
        response.status(200).type('text/plain').send(TEST_IS_OVER);
        return;
      }
      response.redirect(302, await this.#logins.finish(login, search, visitOf(call)));
    });
  }

  @Serve(getOidcOnboarding)
  onboarding(@Input() call: Call<typeof getOidcOnboarding>): Promise<AnswerOf<typeof getOidcOnboarding>> {
    return this.#logins.onboarding(visitOf(call));
  }

  @Serve(onboardOidcUser)
  async onboard(@Input() call: Call<typeof onboardOidcUser>): Promise<AnswerOf<typeof onboardOidcUser>> {
    await this.#throttle.use('oidc-onboard', call.caller.address, LOGIN_LIMIT);
    return { location: await this.#logins.onboard(call.body.username, visitOf(call)) };
  }

  @Serve(signOutOidc)
  async signOut(@Input() call: Call<typeof signOutOidc>): Promise<AnswerOf<typeof signOutOidc>> {
    const { caller, request, response } = call;
    const location = await this.#logouts.providerLocation(caller, request.headers.host);
    await this.#sessions.signOut(caller, request, response);
    return { location };
  }

  @Serve(endOidcSessions)
  async endSessions(@Input() call: Call<typeof endOidcSessions>): Promise<void> {
    await this.#throttle.use('oidc-logout', call.caller.address, LOGOUT_LIMIT);
    await this.#logouts.endByProvider(call.body.logout_token);
  }

  @Serve(pingOidc)
  ping(@Input() call: Call<typeof pingOidc>): Promise<void> {
    return this.#tests.ping(call.body.url, call.body.verify_cert ?? true);
  }

  @Serve(startOidcTestLogin)
  startTest(@Input() call: Call<typeof startOidcTestLogin>): Promise<AnswerOf<typeof startOidcTestLogin>> {
    return this.#tests.start(call.caller, call.body, visitOf(call));
  }

  @Serve(getOidcTestLogin)
  showTest(@Input() call: Call<typeof getOidcTestLogin>): Promise<AnswerOf<typeof getOidcTestLogin>> {
    return this.#tests.show(call.caller, call.params.test_id);
  }

  @Serve(tryOidcClaims)
  tryClaims(@Input() call: Call<typeof tryOidcClaims>): AnswerOf<typeof tryOidcClaims> {
    return this.#tests.tryClaims(call.body);
  }
}

function visitOf({ request, response, caller }: Pick<Call, 'request' | 'response' | 'caller'>): Visit {
  return { request, response, origin: originOf(caller) };
}

/** Browsers go back to the sign-in page, which says what happened; programs get the error. */
async function toPageOnFailure(
  { request, response }: Pick<Call, 'request' | 'response'>,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    const isBrowser = request.headers.accept?.includes('text/html') === true;
    if (!(error instanceof SignInError) || !isBrowser) throw error;
    response.redirect(302, `/login?sso_error=${error.failure}`);
  }
}
