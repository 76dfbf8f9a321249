import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { ProjectPermission, SystemPermission } from './permissions.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call an endpoint. The guard reads this and nothing else; an endpoint cannot be declared without it.
 * - `public`: anyone; what is shown is narrowed to what the caller may see.
 * - `signed-in`: any identified caller.
 * - `system`: the permission at system scope.
 * - `project`: the permission in the project named by the path parameter `project_name_or_id` or `project_name`.
 * - `self`: the user named by the path parameter `user_id` when it is the caller, else the system permission.
 * - `object`: decided by the room once the object is loaded, by the project's permission or, outside projects, the system's; the call fails closed unless the room asks the access room.
 */
export type EndpointAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'system'; readonly permission: SystemPermission }
  | { readonly kind: 'project'; readonly permission: ProjectPermission }
  | { readonly kind: 'self'; readonly permission: SystemPermission }
  | { readonly kind: 'object'; readonly system?: SystemPermission; readonly project: ProjectPermission };

export type BodyType = 'application/json' | 'application/x-www-form-urlencoded';

/** How a filter key of `q` is read: text also allows `~` and lists, numbers and times also allow ranges. */
export type FilterKind = 'text' | 'number' | 'time' | 'boolean';

/** Makes an endpoint a list: page, page_size, q and sort are accepted, X-Total-Count and Link are answered. */
export interface ListSpec {
  readonly filters: Readonly<Record<string, FilterKind>>;
  readonly sorts: readonly string[];
  /** For example `-creation_time`. */
  readonly defaultSort: string;
  /** Also takes `cursor`: the place after the page before, from its X-Next-Cursor. Costs the same however deep. */
  readonly keyset?: true;
}

/** Whether a call changes content: always, or unless a field of its body holds one of the values. */
export type ContentChange = true | { readonly unless: Readonly<Record<string, readonly (string | boolean)[]>> };

/** One operation of the wire. Drives route, guard, validation, response stripping, OpenAPI and the portal's client. */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  /** Unique operation id, camelCase; Harbor's operationId where Harbor has the operation. */
  readonly id: string;
  readonly method: Method;
  /** Path below the base, with parameters in braces. */
  readonly path: string;
  /** `/api/v2.0` unless said otherwise. */
  readonly base?: '' | '/api/v2.0';
  readonly tag: string;
  readonly summary: string;
  readonly access: EndpointAccess;
  /**
   * Makes or changes credentials: taken from a browser session or with the user's own password only, so that no token
   * brings forth another credential.
   */
  readonly interactive?: true;
  /** Adds, moves or removes content: refused with DENIED while the registry is in read-only mode. */
  readonly changesContent?: ContentChange;
  readonly params?: Params;
  /** Query parameters besides those of {@link ListSpec}. Unknown ones are refused. */
  readonly query?: Query;
  readonly body?: Body;
  /** Absent: the answer has no body. */
  readonly response?: Response;
  /** Success status. */
  readonly status: 200 | 201 | 202 | 204 | 302;
  readonly list?: ListSpec;
  /** Harbor's clients ask with a final slash too: taken as well, although an address has one spelling here. */
  readonly finalSlash?: true;
  /** The answer is a stream of server-sent events or raw bytes written by the room itself. */
  readonly raw?: true;
  /** Media types of the body; JSON unless said otherwise. */
  readonly consumes?: readonly BodyType[];
  /** Media type of the answer; JSON unless said otherwise. */
  readonly produces?: string;
  /** Request headers that change the answer, and what they do; for the reference only. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the room itself may refuse with, beside {@link impliedErrors}. */
  readonly errors: readonly ErrorCode[];
}

/** Declares an endpoint; only fixes the types. */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodUndefined,
>(spec: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
  return spec;
}

/** Refusals that follow from the descriptor's shape: sign-in, permission, CSRF, parameters, body. */
export function impliedErrors(endpoint: Endpoint): readonly ErrorCode[] {
  const { access, method } = endpoint;
  const changes = method !== 'GET' && method !== 'HEAD';
  return [
    ...(endpoint.params || endpoint.query || endpoint.list || endpoint.body
      ? (['BAD_REQUEST', 'UNPROCESSABLE_ENTITY'] as const)
      : []),
    ...(endpoint.query || endpoint.list ? (['UNKNOWN_QUERY_KEY'] as const) : []),
    // Also where nothing is needed: credentials that are sent and wrong are refused everywhere.
    'UNAUTHORIZED',
    ...(endpoint.interactive || (access.kind !== 'public' && access.kind !== 'signed-in')
      ? (['FORBIDDEN'] as const)
      : []),
    ...(access.kind === 'project' ? (['NOT_FOUND'] as const) : []),
    ...(changes ? (['CSRF_TOKEN_INVALID', 'DENIED'] as const) : []),
    ...(endpoint.body ? (['REQUEST_TIMEOUT', 'REQUEST_ENTITY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    'INTERNAL',
    'UNAVAILABLE',
  ];
}

/** Every error code a call of the endpoint may be answered with, each once. */
export function possibleErrors(endpoint: Endpoint): readonly ErrorCode[] {
  return [...new Set([...impliedErrors(endpoint), ...endpoint.errors])];
}

export type ParamsOf<E> = E extends Endpoint<infer P, infer _Q, infer _B, infer _R> ? z.output<P> : never;
export type QueryOf<E> = E extends Endpoint<infer _P, infer Q, infer _B, infer _R> ? z.output<Q> : never;
export type BodyOf<E> = E extends Endpoint<infer _P, infer _Q, infer B, infer _R> ? z.output<B> : never;
/** What the room returns; the response schema strips everything it does not name. */
export type AnswerOf<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? z.input<R> : never;

export type ParamsInputOf<E> = E extends Endpoint<infer P, infer _Q, infer _B, infer _R> ? z.input<P> : never;
export type QueryInputOf<E> = E extends Endpoint<infer _P, infer Q, infer _B, infer _R> ? z.input<Q> : never;
export type BodyInputOf<E> = E extends Endpoint<infer _P, infer _Q, infer B, infer _R> ? z.input<B> : never;
export type ResponseOf<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? z.output<R> : never;
