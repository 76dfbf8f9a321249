import { type IncomingHttpHeaders, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What is sent: bytes at once, or a stream of a known or unknown length (then in chunked transfer). */
export type RequestBody = Buffer | string | { readonly stream: Readable; readonly size?: number };

export interface RequestOptions {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: RequestBody;
  /** The certificate authority to trust beside the public ones, in PEM. */
  readonly ca?: string;
  /** Called with each piece of the answer; then the answer's `body` stays empty. */
  readonly onData?: (chunk: Buffer) => void;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request over node:http as registry clients send it: no added headers, no redirects, no decompression. */
export function sendRequest(method: string, url: URL, options: RequestOptions = {}): Promise<HttpResponse> {
  const { body } = options;
  const size = body === undefined ? undefined : sizeOf(body);
  const headers = { ...options.headers, ...(size === undefined ? {} : { 'content-length': size }) };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, ca: options.ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', options.onData ?? ((chunk: Buffer) => chunks.push(chunk)));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.once('error', reject);
    if (body === undefined) request.end();
    else if (typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
    else pipeline(body.stream, request).catch(reject);
  });
}

function sizeOf(body: RequestBody): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return Buffer.isBuffer(body) ? body.length : body.size;
}
