import { connect } from 'node:net';
import type { Endpoint } from '@moorage/contracts';
import { authorization, type Credentials } from './registry.ts';
import type { TestCore } from './test-core.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Calls the API below /api/v2.0, as JSON when there is a body; texts go out as they are. */
export async function callApi(
  core: TestCore,
  credentials: Credentials,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${core.url}/api/v2.0${path}`, {
    method,
    redirect: 'manual',
    headers: { ...authorization(credentials), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What existing objects are called in addresses of the scene; `{robot_id}` and the like stay numbers nobody has. */
const EXAMPLES: Readonly<Record<string, string>> = {
  project_name_or_id: 'priva',
  project_name: 'priva',
  repository_name: 'app',
  reference: 'v1',
  tag_name: 'v1',
  meta_name: 'public',
  addition: 'build_history',
};

/** The address of an endpoint in the scene's private project; `values` replaces examples, already encoded. */
export function addressOf(endpoint: Endpoint, values: Readonly<Record<string, string>> = {}): string {
  const path = endpoint.path.replaceAll(
    /\{(\w+)\}/g,
    (_match, name: string) => values[name] ?? EXAMPLES[name] ?? '999999',
  );
  return (endpoint.base ?? '/api/v2.0') + path;
}

/** Sends bytes as they are and returns everything that comes back until the server closes, at most after five seconds. */
export function sendRaw(core: TestCore, bytes: string): Promise<string> {
  const { hostname, port } = new URL(core.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1');
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    );
  });
}

/** A raw request without a body whose connection ends with the answer. */
export function rawRequest(line: string, headers: readonly string[] = []): string {
  return `${[`${line} HTTP/1.1`, 'Host: registry.test', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;
}

/** Status of a raw answer; 0 when there was none. */
export function rawStatus(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
