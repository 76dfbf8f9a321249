import { AppError, PROVIDER_TEXTS, SIGN_IN_FAILURES, type SignInFailure, tell, type Told } from '@moorage/contracts';
import { EgressError } from '../egress/index.ts';

/** A sign-in through a provider that failed: a word for the portal, and the reason for administrators. */
export class SignInError extends AppError {
  readonly failure: SignInFailure;
  /** What exactly went wrong, and what to do; never shown to people who are not signed in. */
  readonly reason: string;

  constructor(failure: SignInFailure, reason: string | Told, cause?: unknown) {
    const code = failure === 'disabled' ? 'DENIED' : failure === 'unavailable' ? 'EGRESS_FAILED' : 'BAD_REQUEST';
    const told = typeof reason === 'string' ? undefined : reason;
    super(code, SIGN_IN_FAILURES[failure], { told, ...(cause === undefined ? {} : { cause }) });
    this.name = 'SignInError';
    this.failure = failure;
    this.reason = typeof reason === 'string' ? reason : reason.text;
  }
}

interface OAuthError {
  readonly code?: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

const REFUSALS: Readonly<Record<string, keyof typeof PROVIDER_TEXTS>> = {
  invalid_client: 'provider-invalid-client',
  unauthorized_client: 'provider-unauthorized-client',
  invalid_grant: 'provider-invalid-grant',
  invalid_scope: 'provider-invalid-scope',
  invalid_request: 'provider-invalid-request',
};

/** Whatever a library or the network threw while a provider was asked, as a failure with a precise reason. */
export function signInErrorOf(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  const egress = causeOf(error, (cause): cause is EgressError => cause instanceof EgressError);
  if (egress) return new SignInError('unavailable', egress.told ?? egress.message, error);
  const { code = '', error: refusal, error_description: description, message = '' } = (error ?? {}) as OAuthError;
  if (refusal !== undefined) {
    const known = REFUSALS[refusal];
    const told = known
      ? tell(PROVIDER_TEXTS, known)
      : tell(PROVIDER_TEXTS, 'provider-answers', { answer: quoted(refusal) });
    const reason = description === undefined ? told : withWord(told, description);
    const isOurs = ['invalid_client', 'unauthorized_client'].includes(refusal);
    return new SignInError(isOurs ? 'unavailable' : 'denied', reason, error);
  }
  const claim = causeOf(error, (cause): cause is { claim: unknown } => isObject(cause) && 'claim' in cause)?.claim;
  if (code.includes('TIMESTAMP')) return new SignInError('provider', tell(PROVIDER_TEXTS, 'provider-clock'), error);
  if (code.includes('CLAIM_COMPARISON'))
    return new SignInError(
      'provider',
      tell(PROVIDER_TEXTS, 'provider-unexpected-claim', {
        claim: quoted(typeof claim === 'string' ? claim : 'claim'),
      }),
      error,
    );
  if (code.includes('RESPONSE_IS_NOT'))
    return new SignInError('unavailable', tell(PROVIDER_TEXTS, 'provider-not-standard', { problem: message }), error);
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

/** A refusal with what the provider says itself, in its own language. */
function withWord(told: Told, description: string): Told {
  const said = quoted(description);
  return { ...told, values: { ...told.values, said }, text: `${told.text} It says: ${said}` };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 300));
}
