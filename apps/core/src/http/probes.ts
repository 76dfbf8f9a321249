import type { IncomingMessage, ServerResponse } from 'node:http';

/** Tells an orchestrator whether the process lives (/livez) and whether it can serve (/readyz, 503 when not). */
export class Probes {
  readonly #canServe: () => Promise<boolean>;
  #isDraining = false;

  /** `canServe` tells whether the parts nothing works without do work. */
  constructor(canServe: () => Promise<boolean>) {
    this.#canServe = canServe;
  }

  /** From now on /readyz answers 503, so that load balancers send no more requests. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Answers the two probe addresses; false for every other path. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (path !== '/livez' && path !== '/readyz') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
      return true;
    }
    if (path === '/livez') reply(response, 200, 'ok');
    else void this.#isReady().then((isReady) => reply(response, isReady ? 200 : 503, isReady ? 'ready' : 'not ready'));
    return true;
  }

  async #isReady(): Promise<boolean> {
    return !this.#isDraining && (await this.#canServe().catch(() => false));
  }
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain',
    'cache-control': 'no-store',
    'content-length': text.length,
  });
  response.end(text);
}
