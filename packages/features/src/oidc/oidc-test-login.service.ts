import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type getOidcTestLogin,
  type OidcTestLogin,
  oidcTestLogin,
  SIGN_IN_FAILURES,
  type startOidcTestLogin,
  type tryOidcClaims,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { Caller } from '../http/index.ts';
import { accountName, IdentitySourceService, settingsOfKind } from '../identity-source/index.ts';
import { ClaimReader, ProviderService, type ReadClaims, signInErrorOf } from '../oidc-provider/index.ts';
import { LoginTransactionService, type TakenLogin } from './login-transaction.service.ts';
import { LoginTransactionStore } from './login-transaction.store.ts';
import type { Visit } from './oidc-login.service.ts';

/** Sign-ins with settings that are not saved: they show what the provider says, and sign nobody in. */
@Injectable()
export class OidcTestLoginService {
  readonly #sources: IdentitySourceService;
  readonly #providers: ProviderService;
  readonly #transactions: LoginTransactionService;
  readonly #store: LoginTransactionStore;
  readonly #reader: ClaimReader;
  readonly #clock: Clock;

  constructor(
    sources: IdentitySourceService,
    providers: ProviderService,
    transactions: LoginTransactionService,
    store: LoginTransactionStore,
    reader: ClaimReader,
    clock: Clock,
  ) {
    this.#sources = sources;
    this.#providers = providers;
    this.#transactions = transactions;
    this.#store = store;
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Throws NOT_FOUND, BAD_REQUEST, and EGRESS_FAILED with the exact reason: the caller is an administrator. */
  async start(
    caller: Caller,
    body: BodyOf<typeof startOidcTestLogin>,
    visit: Visit,
  ): Promise<AnswerOf<typeof startOidcTestLogin>> {
    const { principal } = caller;
    if (principal.kind !== 'user') throw new AppError('PRECONDITION', 'Sign in to the portal to try a sign-in.');
    const draft = await this.#sources.draft({ kind: 'oidc', ...body });
    if (draft.kind !== 'oidc') throw new Error('a draft of another kind');
    const { settings, secrets } = draft;
    this.#reader.read(settings, { idToken: {}, userInfo: null });
    const plan = {
      purpose: 'test',
      sourceId: null,
      userId: principal.id,
      returnTo: '/',
      draft: { settings, secrets },
    } as const;
    const { id, checks } = await this.#transactions.begin(plan, visit.request, visit.response);
    try {
      return { id, url: (await this.#providers.authorizationUrl({ settings, secrets }, checks)).href };
    } catch (error) {
      throw new AppError('EGRESS_FAILED', signInErrorOf(error).reason, { cause: error });
    }
  }

  /** Keeps what the provider said, or why it is refused. */
  async finish(login: TakenLogin, search: URLSearchParams): Promise<void> {
    await this.#store.setResult(login.id, await this.#tried(login, search));
  }

  /** Throws NOT_FOUND for somebody else's. */
  async show(caller: Caller, id: string): Promise<AnswerOf<typeof getOidcTestLogin>> {
    const { principal } = caller;
    const found = principal.kind === 'user' ? await this.#store.findTest(id, principal.id) : null;
    if (!found) throw new AppError('NOT_FOUND', 'There is no such test; begin another one.');
    if (found.result !== null) return oidcTestLogin.parse(found.result);
    const isOver = found.expiresAt <= this.#clock.now();
    return isOver
      ? { state: 'expired', message: SIGN_IN_FAILURES.expired }
      : { state: 'waiting', message: 'Sign in at the provider in the other window.' };
  }

  /** What settings make of claims. Throws BAD_REQUEST for a group filter that is no expression. */
  tryClaims(body: BodyOf<typeof tryOidcClaims>): AnswerOf<typeof tryOidcClaims> {
    return outcomeOf(this.#reader.read(settingsOfKind('oidc', body.oidc), { idToken: body.claims, userInfo: null }));
  }

  /** Whether a provider answers at an address and is what it says. Throws EGRESS_FAILED with the exact reason. */
  async ping(endpoint: string, verifyCert: boolean): Promise<void> {
    const draft = await this.#sources.draft({
      kind: 'oidc',
      oidc: { endpoint, verify_cert: verifyCert, client_id: 'ping' },
    });
    const terms = { settings: settingsOfKind('oidc', draft.settings), secrets: {} };
    try {
      this.#providers.forget(terms);
      await this.#providers.metadata(terms);
    } catch (error) {
      throw new AppError('EGRESS_FAILED', signInErrorOf(error).reason, { cause: error });
    }
  }

  async #tried(login: TakenLogin, search: URLSearchParams): Promise<OidcTestLogin> {
    if (!login.draft) return { state: 'expired', message: SIGN_IN_FAILURES.expired };
    try {
      const proven = await this.#providers.redeem(login.draft, login.checks, search);
      const outcome = outcomeOf(this.#reader.read(login.draft.settings, proven));
      const isRefreshable = proven.refreshToken !== null && proven.refreshToken !== undefined;
      if (!isRefreshable) {
        outcome.problems.push(
          'The provider gave no refresh token: groups are only as fresh as the last sign-in. Ask for the scope offline_access and allow it there.',
        );
      }
      const message = 'The provider proves who you are.';
      return {
        state: 'passed',
        message,
        claims: { ...proven.idToken, ...proven.userInfo },
        outcome,
        refreshable: isRefreshable,
      };
    } catch (error) {
      const { reason, told } = signInErrorOf(error);
      return { state: 'failed', message: reason, ...(told ? { code: told.code, values: told.values } : {}) };
    }
  }
}

function outcomeOf(claims: ReadClaims) {
  const { email, realname, groups, isAdmin, problems } = claims;
  return {
    username: accountName(claims.username),
    email,
    realname,
    groups: [...groups],
    is_admin: isAdmin,
    problems: [...problems],
  };
}
