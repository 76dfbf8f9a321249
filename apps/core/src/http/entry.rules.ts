import { AppError, type Endpoint, getCurrentUserInfo, signIn, updateUserPassword } from '@moorage/contracts';
import type { Caller, CredentialKind } from '@moorage/features/http';
import { READ_ONLY_REFUSAL } from '@moorage/features/settings';

/** What everyone must reach to sign in at all, or to see that the server lives. */
const ALWAYS_OPEN: ReadonlySet<string> = new Set(['session', 'token', 'systeminfo', 'ping', 'health']);
const REGISTRATION = 'createUser';

/** With anonymous access off, callers who are not signed in get nothing but the way in (S21). Throws UNAUTHORIZED. */
export function refuseStrangers(endpoint: Pick<Endpoint, 'id' | 'tag'>, caller: Caller, isOpenToAll: boolean): void {
  if (isOpenToAll || caller.principal.kind !== 'anonymous') return;
  if (ALWAYS_OPEN.has(endpoint.tag) || endpoint.id === REGISTRATION) return;
  throw new AppError('UNAUTHORIZED', 'Sign in first: this registry shows nothing to callers who are not signed in.');
}

/** What the user himself has at hand; every other credential may act for him, but brings forth no further one. */
const INTERACTIVE: ReadonlySet<CredentialKind> = new Set(['session', 'password', 'source-password']);

/** Credentials are made and changed by the user himself, never by a token of his (S23). Throws FORBIDDEN. */
export function requireInteractive(endpoint: Pick<Endpoint, 'interactive'>, caller: Caller): void {
  if (!endpoint.interactive || caller.principal.kind === 'anonymous') return;
  if (INTERACTIVE.has(caller.credential)) return;
  throw new AppError('FORBIDDEN', 'Credentials cannot be changed with a token or a robot: sign in to the portal.');
}

/** What somebody may still do who must set up a second factor: that, choosing a password, seeing who he is, signing out. */
const BEFORE_ENROLMENT: ReadonlySet<string> = new Set([getCurrentUserInfo.id, updateUserPassword.id]);

/** Where the settings ask for a second factor, a password alone opens nothing but the way to one. Throws FORBIDDEN. */
export function requireSecondFactor(endpoint: Pick<Endpoint, 'id' | 'tag'>, caller: Caller): void {
  if (!caller.mustEnrolFactor || endpoint.tag === 'second-factor') return;
  if (ALWAYS_OPEN.has(endpoint.tag) || BEFORE_ENROLMENT.has(endpoint.id)) return;
  throw new AppError('FORBIDDEN', 'Set up a second factor first: an administrator requires one for your account.');
}

/** A password somebody else chose is good for one thing only: choosing one's own (S3, S12). Throws FORBIDDEN. */
export function requireOwnPassword(endpoint: Pick<Endpoint, 'id' | 'method' | 'interactive'>, caller: Caller): void {
  if (!caller.mustChangePassword || endpoint.id === updateUserPassword.id || endpoint.id === signIn.id) return;
  if (endpoint.method === 'GET' || endpoint.method === 'HEAD') return;
  if (caller.mustChangePassword === 'before-credentials' && !endpoint.interactive) return;
  throw new AppError('FORBIDDEN', 'Choose your own password first: change it in the portal, then go on.');
}

/**
 * In read-only mode nothing that is kept here changes (S75). The body may be anything yet: what does not say plainly that
 * it changes nothing is taken for a change. Throws DENIED.
 */
export function refuseChange(endpoint: Pick<Endpoint, 'changesContent'>, body: unknown, isReadOnly: boolean): void {
  const { changesContent } = endpoint;
  if (!isReadOnly || changesContent === undefined) return;
  if (changesContent !== true && typeof body === 'object' && body !== null) {
    const given = new Map<string, unknown>(Object.entries(body));
    const isHarmless = Object.entries(changesContent.unless).some(([key, values]) =>
      values.some((value) => value === given.get(key)),
    );
    if (isHarmless) return;
  }
  throw new AppError('DENIED', READ_ONLY_REFUSAL);
}
