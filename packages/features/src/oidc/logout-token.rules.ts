/** The event every logout token carries. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Whom a logout token means: a person, one sign-in of a person, or both. */
export interface LogoutSubject {
  readonly subject: string | null;
  readonly sid: string | null;
}

/**
 * Reads the claims of a logout token whose signature, issuer and audience are right. Null when it is none: without the
 * event, with a nonce (an ID token then), or naming nobody.
 */
export function logoutSubject(claims: Readonly<Record<string, unknown>>): LogoutSubject | null {
  const { events, nonce, sub, sid } = claims;
  const isEvent = typeof events === 'object' && events !== null && Object.hasOwn(events, EVENT);
  if (!isEvent || nonce !== undefined) return null;
  const subject = typeof sub === 'string' && sub !== '' ? sub : null;
  const session = typeof sid === 'string' && sid !== '' ? sid : null;
  return subject === null && session === null ? null : { subject, sid: session };
}
