/** The client went away in the middle of a body; `stored` bytes of the upload are kept. */
export class InterruptedAppend extends Error {
  readonly stored: number;

  constructor(stored: number, cause: unknown) {
    super('the request body ended early', { cause });
    this.stored = stored;
  }
}

/** The storage no longer holds the bytes an upload session says it has (power loss, clean-up by hand). */
export class LostUpload extends Error {
  constructor(id: string) {
    super(`the bytes of upload ${id} are gone`);
  }
}

/** The storage has no room for the new content. What was stored earlier is intact. */
export class StorageFull extends Error {
  constructor(cause: unknown) {
    super('the storage is full', { cause });
  }
}

/** A store cannot answer now but may soon (database restart, network). The engine answers 503 with Retry-After. */
export class StoreUnavailable extends Error {
  readonly retryAfterSeconds: number;

  constructor(cause: unknown, retryAfterSeconds = 5) {
    super('the store is unavailable', { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
