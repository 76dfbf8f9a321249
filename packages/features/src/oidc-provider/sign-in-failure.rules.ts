import { AppError, SIGN_IN_FAILURES, type SignInFailure } from '@moorage/contracts';
import { EgressError } from '../egress/index.ts';

/** A sign-in through a provider that failed: a word for the portal, and the reason for administrators. */
export class SignInError extends AppError {
  readonly failure: SignInFailure;
  /** What exactly went wrong, and what to do; never shown to people who are not signed in. */
  readonly reason: string;

  constructor(failure: SignInFailure, reason: string, cause?: unknown) {
    const code = failure === 'disabled' ? 'DENIED' : failure === 'unavailable' ? 'EGRESS_FAILED' : 'BAD_REQUEST';
    super(code, SIGN_IN_FAILURES[failure], cause === undefined ? {} : { cause });
    this.name = 'SignInError';
    this.failure = failure;
    this.reason = reason;
  }
}

interface OAuthError {
  readonly code?: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

const REFUSALS: Readonly<Record<string, string>> = {
  invalid_client: 'The provider does not accept the client secret (or the client id): enter the secret anew.',
  unauthorized_client: 'The provider does not let this client use the authorization code flow: allow it there.',
  invalid_grant:
    'The provider refuses the code: it was used or has expired, or the redirect address differs from the one it knows.',
  invalid_scope: 'The provider does not know one of the scopes: correct them.',
  invalid_request: 'The provider refuses the request; often the redirect address is not registered there.',
};

/** Whatever a library or the network threw while a provider was asked, as a failure with a precise reason. */
export function signInErrorOf(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  const egress = causeOf(error, (cause): cause is EgressError => cause instanceof EgressError);
  if (egress) return new SignInError('unavailable', egress.message, error);
  const { code = '', error: refusal, error_description: description, message = '' } = (error ?? {}) as OAuthError;
  if (refusal !== undefined) {
    const text = REFUSALS[refusal] ?? `The provider answers ${quoted(refusal)}.`;
    const reason = description === undefined ? text : `${text} It says: ${quoted(description)}`;
    const isOurs = ['invalid_client', 'unauthorized_client'].includes(refusal);
    return new SignInError(isOurs ? 'unavailable' : 'denied', reason, error);
  }
  const claim = causeOf(error, (cause): cause is { claim: unknown } => isObject(cause) && 'claim' in cause)?.claim;
  if (code.includes('TIMESTAMP'))
    return new SignInError(
      'provider',
      'A time in the ID token is not acceptable: the clocks of this server and the provider differ. Set both by NTP.',
      error,
    );
  if (code.includes('CLAIM_COMPARISON'))
    return new SignInError(
      'provider',
      `The ID token has an unexpected ${quoted(typeof claim === 'string' ? claim : 'claim')}.`,
      error,
    );
  if (code.includes('RESPONSE_IS_NOT'))
    return new SignInError('unavailable', `The provider's answer is not what the standard says: ${message}.`, error);
  const deepest = causeOf(error, (cause): cause is Error => cause instanceof Error && !(cause.cause instanceof Error));
  return new SignInError('provider', `The provider's answer is refused: ${deepest?.message ?? message}.`, error);
}

/** Whether a refresh failed because the provider no longer vouches for the person. */
export function isGone(error: unknown): boolean {
  const { error: refusal, status, code = '' } = (error ?? {}) as OAuthError & { status?: number };
  if (refusal !== undefined) return refusal === 'invalid_grant' || refusal === 'invalid_token';
  return status === 401 || status === 403 || code.includes('JSON_ATTRIBUTE_COMPARISON');
}

function causeOf<T>(error: unknown, matches: (cause: unknown) => cause is T): T | null {
  let cause: unknown = error;
  for (let depth = 0; depth < 8 && isObject(cause); depth++) {
    if (matches(cause)) return cause;
    cause = (cause as OAuthError).cause;
  }
  return null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 300));
}
