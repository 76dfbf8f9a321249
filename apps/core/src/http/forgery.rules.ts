import { AppError, type Endpoint } from '@moorage/contracts';
import type { Caller } from '@moorage/features/http';
import type { IncomingMessage } from 'node:http';

const BASIC = /^basic(?: |$)/i;

/**
 * Refuses requests another site made a browser send (S37). Only unsafe calls are looked at. A token in a header cannot be
 * forged and needs no proof; a Basic password can, since browsers keep one that was typed and add it by themselves. Browsers
 * tell where a request comes from in Sec-Fetch-Site, older ones in Origin alone; programs send neither. The CSRF token
 * itself is checked by the login room.
 */
export function refuseForgery(
  endpoint: Pick<Endpoint, 'method'>,
  headers: IncomingMessage['headers'],
  caller: Pick<Caller, 'credential'>,
  externalUrl: string,
): void {
  if (endpoint.method === 'GET' || endpoint.method === 'HEAD') return;
  const isAddedByBrowser = BASIC.test(headers.authorization ?? '');
  if (caller.credential !== 'session' && caller.credential !== 'none' && !isAddedByBrowser) return;
  if (isOurs(headers, externalUrl)) return;
  throw new AppError(
    'CSRF_TOKEN_INVALID',
    'The request comes from another site; use the portal, a program, or a personal access token as Bearer.',
  );
}

function isOurs(headers: IncomingMessage['headers'], externalUrl: string): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  // Behind a proxy the server may not see the host the browser asked for; it knows its external address then.
  return (
    origin === externalUrl || (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`))
  );
}
