import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { EgressError } from './egress-error.ts';

/** An answer, read to its end. */
export interface EgressResponse {
  readonly status: number;
  /** Lower-case names; values of a repeated header are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Sends one HTTP/1.1 request over an open connection, reads the answer, and closes it. */
export async function exchange(
  { socket, viaProxy }: { socket: Socket; viaProxy: { authorization: string | null } | null },
  { url, method, headers, body, maxBytes, signal }: Exchange,
): Promise<EgressResponse> {
  const proxyHeaders = viaProxy?.authorization ? { 'proxy-authorization': viaProxy.authorization } : {};
  const call = request({
    method,
    path: viaProxy ? `${url.origin}${url.pathname}${url.search}` : `${url.pathname}${url.search}`,
    headers: {
      'accept-encoding': 'identity',
      'user-agent': 'moorage',
      ...headers,
      ...proxyHeaders,
      host: url.host,
      connection: 'close',
    },
    createConnection: () => socket,
    signal,
  });
  try {
    const answer = await answerTo(call, body);
    const bytes = await readBody(answer, maxBytes, url);
    return { status: answer.statusCode ?? 0, headers: flatHeaders(answer), body: bytes, url };
  } catch (error) {
    // Cut off by the signal, a socket only says that it was reset.
    throw signal.aborted ? signal.reason : error;
  } finally {
    call.on('error', () => undefined);
    call.destroy();
    socket.destroy();
  }
}

function answerTo(call: ReturnType<typeof request>, body: string | Uint8Array | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.once('response', resolve);
    call.once('error', reject);
    call.once('upgrade', () => reject(new EgressError('bad-answer', 'The server changed to another protocol.')));
    call.end(body);
  });
}

async function readBody(answer: IncomingMessage, maxBytes: number, url: URL): Promise<Buffer> {
  const tooLarge = () => new EgressError('too-large', `${url.host} answers with more than ${maxBytes} bytes.`);
  if (Number(answer.headers['content-length']) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
