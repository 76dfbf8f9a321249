import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnswerOf, AppError, type getOidcOnboarding } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import {
  ExternalAccountService,
  type ExternalProof,
  type IdentitySourceOf,
  IdentitySourceService,
} from '../identity-source/index.ts';
import { ClaimReader, proofOf, ProviderService, SignInError } from '../oidc-provider/index.ts';
import { LoginTransactionService, type TakenLogin } from './login-transaction.service.ts';
import { safeReturnPath } from './login-browser.rules.ts';
import { SessionEntry } from './session-entry.ts';

type OidcSource = IdentitySourceOf<'oidc'>;

/** One request of a browser. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: RequestOrigin;
}

/** What waits for a name: the proof, and what the session is to remember. */
interface KeptProof {
  readonly proof: ExternalProof;
  readonly rawIdToken: string | null;
  readonly sid: string | null;
}

const ONBOARDING_PAGE = '/onboard';

/** Signing in through OpenID Connect providers. */
@Injectable()
export class OidcLoginService {
  readonly #sources: IdentitySourceService;
  readonly #providers: ProviderService;
  readonly #transactions: LoginTransactionService;
  readonly #accounts: ExternalAccountService;
  readonly #reader: ClaimReader;
  readonly #entry: SessionEntry;

  constructor(
    sources: IdentitySourceService,
    providers: ProviderService,
    transactions: LoginTransactionService,
    accounts: ExternalAccountService,
    reader: ClaimReader,
    entry: SessionEntry,
  ) {
    this.#sources = sources;
    this.#providers = providers;
    this.#transactions = transactions;
    this.#accounts = accounts;
    this.#reader = reader;
    this.#entry = entry;
  }

  /** Where the browser goes to sign in. Throws NOT_FOUND for a source that is not there, {@link SignInError}. */
  async start(sourceId: number | undefined, returnTo: string | undefined, visit: Visit): Promise<string> {
    const source = await this.#source(sourceId);
    const plan = {
      purpose: 'login',
      sourceId: source.id,
      userId: null,
      returnTo: safeReturnPath(returnTo),
      draft: null,
    } as const;
    const { checks } = await this.#transactions.begin(plan, visit.request, visit.response);
    return this.#entry.noting(source.name, visit.origin, async () => {
      return (await this.#providers.authorizationUrl(source, checks)).href;
    });
  }

  /** Takes up what a login brought back; returns the path the browser goes to. Throws {@link SignInError}. */
  async finish(login: TakenLogin, search: URLSearchParams, visit: Visit): Promise<string> {
    const source = await this.#source(login.sourceId ?? undefined);
    return this.#entry.noting(source.name, visit.origin, async () => {
      const proven = await this.#providers.redeem(source, login.checks, search);
      const claims = this.#reader.read(source.settings, proven);
      const kept: KeptProof = {
        proof: proofOf(proven, claims, proven.refreshToken),
        rawIdToken: proven.rawIdToken,
        sid: typeof proven.idToken.sid === 'string' ? proven.idToken.sid : null,
      };
      const account = await this.#accounts.accept(source, kept.proof, visit.origin).catch(identityRefused);
      if (account.kind === 'known') {
        await this.#entry.begin(account.userId, kept, visit);
        return login.returnTo;
      }
      if (source.settings.auto_onboard && account.suggestion !== null) {
        const { suggestion } = account;
        const userId = await this.#accounts
          .onboard(source, kept.proof, suggestion, visit.origin)
          .catch(identityRefused);
        await this.#entry.begin(userId, kept, visit);
        return login.returnTo;
      }
      await this.#transactions.keepProof(source.id, login.returnTo, kept, visit.request);
      return ONBOARDING_PAGE;
    });
  }

  /** What is known of the person who chooses a name in this browser. Throws NOT_FOUND. */
  async onboarding(visit: Visit): Promise<AnswerOf<typeof getOidcOnboarding>> {
    const { source, kept } = await this.#waiting(visit);
    // Nothing of the proof is taken over here: it may be minutes old, and the person may have an account by now.
    const suggestion = await this.#accounts.suggestion(kept.proof);
    const { username, email, realname, groups } = kept.proof;
    return {
      source: source.name,
      ...(suggestion === null ? {} : { suggestion }),
      username,
      email,
      realname,
      groups: (groups ?? []).map((group) => group.name),
    };
  }

  /** Makes the account and signs its owner in; returns where to go. Throws NOT_FOUND, BAD_REQUEST, CONFLICT. */
  async onboard(username: string, visit: Visit): Promise<string> {
    const { waiting, source, kept } = await this.#waiting(visit);
    const userId = await this.#accounts.onboard(source, kept.proof, username, visit.origin);
    await this.#transactions.closeWaiting(visit.request);
    await this.#entry.begin(userId, kept, visit);
    return waiting.returnTo;
  }

  async #waiting(visit: Visit) {
    const waiting = await this.#transactions.waitingProof(visit.request);
    const sources = await this.#sources.enabledOf('oidc');
    const source = waiting && sources.find(({ id }) => id === waiting.sourceId);
    if (!waiting || !source) {
      throw new AppError('NOT_FOUND', 'Nobody is waiting to choose a user name in this browser; sign in again.');
    }
    return { waiting, source, kept: waiting.proof as KeptProof };
  }

  async #source(id: number | undefined): Promise<OidcSource> {
    const sources = await this.#sources.enabledOf('oidc');
    const source = id === undefined ? sources[0] : sources.find((candidate) => candidate.id === id);
    if (!source) throw new AppError('NOT_FOUND', 'There is no such way to sign in; choose one on the sign-in page.');
    return source;
  }
}

function identityRefused(error: unknown): never {
  if (error instanceof AppError && error.code === 'DENIED') throw new SignInError('identity', error.message, error);
  throw error;
}
