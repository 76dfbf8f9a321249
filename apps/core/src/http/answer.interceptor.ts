import type { Endpoint } from '@moorage/contracts';
import { CALL, Created, formatCursor, type GuardedCall, type ListRequest, Page } from '@moorage/features/http';
import { RobotIdentityService, SOMEWHERE, SYSTEM_LEVEL } from '@moorage/features/robot';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';

/** Turns what a room returns into Harbor's answer: status, paging headers, Location, and only the fields of the response schema. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  readonly #robots: RobotIdentityService;

  constructor(robots: RobotIdentityService) {
    this.#robots = robots;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request & { [CALL]: GuardedCall }>();
    const response = http.getResponse<Response>();
    const call = request[CALL];
    return next.handle().pipe(
      map((result: unknown) => {
        if (!call.isAuthorized) throw new Error(`${call.endpoint.id} did not ask the access room`);
        this.#noteUse(call);
        if (call.endpoint.raw) return result;
        response.status(call.endpoint.status);
        return answer(call, response, result);
      }),
    );
  }

  /** Which permission of a robot was used; the report of those it does not need rests on it. */
  #noteUse({ caller, endpoint, project }: GuardedCall): void {
    const { access } = endpoint;
    if (caller.principal.kind !== 'robot') return;
    const { id } = caller.principal;
    if (access.kind === 'project' && project) this.#robots.notePermission(id, project.id, access.permission);
    if (access.kind === 'system') this.#robots.notePermission(id, SYSTEM_LEVEL, access.permission);
    if (access.kind === 'object') {
      for (const permission of new Set([access.system ?? access.project, access.project])) {
        this.#robots.notePermission(id, SOMEWHERE, permission);
      }
    }
  }
}

function answer(call: GuardedCall, response: Response, result: unknown): unknown {
  if (result instanceof Created) {
    response.setHeader('location', locationOf(call.request, result.location));
    return shaped(call.endpoint, result.body);
  }
  if (result instanceof Page) {
    writePaging(call, response, result);
    return shaped(call.endpoint, result.items);
  }
  return shaped(call.endpoint, result);
}

function shaped(endpoint: Endpoint, value: unknown): unknown {
  return endpoint.response ? endpoint.response.parse(value) : undefined;
}

function locationOf(request: Request, location: string): string {
  if (location.startsWith('/')) return location;
  const path = request.originalUrl.split('?', 1)[0] as string;
  // Clients of Harbor take the digest of a copy from its end as it stands.
  return `${path.replace(/\/$/, '')}/${encodeURIComponent(location).replaceAll('%3A', ':')}`;
}

/** The total, which nobody counts again behind a cursor, and the ways to the pages around. */
function writePaging(call: GuardedCall, response: Response, page: Page<unknown>): void {
  if (!call.list) throw new Error(`${call.endpoint.id} answers a page but is no list`);
  const { after, sort } = call.list;
  const next = page.next && call.endpoint.list?.keyset ? formatCursor(sort, page.next) : undefined;
  if (next !== undefined) response.setHeader('x-next-cursor', next);
  if (after === undefined) response.setHeader('x-total-count', String(page.total));
  const links = after === undefined ? pagingLinks(call, page.total) : cursorLink(call, next);
  if (links !== '') response.setHeader('link', links);
}

function cursorLink(call: GuardedCall, next: string | undefined): string {
  if (next === undefined) return '';
  const [path, query = ''] = call.request.originalUrl.split('?', 2) as [string, string?];
  const search = new URLSearchParams(query);
  search.set('cursor', next);
  return `<${path}?${search.toString()}>; rel="next"`;
}

/** Link values for the pages before and after, with every other parameter kept (API-2). */
function pagingLinks(call: GuardedCall, total: number): string {
  const [path, query = ''] = call.request.originalUrl.split('?', 2) as [string, string?];
  const { page, pageSize } = call.list as ListRequest;
  const to = (target: number, relation: string) => {
    const search = new URLSearchParams(query);
    search.set('page', String(target));
    search.set('page_size', String(pageSize));
    return `<${path}?${search.toString()}>; rel="${relation}"`;
  };
  return [...(page > 1 ? [to(page - 1, 'prev')] : []), ...(page * pageSize < total ? [to(page + 1, 'next')] : [])].join(
    ' , ',
  );
}
