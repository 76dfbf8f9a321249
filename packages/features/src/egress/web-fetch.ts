import type { EgressRequest, EgressService } from './egress.service.ts';

/** Statuses whose answer has no body. */
const BODILESS: readonly number[] = [204, 205, 304];

interface WebRequest {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

/** A function in the shape of `fetch` for libraries that take one; everything it calls follows `terms`. */
export function webFetch(
  egress: EgressService,
  terms: Omit<EgressRequest, 'url' | 'method' | 'headers' | 'body' | 'signal'>,
): (url: string, request: WebRequest) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const answer = await egress.fetch({
      ...terms,
      url,
      method,
      headers,
      body: bodyOf(body),
      signal: signal ?? undefined,
    });
    return new Response(BODILESS.includes(answer.status) ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

function bodyOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError('a body must be text, bytes or form fields');
}
