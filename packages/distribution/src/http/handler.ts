import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryError } from '../error.ts';
import type { Decision, RepositoryScope, RequestInfo, RequiredAccess } from '../ports/index.ts';
import type { Answer } from './answer.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { asRegistryError, errorAnswer } from './error-answer.ts';
import { Query } from './query.ts';
import { RequestBody } from './request-body.ts';
import { parseRoute, type Route, type RouteKind } from './route.ts';
import { sendAnswer } from './send.ts';
import type { Grant, Service, Visit } from './visit.ts';

export type RequestListener = (message: IncomingMessage, response: ServerResponse) => void;

/** Answers one request; never rejects. `expectsContinue` when the client waits for `100 Continue` before its body. */
export async function handleRequest(
  service: Service,
  info: RequestInfo,
  message: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  // A client that leaves makes later writes fail; the senders notice by themselves.
  response.on('error', () => undefined);
  let answer: Answer;
  try {
    const body = new RequestBody(message, {
      progress: service.settings.upload,
      onStart: () => {
        if (expectsContinue) response.writeContinue();
      },
    });
    answer = await answerRequest(service, info, message, body);
  } catch (error) {
    answer = failureAnswer(service, info, error);
  }
  try {
    await sendAnswer(message, response, answer, info.id);
  } catch (error) {
    // The status is out already: only a broken connection tells the client that the body is not whole.
    service.hooks.onError?.(info, error);
    response.destroy();
  }
}

async function answerRequest(
  service: Service,
  info: RequestInfo,
  message: IncomingMessage,
  body: RequestBody,
): Promise<Answer> {
  const target = message.url ?? '';
  const question = target.indexOf('?');
  const route = parseRoute(question < 0 ? target : target.slice(0, question));
  if (!route) throw new RegistryError('UNSUPPORTED', 'there is no such endpoint', { status: 404 });
  const query = question < 0 ? Query.EMPTY : Query.parse(target.slice(question + 1));
  return serve(route, { service, message, info, query, body });
}

async function serve<K extends RouteKind>(route: Extract<Route, { kind: K }>, visit: Visit): Promise<Answer> {
  const methods = ENDPOINTS[route.kind as K];
  const endpoint: Endpoint<K> | undefined = methods[visit.message.method ?? ''];
  if (!endpoint) {
    throw new RegistryError('UNSUPPORTED', 'this method does nothing here', {
      headers: ['Allow', Object.keys(methods).join(', ')],
    });
  }
  const access = endpoint.needs(visit, route);
  const grant = grantOf(access, await visit.service.hooks.authorize(visit.message, visit.info, access));
  if (endpoint.removesContent && !visit.service.settings.allowDelete) {
    throw new RegistryError('UNSUPPORTED', 'deleting is switched off in this registry');
  }
  return endpoint.serve(visit, route, grant);
}

/** Turns the hook's decision into what the endpoint may use, or into its refusal. */
function grantOf(access: RequiredAccess, decision: Decision): Grant {
  if (!decision.allowed) {
    const headers: string[] = [];
    if (decision.challenge !== undefined) headers.push('WWW-Authenticate', decision.challenge);
    if (decision.retryAfterSeconds !== undefined) headers.push('Retry-After', String(decision.retryAfterSeconds));
    throw new RegistryError(decision.code, decision.message, { status: decision.status, headers });
  }
  if (access.kind === 'repository' && !decision.repository)
    throw new Error('authorize allowed a repository without its scope');
  return {
    caller: decision.caller,
    // Only endpoints of a repository read it.
    repository: decision.repository as RepositoryScope,
    mountFrom: decision.mountFrom,
    catalog: decision.catalog,
    allowMissing: decision.allowMissing ?? false,
  };
}

/** Reports what the operator must know and hides it from the client. */
function failureAnswer(service: Service, info: RequestInfo, error: unknown): Answer {
  const failure = asRegistryError(error, info.id);
  if (failure.status >= 500) service.hooks.onError?.(info, failure.cause ?? failure);
  return errorAnswer(failure);
}
