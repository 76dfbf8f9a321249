import { Worker } from 'node:worker_threads';
import type { Argon2Cost } from './password-format.rules.ts';

export interface HashRequest {
  readonly message: Uint8Array;
  readonly nonce: Uint8Array;
  readonly tagLength: number;
  readonly cost: Argon2Cost;
}

export type HashReply = { readonly hash: Uint8Array } | { readonly failure: string };

interface Waiting {
  readonly resolve: (hash: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread of low priority that computes argon2id, one hash at a time. It starts with the first and is started anew when it
 * was lost. Own threads leave libuv's few to files, and keep their working memory from hash to hash, so that it does not
 * stay behind in every thread there is.
 */
export class HashThread {
  #worker: Worker | null = null;
  #waiting: Waiting | null = null;

  /** Throws when it is still at the former one. */
  derive(request: HashRequest): Promise<Buffer> {
    if (this.#waiting) throw new Error('the thread computes another hash');
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      worker.ref();
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    const script = import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js';
    const worker = new Worker(new URL(script, import.meta.url));
    worker.on('message', (reply: HashReply) => {
      worker.unref();
      this.#settle(reply);
    });
    const lose = () => {
      if (this.#worker === worker) this.#worker = null;
      this.#settle({ failure: 'the thread ended' });
    };
    worker.on('error', lose);
    worker.on('exit', lose);
    return worker;
  }

  #settle(reply: HashReply): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if ('hash' in reply) waiting?.resolve(Buffer.from(reply.hash));
    else waiting?.reject(new Error(`no hash: ${reply.failure}`));
  }
}
