import { randomBytes } from 'node:crypto';
import { AppError, type AuthProxySettings, SOURCE_CHECK_TEXTS, type SourceCheck, tell } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { EgressError, type EgressResponse, EgressService } from '../egress/index.ts';
import {
  type AnySource,
  failedCheck,
  type PasswordOutcome,
  type RefreshOutcome,
  sourceCheck,
  type SourceCredentials,
  type SourceDraft,
  type SourceKindHandler,
} from '../identity-source/index.ts';
import {
  mayBeSent,
  proofOfReview,
  readReview,
  readSession,
  type ReviewedToken,
  reviewRequest,
} from './auth-proxy.rules.ts';

const MAX_ANSWER_BYTES = 512 * 1024;
/** Names of the checks of a trial. */
const LOGIN = 'login endpoint';
const REVIEW = 'token review endpoint';
const REFUSED: readonly number[] = [401, 403];

/** HTTP authentication proxies as a source of accounts (PROXY-1, PROXY-2). */
@Injectable()
export class AuthProxyService implements SourceKindHandler {
  readonly kind = 'auth_proxy';
  readonly #egress: EgressService;

  constructor(egress: EgressService) {
    this.#egress = egress;
  }

  loginUrl(): null {
    return null;
  }

  /** Posts name and password to the proxy; the session it gives is reviewed for who that is. */
  async prove(source: AnySource, { name, secret }: SourceCredentials): Promise<PasswordOutcome> {
    const settings = settingsOf(source);
    if (!mayBeSent(name, secret)) return { kind: 'absent' };
    const answer = await this.#post(settings, settings.endpoint, basic(name, secret));
    // A proxy does not tell a wrong password from an unknown name.
    if (REFUSED.includes(answer.status)) return { kind: 'absent' };
    const reviewed = await this.#review(settings, readSession(requireOk(answer).body));
    if (!reviewed.isAuthenticated) return { kind: 'refused', message: null };
    return { kind: 'proven', proof: proofOfReview(source.id, settings, reviewed) };
  }

  /** Who a token of the proxy belongs to; null for nobody. Throws UNAVAILABLE. */
  async proveToken(source: AnySource, token: string): Promise<Extract<PasswordOutcome, { kind: 'proven' }> | null> {
    const settings = settingsOf(source);
    const reviewed = await this.#review(settings, token);
    return reviewed.isAuthenticated ? { kind: 'proven', proof: proofOfReview(source.id, settings, reviewed) } : null;
  }

  /** A proxy knows people only while they sign in. */
  refresh(): Promise<RefreshOutcome> {
    return Promise.resolve({ kind: 'unknown', reason: 'an authentication proxy can only be asked at sign-in' });
  }

  /** Tries both addresses with a name and a token nobody has. */
  async test(draft: SourceDraft): Promise<readonly SourceCheck[]> {
    if (draft.kind !== 'auth_proxy') throw new Error('these settings are not those of an authentication proxy');
    const { settings } = draft;
    const nobody = randomBytes(12).toString('hex');
    return [
      await this.#try(LOGIN, async () => {
        const { status } = await this.#post(settings, settings.endpoint, basic(`trial-${nobody}`, nobody));
        if (REFUSED.includes(status)) return null;
        return status === 200
          ? sourceCheck(LOGIN, 'failed', 'endpoint-takes-nobody')
          : sourceCheck(LOGIN, 'failed', 'endpoint-status', { status: String(status) });
      }),
      await this.#try(REVIEW, async () => {
        const reviewed = await this.#review(settings, nobody);
        return reviewed.isAuthenticated ? sourceCheck(REVIEW, 'failed', 'review-takes-nobody') : null;
      }),
    ];
  }

  async #try(name: string, work: () => Promise<SourceCheck | null>): Promise<SourceCheck> {
    try {
      return (await work()) ?? sourceCheck(name, 'passed', 'endpoint-sound');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return failedCheck(name, error.message, error.told);
    }
  }

  async #review(settings: AuthProxySettings, token: string): Promise<ReviewedToken> {
    const answer = await this.#post(settings, settings.tokenreview_endpoint, `Bearer ${token}`, reviewRequest(token));
    return REFUSED.includes(answer.status) ? { isAuthenticated: false } : readReview(requireOk(answer).body);
  }

  async #post(settings: AuthProxySettings, url: string, authorization: string, body?: string): Promise<EgressResponse> {
    try {
      return await this.#egress.fetch({
        purpose: 'auth-proxy',
        url,
        method: 'POST',
        headers: { authorization, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
        body,
        credentialsFor: new URL(url).origin,
        caPem: settings.server_certificate || undefined,
        insecure: !settings.verify_cert,
        maxBytes: MAX_ANSWER_BYTES,
      });
    } catch (error) {
      if (!(error instanceof EgressError)) throw error;
      throw new AppError('UNAVAILABLE', error.message, { cause: error, told: error.told });
    }
  }
}

function requireOk(answer: EgressResponse): EgressResponse {
  if (answer.status === 200 || answer.status === 201) return answer;
  const values = { where: answer.url.host, status: String(answer.status) };
  const told = tell(SOURCE_CHECK_TEXTS, 'proxy-status', values);
  throw new AppError('UNAVAILABLE', told.text, { told });
}

function basic(name: string, secret: string): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

function settingsOf(source: AnySource): AuthProxySettings {
  if (source.kind === 'auth_proxy') return source.settings;
  throw new AppError('PRECONDITION', `Source ${source.name} is no authentication proxy.`);
}
