import { AppError, type Endpoint, type ErrorCode, type ErrorEnvelope, ERRORS } from '@moorage/contracts';
import { auditEntry } from '@moorage/features/audit';
import type { Caller } from '@moorage/features/http';
import { appendEvents } from '@moorage/features/outbox';
import { Database, isPassing } from '@moorage/database';
import { Kept } from '@moorage/features/content';
import { StorageFull, StoreUnavailable } from '@moorage/distribution';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Logger } from '@moorage/features/platform';
import { originOf } from './request-origin.ts';

/** Renders every failure of the API in Harbor's envelope, and audits refused changes. */
@Catch()
@Injectable()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger: Logger;
  readonly #database: Database;

  constructor(logger: Logger, database: Database) {
    this.#logger = logger;
    this.#database = database;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request & { endpoint?: Endpoint; caller?: Caller }>();
    const response = http.getResponse<Response>();
    const refusal = refusalOf(error);
    if (refusal.status >= 500 && !isShedding(error))
      this.#logger.error('request failed', { request_id: originOf(request).requestId, error });
    this.#auditRefusal(request, refusal);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // The rest of the body is not waited for.
    if (refusal.code === 'REQUEST_TIMEOUT') response.setHeader('connection', 'close');
    if (refusal.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(refusal.retryAfterSeconds));
    // To a page's own calls the challenge would open the browser's password window over the portal's.
    if (refusal.code === 'UNAUTHORIZED' && request.headers['sec-fetch-site'] === undefined) {
      response.setHeader('www-authenticate', 'Basic realm="moorage"');
    }
    const body: ErrorEnvelope = {
      errors: [
        {
          code: refusal.code,
          message: refusal.message,
          ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
        },
      ],
    };
    response.status(refusal.status).json(body);
  }

  /** Refused changes by known callers are part of the audit log; a failing database must not hide the answer. */
  #auditRefusal(request: Request & { endpoint?: Endpoint; caller?: Caller }, refusal: AppError): void {
    const { endpoint, caller } = request;
    if (
      !endpoint ||
      !caller ||
      endpoint.method === 'GET' ||
      endpoint.method === 'HEAD' ||
      caller.principal.kind === 'anonymous'
    )
      return;
    const audit = auditEntry(caller, {
      resourceType: endpoint.tag,
      resource: request.path.slice(0, 1024),
      operation: endpoint.id,
      description: refusal.message.slice(0, 1024),
      succeeded: false,
      status: refusal.status,
    });
    appendEvents(this.#database, [{ name: 'request.refused', projectId: null, data: {}, audit }]).catch(
      (cause: unknown) => {
        this.#logger.error('refusal not audited', { request_id: caller.requestId, error: cause });
      },
    );
  }
}

/** A refusal for want of room, not a failure: a line for each would make a flood dearer, and fill the log with it (S13). */
function isShedding(error: unknown): boolean {
  return error instanceof AppError && error.code === 'UNAVAILABLE' && error.cause === undefined;
}

/** Any thrown value as an AppError; what is not meant for callers becomes INTERNAL with the request id only (S118). */
function refusalOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HttpException)
    return new AppError(codeOfStatus(error.getStatus()), plainMessage(error.getStatus()));
  if (error instanceof Kept) return new AppError('PRECONDITION', `${error.message}.`);
  if (error instanceof StorageFull)
    return new AppError('UNAVAILABLE', 'The storage is full; tell an administrator.', { retryAfterSeconds: 60 });
  if (error instanceof StoreUnavailable) return unavailable(error.retryAfterSeconds);
  if (isPassing(error)) return unavailable(2);
  return new AppError(
    'INTERNAL',
    'The server failed to answer. Try again; if it persists, give the X-Request-Id of this answer to an administrator.',
  );
}

function unavailable(retryAfterSeconds: number): AppError {
  return new AppError('UNAVAILABLE', `The database does not answer; try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
}

function codeOfStatus(status: number): ErrorCode {
  return (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code].status === status) ?? 'INTERNAL';
}

function plainMessage(status: number): string {
  const code = codeOfStatus(status);
  return `${ERRORS[code].title}. ${ERRORS[code].help}`;
}
