import type { BodyInputOf, Endpoint, ParamsInputOf, QueryInputOf, ResponseOf } from './endpoint.ts';

type Part<Key extends string, T> = [T] extends [undefined] ? { [K in Key]?: undefined } : { [K in Key]: T };

/** Query parameters every list takes beside its own. */
export interface ListQuery {
  readonly page?: number;
  readonly page_size?: number;
  readonly q?: string;
  readonly sort?: string;
  /** Where the list has keyset pages. */
  readonly cursor?: string;
}

export type CallInput<E> = Part<'params', ParamsInputOf<E>> & {
  query?: QueryInputOf<E> extends undefined ? ListQuery : QueryInputOf<E> & ListQuery;
} & Part<'body', BodyInputOf<E>> & {
    readonly signal?: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
  };

export interface Answer<T> {
  readonly data: T;
  /** X-Total-Count of a list. */
  readonly total?: number;
  /** Cursor of the page after this one, in lists that have keyset pages. */
  readonly next?: string;
  /** Location of something created. */
  readonly location?: string;
  readonly headers: Headers;
  /** The answer itself; its body is unread when the endpoint is raw. */
  readonly response: Response;
}

/** The server refused. `code` is what programs branch on; `requestId` is what an administrator asks for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, code: string, message: string, headers: Headers) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = headers.get('x-request-id');
    const retry = headers.get('retry-after');
    this.retryAfterSeconds = retry === null ? null : Number(retry);
  }
}

export interface ClientOptions {
  /** Origin of the server; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** Headers sent with every call, for example Authorization. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

export interface Client {
  call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Answer<ResponseOf<E>>>;
}

/** A typed client over endpoint descriptors. Keeps the CSRF token of the last answer (API-1). */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  let csrfToken: string | null = null;
  return {
    async call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Answer<ResponseOf<E>>> {
      const { params, query, body, signal, headers } = input as {
        params?: object;
        query?: object;
        body?: unknown;
        signal?: AbortSignal;
        headers?: object;
      };
      const response = await send(options.baseUrl + urlOf(endpoint, params ?? {}, query ?? {}), {
        method: endpoint.method,
        credentials: 'same-origin',
        signal: signal ?? null,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(csrfToken !== null && endpoint.method !== 'GET' && endpoint.method !== 'HEAD'
            ? { 'x-harbor-csrf-token': csrfToken }
            : {}),
          ...options.headers?.(),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      csrfToken = response.headers.get('x-harbor-csrf-token') ?? csrfToken;
      if (!response.ok) throw await refusal(response);
      const total = response.headers.get('x-total-count');
      const next = response.headers.get('x-next-cursor');
      // The server shaped the body by the same response schema; parsing it again would only cost time.
      const hasJson = endpoint.response && !endpoint.raw && endpoint.method !== 'HEAD';
      const data = (hasJson ? await response.json() : undefined) as ResponseOf<E>;
      return {
        data,
        ...(total === null ? {} : { total: Number(total) }),
        ...(next === null ? {} : { next }),
        ...(response.headers.has('location') ? { location: response.headers.get('location') ?? '' } : {}),
        headers: response.headers,
        response,
      };
    },
  };
}

/** The address of a call. Repository names are encoded twice, as Harbor's API has it (API-4). */
export function urlOf(endpoint: Endpoint, params: object, query: object): string {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const value = String((params as Record<string, unknown>)[name]);
    return name === 'repository_name' ? encodeURIComponent(encodeURIComponent(value)) : encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(key, String(item));
  }
  const text = search.toString();
  return (endpoint.base ?? '/api/v2.0') + path + (text === '' ? '' : `?${text}`);
}

async function refusal(response: Response): Promise<ApiError> {
  const first = firstError(await response.json().catch(() => null));
  return new ApiError(
    response.status,
    first?.code ?? 'INTERNAL',
    first?.message ?? `The server answered ${response.status}.`,
    response.headers,
  );
}

/** The first error of Harbor's envelope; undefined when the body is something else, such as a proxy's own page. */
function firstError(body: unknown): { code: string; message: string } | undefined {
  const errors = (body as { errors?: unknown } | null)?.errors;
  const { code, message } = (Array.isArray(errors) ? (errors[0] ?? {}) : {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
}
