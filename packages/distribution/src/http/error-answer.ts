import { RegistryError } from '../error.ts';
import { InterruptedAppend, StorageFull, StoreUnavailable } from '../ports/index.ts';
import { type Answer, JSON_TYPE, NO_STORE } from './answer.ts';

/** Translates whatever an operation raised. Anything unforeseen becomes a 500 that tells nothing but the request id (S118). */
export function asRegistryError(error: unknown, requestId: string): RegistryError {
  if (error instanceof RegistryError) return error;
  if (error instanceof InterruptedAppend) {
    if (error.cause instanceof RegistryError) return error.cause;
    return new RegistryError(
      'BLOB_UPLOAD_INVALID',
      'the body ended early; ask for the upload and continue from there',
      {
        cause: error,
      },
    );
  }
  if (error instanceof StorageFull) {
    return new RegistryError('UNAVAILABLE', 'the storage of the registry is full; tell its administrator', {
      status: 507,
      cause: error,
    });
  }
  if (error instanceof StoreUnavailable) {
    return new RegistryError('UNAVAILABLE', 'the registry cannot answer right now; try again', {
      headers: ['Retry-After', String(error.retryAfterSeconds)],
      cause: error,
    });
  }
  return new RegistryError('UNKNOWN', `the registry failed; its log tells more under request ${requestId}`, {
    cause: error,
  });
}

/** The OCI error body (distribution-spec "Error codes"). */
export function errorAnswer(error: RegistryError): Answer {
  const entry: Record<string, unknown> = { code: error.code, message: error.message };
  if (error.detail !== undefined) entry['detail'] = error.detail;
  return {
    status: error.status,
    headers: ['Content-Type', JSON_TYPE, 'Cache-Control', NO_STORE, ...error.headers],
    body: Buffer.from(JSON.stringify({ errors: [entry] })),
  };
}
