import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestOrigin } from '@moorage/features/http';
import type { TrustedProxies } from './trusted-proxies.ts';

const ORIGIN = Symbol('moorage:origin');

/** Gives a request its id and origin once. A given X-Request-Id is kept when it is printable and short. */
export function stampOrigin(request: IncomingMessage, proxies: TrustedProxies): RequestOrigin {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && isToken(given) ? given : randomUUID();
  const origin: RequestOrigin = {
    requestId,
    ...proxies.senderOf(request.socket.remoteAddress ?? '', request.headers),
    userAgent: request.headers['user-agent'] ?? '',
  };
  (request as { [ORIGIN]?: RequestOrigin })[ORIGIN] = origin;
  return origin;
}

/** The origin {@link stampOrigin} recorded. */
export function originOf(request: IncomingMessage): RequestOrigin {
  const origin = (request as { [ORIGIN]?: RequestOrigin })[ORIGIN];
  if (!origin) throw new Error('the request has not passed the dispatcher');
  return origin;
}

function isToken(text: string): boolean {
  return text.length > 0 && text.length <= 128 && /^[\w.:+/=-]+$/.test(text);
}
