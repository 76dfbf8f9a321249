import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export interface Request {
  readonly method: string;
  /** Sent as it is: not normalised, not encoded. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  /** Sends the body in chunked transfer coding, without Content-Length. */
  readonly chunked?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** One registry over plain HTTP/1.1 with kept connections. Adds nothing to requests and follows no redirects. */
export class HttpExchange {
  readonly #origin: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(baseUrl: string) {
    this.#origin = new URL(baseUrl);
  }

  get host(): string {
    return this.#origin.host;
  }

  send({ method, path, headers = {}, body, chunked = false }: Request): Promise<Reply> {
    const length = body && !chunked ? { 'content-length': body.length } : {};
    const transfer = chunked ? { 'transfer-encoding': 'chunked' } : {};
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: this.#origin.hostname,
          port: this.#origin.port,
          method,
          path,
          headers: { ...length, ...transfer, ...headers },
          agent: this.#agent,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.once('error', reject);
          incoming.once('end', () => {
            const { statusCode = 0, headers: received, rawHeaders } = incoming;
            resolve({ status: statusCode, headers: received, rawHeaders, body: Buffer.concat(chunks) });
          });
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** The path of an absolute or relative Location on this registry. */
  pathOf(location: string | undefined): string {
    if (location === undefined) throw new Error('the answer has no Location');
    const url = new URL(location, this.#origin);
    if (url.host !== this.#origin.host) throw new Error(`the Location ${location} leads to another host`);
    return url.pathname + url.search;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The error codes of an answer, read as strictly as docker does: only from JSON with exactly its type. */
export function errorCodes(reply: Reply): string[] {
  if (reply.headers['content-type'] !== 'application/json') return [];
  const { errors } = JSON.parse(reply.body.toString()) as { errors: { code: string; message: string }[] };
  return errors.map(({ code, message }) => {
    if (typeof message !== 'string' || message === '') throw new Error(`the error ${code} has no message`);
    return code;
  });
}

/** Status and error code in one value, for short expectations. */
export function refusal(reply: Reply): [status: number, code: string | undefined] {
  return [reply.status, errorCodes(reply)[0]];
}

/** All values of a header that may come several times, in order. */
export function headerValues(reply: Reply, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < reply.rawHeaders.length; index += 2) {
    if (reply.rawHeaders[index]?.toLowerCase() === name.toLowerCase()) values.push(reply.rawHeaders[index + 1] ?? '');
  }
  return values;
}
