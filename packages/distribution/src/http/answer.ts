import type { ServerResponse } from 'node:http';

/** A body that is produced while it is sent, such as a blob. */
export interface StreamedBody {
  /** Exact number of bytes that {@link send} writes. */
  readonly length: number;
  /** Writes the body and ends the response. Rejects when the storage fails; returns quietly when the client goes away. */
  send(response: ServerResponse): Promise<void>;
}

/** What an endpoint answers. `headers` is a flat list of names and values, in the order they are sent. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body?: Buffer | StreamedBody;
  /** Content-Length of an answer to HEAD, where the body itself is not made. */
  readonly length?: number;
}

/**
 * Sent with every answer of the registry, refusals included. The content security policy and nosniff keep a browser
 * from running what somebody pushed as a blob.
 */
export const COMMON_HEADERS: readonly string[] = [
  'Docker-Distribution-API-Version',
  'registry/2.0',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'; sandbox",
];

/** Content behind a digest never changes, but who may read it does: only private caches may keep it. */
export const IMMUTABLE = 'private, max-age=31536000, immutable';
/** A tag may move at any moment. */
export const REVALIDATE = 'private, no-cache';
export const NO_STORE = 'no-store';

export const JSON_TYPE = 'application/json';

/** An answer with a JSON body. The type carries no charset: clients compare it as text (T16, R2). */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: readonly string[] = [],
  contentType = JSON_TYPE,
): Answer {
  return {
    status,
    headers: ['Content-Type', contentType, 'Cache-Control', NO_STORE, ...headers],
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: readonly string[] = []): Answer {
  return { status, headers, length: 0 };
}

/** Content-Length of an answer; undefined where HTTP forbids the header (204, 304). */
export function answerLength(answer: Answer): number | undefined {
  if (answer.status === 204 || answer.status === 304) return undefined;
  return answer.length ?? answer.body?.length ?? 0;
}
