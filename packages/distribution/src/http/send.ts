import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, answerLength, COMMON_HEADERS } from './answer.ts';
import { declaredLength } from './request-body.ts';

/** An unread body up to this size is read away so that the connection can be used again. */
const DRAIN_BYTES = 256 * 1024;
const DRAIN_MS = 30_000;
/** How much of a larger body is swallowed, and for how long, before the connection is closed. */
const LINGER_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 2_000;

/**
 * Writes an answer. When the request's body was not read to its end (an early refusal), the answer goes out first; then
 * a short body is drained, and behind a long one the connection is closed after a bounded wait, so that the client can
 * read the answer instead of a reset (T9).
 */
export async function sendAnswer(
  message: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  requestId: string,
): Promise<void> {
  const rest = unreadRest(message, answer.status);
  response.writeHead(answer.status, headersOf(answer, requestId, rest === 'close'));
  const body = message.method === 'HEAD' ? undefined : answer.body;
  if (rest === 'close') return closeAfter(message, response, body instanceof Buffer ? body : undefined);
  if (rest === 'drain') drain(message);
  if (body !== undefined && 'send' in body) await body.send(response);
  else response.end(body);
}

function headersOf(answer: Answer, requestId: string, close: boolean): string[] {
  const headers = [...COMMON_HEADERS, 'X-Request-Id', requestId, ...answer.headers];
  const length = answerLength(answer);
  if (length !== undefined) headers.push('Content-Length', String(length));
  if (close) headers.push('Connection', 'close');
  return headers;
}

function unreadRest(message: IncomingMessage, status: number): 'none' | 'drain' | 'close' {
  if (message.complete) return 'none';
  const length = declaredLength(message);
  if (length === undefined && message.headers['transfer-encoding'] === undefined) return 'none';
  // A client that stopped sending, or waits to be told to send, would leave the connection hanging.
  if (status === 408 || message.headers.expect !== undefined) return 'close';
  return length !== undefined && length <= DRAIN_BYTES ? 'drain' : 'close';
}

function drain(message: IncomingMessage): void {
  const timer = setTimeout(() => message.destroy(), DRAIN_MS);
  timer.unref();
  message.once('close', () => clearTimeout(timer));
  message.resume();
}

/** Sends the answer, swallows what the client is still sending within bounds, then lets the server close the socket. */
async function closeAfter(message: IncomingMessage, response: ServerResponse, body: Buffer | undefined): Promise<void> {
  if (body) response.write(body);
  else response.flushHeaders();
  let swallowed = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    message.on('data', (chunk: Buffer) => {
      swallowed += chunk.length;
      if (swallowed > LINGER_BYTES) done();
    });
    message.once('end', done);
    message.once('close', done);
    message.resume();
  });
  response.end();
}
