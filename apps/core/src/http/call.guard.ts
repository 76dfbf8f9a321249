import { AppError, type Endpoint, errorCodeOfIssues } from '@moorage/contracts';
import { AccessService } from '@moorage/features/access';
import {
  CALL,
  type Caller,
  ENDPOINT,
  ExternalAddress,
  GuardedCall,
  type ListRequest,
  parseListQuery,
  type ProjectRef,
} from '@moorage/features/http';
import { LoginService } from '@moorage/features/login';
import { SettingsService } from '@moorage/features/settings';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  refuseChange,
  refuseStrangers,
  requireInteractive,
  requireOwnPassword,
  requireSecondFactor,
} from './entry.rules.ts';
import { refuseForgery } from './forgery.rules.ts';
import { originOf } from './request-origin.ts';

const LIST_KEYS = ['page', 'page_size', 'q', 'sort'];
const MAX_ISSUES = 8;

/**
 * Stands before every handler: finds the descriptor, the caller and the project, decides, validates, and builds the
 * {@link GuardedCall}. A handler without a descriptor is unreachable.
 */
@Injectable()
export class CallGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #login: LoginService;
  readonly #access: AccessService;
  readonly #address: ExternalAddress;
  readonly #settings: SettingsService;

  constructor(
    reflector: Reflector,
    login: LoginService,
    access: AccessService,
    address: ExternalAddress,
    settings: SettingsService,
  ) {
    this.#reflector = reflector;
    this.#login = login;
    this.#access = access;
    this.#address = address;
    this.#settings = settings;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const endpoint = this.#reflector.get<Endpoint | undefined>(ENDPOINT, context.getHandler());
    if (!endpoint) throw new AppError('FORBIDDEN', 'This address is not part of the API.');
    const request = context
      .switchToHttp()
      .getRequest<Request & { [CALL]?: GuardedCall; endpoint?: Endpoint; caller?: Caller }>();
    const response = context.switchToHttp().getResponse<Response>();
    request.endpoint = endpoint;
    refuseOtherSpelling(endpoint, request.path);
    // No name or text here can hold it, and the database refuses it.
    if (request.originalUrl.includes('%00'))
      throw new AppError('BAD_REQUEST', 'The address has a NUL character in it.');
    const known = await this.#login.resolve(request, response, originOf(request));
    request.caller = known;
    refuseForgery(endpoint, request.headers, known, this.#address.url);
    requireOwnPassword(endpoint, known);
    requireInteractive(endpoint, known);
    requireSecondFactor(endpoint, known);
    const settings = await this.#settings.get();
    refuseStrangers(endpoint, known, settings.anonymous_access);
    // Before anything is validated: a refused caller learns nothing about what would have been valid.
    const { caller, project } = await this.#admit(endpoint, known, request);
    refuseChange(endpoint, request.body, settings.read_only);
    const params = parsed(endpoint.params, request.params, 'path');
    const { list, query } = readQuery(endpoint, request.originalUrl);
    const body = readBody(endpoint, request);
    request[CALL] = new GuardedCall({ endpoint, caller, params, query, body, list, project, request, response });
    return true;
  }

  /**
   * Throws unless the caller may. Before somebody whose rights come from an identity source is refused, that is asked again
   * (at most once a minute): who was let into a group a moment ago need not wait.
   */
  async #admit(
    endpoint: Endpoint,
    caller: Caller,
    request: Request & { caller?: Caller },
  ): Promise<{ caller: Caller; project: ProjectRef | undefined }> {
    try {
      return { caller, project: await this.#authorize(endpoint, caller, request) };
    } catch (error) {
      const confirmed =
        error instanceof AppError && error.code === 'FORBIDDEN' && (await this.#login.confirmed(caller));
      if (!confirmed) throw error;
      request.caller = confirmed;
      return { caller: confirmed, project: await this.#authorize(endpoint, confirmed, request) };
    }
  }

  /** Throws unless the descriptor's access rule lets the caller in; returns the project for project endpoints. */
  async #authorize(endpoint: Endpoint, caller: Caller, request: Request): Promise<ProjectRef | undefined> {
    const { access } = endpoint;
    const { principal } = caller;
    switch (access.kind) {
      case 'public':
        return undefined;
      case 'signed-in':
      case 'object':
        if (principal.kind === 'anonymous')
          throw new AppError('UNAUTHORIZED', 'Sign in, or send credentials with the request.');
        return undefined;
      case 'system':
        this.#access.requireInSystem(principal, access.permission);
        return undefined;
      case 'self':
        // A narrowed token reads its own user, and changes him only if its permissions say so.
        if (principal.kind === 'user' && String(principal.id) === request.params.user_id) {
          if (!principal.narrowed || endpoint.method === 'GET') return undefined;
        }
        this.#access.requireInSystem(principal, access.permission);
        return undefined;
      case 'project': {
        const { project_name_or_id: nameOrId, project_name: name } = request.params as Record<string, string>;
        const asName = name !== undefined || request.headers['x-is-resource-name'] === 'true';
        return this.#access.requireProject(principal, (name ?? nameOrId) as string, asName, access.permission);
      }
    }
  }
}

/**
 * The router takes a final slash for nothing; here an address has one spelling (S57). Only where Harbor's has the slash,
 * or a client of its sends one, are both taken.
 */
function refuseOtherSpelling(endpoint: Endpoint, path: string): void {
  if (path.endsWith('/') && !endpoint.path.endsWith('/') && !endpoint.finalSlash) {
    throw new AppError('NOT_FOUND', 'There is nothing at this address; leave out the final slash.');
  }
}

function readQuery(endpoint: Endpoint, url: string): { list: ListRequest | undefined; query: unknown } {
  const values = queryValues(url);
  const listKeys = endpoint.list?.keyset ? [...LIST_KEYS, 'cursor'] : endpoint.list ? LIST_KEYS : [];
  let list: ListRequest | undefined;
  if (endpoint.list) {
    list = parseListQuery(
      endpoint.list,
      Object.fromEntries(listKeys.map((key) => [key, single(key, values.get(key))])),
    );
    for (const key of listKeys) values.delete(key);
  }
  if (!endpoint.query) {
    const [unknown] = values.keys();
    if (unknown !== undefined) throw unknownKey(unknown, listKeys);
    return { list, query: undefined };
  }
  const given = Object.fromEntries([...values].map(([key, all]) => [key, all.length === 1 ? all[0] : all]));
  const result = endpoint.query.safeParse(given);
  if (result.success) return { list, query: result.data };
  const extra = result.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  if (extra) throw unknownKey(extra.keys[0] ?? '', [...shapeKeys(endpoint.query), ...listKeys]);
  throw invalid('query', result.error.issues);
}

function unknownKey(key: string, known: readonly string[]): AppError {
  return new AppError(
    'UNKNOWN_QUERY_KEY',
    `${JSON.stringify(key.slice(0, 80))} is not a query parameter here; use ${known.join(', ') || 'none'}.`,
  );
}

/** Query values by key; a Map, because keys come from outside (S101). */
function queryValues(url: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const mark = url.indexOf('?');
  if (mark < 0) return values;
  for (const [key, value] of new URLSearchParams(url.slice(mark + 1))) {
    // Harbor's clients send what was left empty.
    if (value === '') continue;
    const present = values.get(key);
    if (present) present.push(value);
    else values.set(key, [value]);
  }
  return values;
}

function single(key: string, values: readonly string[] | undefined): string | undefined {
  if (values && values.length > 1) throw new AppError('BAD_REQUEST', `${key}: give it once.`);
  return values?.[0];
}

function shapeKeys(schema: z.ZodType | undefined): string[] {
  const shape = (schema as { shape?: object } | undefined)?.shape;
  return shape ? Object.keys(shape) : [];
}

function readBody(endpoint: Endpoint, request: Request): unknown {
  if (!endpoint.body) return undefined;
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const consumes: readonly string[] = endpoint.consumes ?? ['application/json'];
  if (request.body !== undefined && !consumes.includes(type)) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', `The body must be sent as ${consumes.join(' or ')}.`);
  }
  return parsed(endpoint.body, request.body, 'body');
}

function parsed(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(where, result.error.issues);
}

function invalid(where: string, issues: readonly z.core.$ZodIssue[]): AppError {
  const text = issues
    .slice(0, MAX_ISSUES)
    .map((issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`)
    .join('; ');
  return new AppError(errorCodeOfIssues(issues), text);
}
