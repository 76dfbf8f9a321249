import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A value that must not reach logs, errors or JSON by accident: every conversion yields `[redacted]`.
 * Only {@link Secret.reveal} gives the value.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Call it where the value is used, never to store or print it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
