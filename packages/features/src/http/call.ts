import type { BodyOf, Endpoint, ParamsOf, QueryOf } from '@moorage/contracts';
import type { Request, Response } from 'express';
import type { Caller } from './caller.ts';
import type { ListRequest } from './list-query.rules.ts';

/** The project a call is about, as the guard found it. Every store call of a project-scoped room takes its id from here. */
export interface ProjectRef {
  readonly id: number;
  readonly name: string;
  readonly isPublic: boolean;
}

/** One validated API call, bound to its descriptor. */
export interface Call<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly caller: Caller;
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  /** Set for endpoints with a list specification. */
  readonly list: ListRequest;
  /** Set for endpoints with access kind `project`. */
  readonly project: ProjectRef;
  /** For raw endpoints and the few answers that set headers of their own. */
  readonly request: Request;
  readonly response: Response;
  /** Rooms with access kind `object` call this once they have asked the access room; without it the call fails closed. */
  readonly markAuthorized: () => void;
}

/** What the guard found out about a call, before a handler's types are put on it. */
interface CallParts {
  readonly endpoint: Endpoint;
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly list: ListRequest | undefined;
  readonly project: ProjectRef | undefined;
  readonly request: Request;
  readonly response: Response;
}

/**
 * A call as guard and interceptor see it; handlers get the same object as the {@link Call} of their endpoint, whose
 * schemas it has passed. It knows whether anybody decided about it: what nobody decided is not answered.
 */
export class GuardedCall implements CallParts {
  readonly endpoint: Endpoint;
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly list: ListRequest | undefined;
  readonly project: ProjectRef | undefined;
  readonly request: Request;
  readonly response: Response;
  #isAuthorized: boolean;

  constructor(parts: CallParts) {
    this.endpoint = parts.endpoint;
    this.caller = parts.caller;
    this.params = parts.params;
    this.query = parts.query;
    this.body = parts.body;
    this.list = parts.list;
    this.project = parts.project;
    this.request = parts.request;
    this.response = parts.response;
    this.#isAuthorized = parts.endpoint.access.kind !== 'object';
  }

  get isAuthorized(): boolean {
    return this.#isAuthorized;
  }

  /** Bound to the call: handlers take it out of the object. */
  readonly markAuthorized = (): void => {
    this.#isAuthorized = true;
  };
}

/** One page of a list with the number of all matching rows. */
export class Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  /** Where the page after this one begins, in keyset lists. */
  readonly next: readonly string[] | undefined;

  constructor(items: readonly T[], total: number, next?: readonly string[]) {
    this.items = items;
    this.total = total;
    this.next = next;
  }
}

/** Something was created; answered with 201 and a Location below the called path unless it starts with a slash. */
export class Created<T = undefined> {
  readonly location: string;
  readonly body: T;

  constructor(location: string | number, body?: T) {
    this.location = String(location);
    this.body = body as T;
  }
}
