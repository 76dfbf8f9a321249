/** Status of each error code. The first part is the OCI list; the rest are codes clients know from other registries. */
const STATUS_BY_CODE = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
  PAGINATION_NUMBER_INVALID: 400,
  RANGE_INVALID: 416,
  TAG_INVALID: 400,
  UNAVAILABLE: 503,
  UNKNOWN: 500,
} as const;

export type RegistryErrorCode = keyof typeof STATUS_BY_CODE;

export interface RegistryErrorOptions {
  /** Machine-readable addition to the message, for example the digests that are missing. */
  readonly detail?: unknown;
  /** When the code's usual status does not fit. */
  readonly status?: number;
  /** Header names and values to send along, flat. */
  readonly headers?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A request the registry refuses or cannot serve, in the words of the protocol. The message is for the person behind
 * the client and says what to do next; it never names files, hosts or SQL.
 */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly status: number;
  readonly detail: unknown;
  readonly headers: readonly string[];

  constructor(code: RegistryErrorCode, message: string, options: RegistryErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? STATUS_BY_CODE[code];
    this.detail = options.detail;
    this.headers = options.headers ?? [];
  }
}
