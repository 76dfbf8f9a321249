import type { IncomingMessage } from 'node:http';
import { RegistryError } from '../error.ts';
import type { ByteSource } from '../ports/index.ts';
import { countReceived } from './body-memory.ts';
import { ProgressGuard, type ProgressLimits } from './progress-guard.ts';

const PAUSE_ABOVE = 512 * 1024;
const RESUME_BELOW = 256 * 1024;

export interface RequestBodyOptions {
  readonly progress: ProgressLimits;
  /** Called before the first byte is asked for: sends `100 Continue` when the client waits for it (T9). */
  readonly onStart: () => void;
}

/**
 * The body of one request as chunks, with back-pressure towards the socket. Unlike Node's own iterator it does not
 * destroy the connection when the reader stops early, so that a refusal still reaches the client. Delivers everything
 * that arrived before it reports that the client went away.
 */
export class RequestBody implements ByteSource {
  readonly #message: IncomingMessage;
  readonly #options: RequestBodyOptions;
  #guard: ProgressGuard | undefined;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #paused = false;
  #state: 'idle' | 'flowing' | 'ended' | 'failed' = 'idle';
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(message: IncomingMessage, options: RequestBodyOptions) {
    this.#message = message;
    this.#options = options;
  }

  get expectedBytes(): number | undefined {
    return declaredLength(this.#message);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#message.pause();
        this.#guard?.stop();
        return { done: true, value: undefined };
      },
    };
  }

  /** The whole body in memory; a body above `limit` bytes is refused with 413 as soon as that is known. */
  async readAll(limit: number): Promise<Buffer> {
    const tooLarge = () =>
      new RegistryError('SIZE_INVALID', `the body is larger than the limit of ${limit} bytes`, { status: 413 });
    if ((declaredLength(this.#message) ?? 0) > limit) throw tooLarge();
    const chunks: Uint8Array[] = [];
    let total = 0;
    for await (const chunk of this) {
      total += chunk.length;
      if (total > limit) throw tooLarge();
      chunks.push(chunk);
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, total);
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#state === 'idle') this.#start();
    while (this.#queue.length === 0 && this.#state === 'flowing') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const chunk = this.#queue.shift();
    if (!chunk) {
      if (this.#state === 'failed') throw this.#failure;
      return { done: true, value: undefined };
    }
    this.#queuedBytes -= chunk.length;
    if (this.#paused && this.#queuedBytes < RESUME_BELOW) {
      this.#paused = false;
      this.#guard?.resume();
      this.#message.resume();
    }
    return { done: false, value: chunk };
  }

  #start(): void {
    const message = this.#message;
    this.#state = 'flowing';
    if (message.destroyed) return this.#finish('failed', new Error('the connection was closed'));
    this.#options.onStart();
    this.#guard = new ProgressGuard(this.#options.progress, () => {
      this.#finish('failed', new RegistryError('BLOB_UPLOAD_INVALID', 'the body stopped arriving', { status: 408 }));
    });
    message.on('data', (chunk: Buffer) => this.#receive(chunk));
    message.once('end', () => this.#finish('ended'));
    message.once('error', (error) => this.#finish('failed', error));
    message.once('close', () => this.#finish('failed', new Error('the connection was closed')));
  }

  #receive(chunk: Buffer): void {
    countReceived(chunk.length);
    this.#guard?.advance(chunk.length);
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (!this.#paused && this.#queuedBytes > PAUSE_ABOVE) {
      this.#paused = true;
      this.#guard?.suspend();
      this.#message.pause();
    }
    this.#signal();
  }

  #finish(state: 'ended' | 'failed', failure?: unknown): void {
    if (this.#state !== 'flowing') return;
    this.#guard?.stop();
    this.#state = state;
    this.#failure = failure;
    this.#signal();
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** The Content-Length of a request; undefined when the body is chunked or absent. Node has checked that it is a number. */
export function declaredLength(message: IncomingMessage): number | undefined {
  const header = message.headers['content-length'];
  return header === undefined ? undefined : Number(header);
}

/** Tells whether a request announces a body of at least one byte. */
export function announcesBody(message: IncomingMessage): boolean {
  return message.headers['transfer-encoding'] !== undefined || (declaredLength(message) ?? 0) > 0;
}
