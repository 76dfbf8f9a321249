import { AppError, type Endpoint } from '@moorage/contracts';
import type { Caller } from '@moorage/features/http';
import type { IncomingMessage } from 'node:http';

/**
 * Refuses requests another site made a browser send (S37). Only unsafe calls are looked at; calls that carry their
 * credential in a header cannot be forged and need no proof. The CSRF token itself is checked by the session room.
 */
export function refuseForgery(endpoint: Endpoint, request: IncomingMessage, caller: Caller): void {
  if (endpoint.method === 'GET' || endpoint.method === 'HEAD') return;
  if (caller.credential !== 'session' && caller.credential !== 'none') return;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new AppError(
      'CSRF_TOKEN_INVALID',
      'The request comes from another site; use the portal or send credentials in the Authorization header.',
    );
  }
}
