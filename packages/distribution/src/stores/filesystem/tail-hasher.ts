import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Digest, type DigestAlgorithm, parseDigest } from '../../digest.ts';

export type TailRequest =
  | { readonly kind: 'begin'; readonly id: number; readonly descriptor: number; readonly algorithm: DigestAlgorithm }
  | { readonly kind: 'advance'; readonly id: number; readonly end: number }
  | { readonly kind: 'end'; readonly id: number };

export type TailReply =
  | { readonly id: number; readonly length: number; readonly hex: string }
  | { readonly id: number; readonly failure: string };

/** Hashes of files that are still being written, computed by another thread that reads behind the writer. */
export interface TailHash {
  /** The file now holds everything up to `end`. */
  advance(end: number): void;
  /**
   * The digest of the first `length` bytes, or null when the thread could not read them. Ends the hash; afterwards the
   * descriptor may be closed. To give up without a digest, call it all the same.
   */
  finish(length: number): Promise<Digest | null>;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, (reply: TailReply) => void>;
  busy: number;
  ended: boolean;
}

/** The threads that hash: one fewer than the processor has cores, started when the first large upload comes. */
export class TailHasher {
  readonly #threads: Thread[] = [];
  #lastId = 0;

  begin(descriptor: number, algorithm: DigestAlgorithm): TailHash {
    const thread = this.#leastBusy();
    const id = ++this.#lastId;
    const post = (request: TailRequest) => thread.worker.postMessage(request);
    thread.busy++;
    post({ kind: 'begin', id, descriptor, algorithm });
    return {
      advance: (end) => post({ kind: 'advance', id, end }),
      finish: async (length) => {
        if (thread.ended) return null;
        const reply = await new Promise<TailReply>((resolve) => {
          thread.waiting.set(id, resolve);
          post({ kind: 'end', id });
        });
        thread.busy--;
        return 'hex' in reply && reply.length === length ? parseDigest(`${algorithm}:${reply.hex}`) : null;
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Thread {
    const wanted = Math.max(1, availableParallelism() - 1);
    const idle = this.#threads.find((thread) => thread.busy === 0);
    if (idle) return idle;
    if (this.#threads.length < wanted) return this.#start();
    return this.#threads.reduce((least, thread) => (thread.busy < least.busy ? thread : least));
  }

  #start(): Thread {
    const script = import.meta.url.endsWith('.ts') ? './tail-hash-worker.ts' : './tail-hash-worker.js';
    const thread: Thread = {
      worker: new Worker(new URL(script, import.meta.url)),
      waiting: new Map(),
      busy: 0,
      ended: false,
    };
    thread.worker.unref();
    thread.worker.on('message', (reply: TailReply) => {
      thread.waiting.get(reply.id)?.(reply);
      thread.waiting.delete(reply.id);
    });
    // A thread that dies takes its hashes along: they are computed again when the uploads are sealed.
    const lose = () => {
      thread.ended = true;
      const index = this.#threads.indexOf(thread);
      if (index >= 0) this.#threads.splice(index, 1);
      for (const [id, resolve] of thread.waiting) resolve({ id, failure: 'the thread ended' });
      thread.waiting.clear();
    };
    thread.worker.on('error', lose);
    thread.worker.on('exit', lose);
    this.#threads.push(thread);
    return thread;
  }
}
