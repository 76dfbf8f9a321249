import type { Told } from './told.ts';

/** One row per error the product can answer with. `help` is the next step for the person who reads the message. */
interface ErrorRow {
  readonly status: number;
  readonly title: string;
  readonly help: string;
}

/** Every error code of /api, /service/token and /c. The codes of /v2 are the OCI list inside the engine. */
export const ERRORS = {
  BAD_REQUEST: {
    status: 400,
    title: 'The request is malformed',
    help: 'Correct the field named in the message and send the request again.',
  },
  UNKNOWN_QUERY_KEY: {
    status: 400,
    title: 'A query, filter or sort key is not known here',
    help: 'Use one of the keys listed in the message.',
  },
  UNAUTHORIZED: { status: 401, title: 'Sign-in is needed', help: 'Send valid credentials, or sign in again.' },
  SECOND_FACTOR_REQUIRED: {
    status: 401,
    title: 'The password is right; a second factor is needed',
    help: 'Enter the code of your authenticator app, use a passkey, or one of your recovery codes.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'The role or robot lacks a permission',
    help: 'Ask a project admin for the permission named in the message.',
  },
  CSRF_TOKEN_INVALID: {
    status: 403,
    title: 'The request is not proven to come from the portal',
    help: 'Reload the page and send the X-Harbor-CSRF-Token header of the last answer.',
  },
  DENIED: {
    status: 403,
    title: 'A policy refuses this',
    help: 'Follow the reason in the message, or ask an administrator to change the policy.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this address that you may see',
    help: 'Check the name or id, and that you have access to it.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'This address does not take that method',
    help: 'Use one of the methods in the Allow header.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request body did not arrive in time',
    help: 'Send the request again; check the connection when it keeps happening.',
  },
  CONFLICT: {
    status: 409,
    title: 'Something with this name exists already',
    help: 'Choose another name, or change the existing one.',
  },
  PRECONDITION: {
    status: 412,
    title: 'The present state does not allow this',
    help: 'Remove the obstacle named in the message first.',
  },
  VIOLATE_FOREIGN_KEY_CONSTRAINT: {
    status: 412,
    title: 'Something else still refers to this',
    help: 'Remove what refers to it first.',
  },
  PROJECTPOLICYVIOLATION: {
    status: 412,
    title: 'A project policy refuses this',
    help: 'Follow the reason in the message, or ask a project admin.',
  },
  REQUEST_ENTITY_TOO_LARGE: {
    status: 413,
    title: 'The request body is too large',
    help: 'Send a smaller body; the limit is in the message.',
  },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body is not JSON', help: 'Send Content-Type: application/json.' },
  UNPROCESSABLE_ENTITY: {
    status: 422,
    title: 'A value breaks its rule',
    help: 'Correct the fields named in the message.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'Too many attempts',
    help: 'Wait the number of seconds in Retry-After, then try again.',
  },
  INTERNAL: {
    status: 500,
    title: 'The server failed',
    help: 'Try again; if it persists, give the request id to an administrator.',
  },
  EGRESS_FAILED: {
    status: 502,
    title: 'Another server could not be called, or did not answer as it should',
    help: 'Check the address; an administrator finds refused connections, with the reason, in the settings.',
  },
  UNAVAILABLE: { status: 503, title: 'The server cannot do this now', help: 'Wait a moment and try again.' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** The body of every refused API call, in Harbor's envelope. */
export interface ErrorEnvelope {
  readonly errors: readonly { readonly code: ErrorCode; readonly message: string; readonly detail?: unknown }[];
}

/** The only error rooms throw on purpose. `message` is for the caller: it names the field or object and the next step. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail?: unknown;
  readonly retryAfterSeconds?: number;
  /** What the message is made of, where it is shown as a finding instead of an error. */
  readonly told?: Told | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { detail?: unknown; cause?: unknown; retryAfterSeconds?: number; told?: Told | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.told = options.told;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
