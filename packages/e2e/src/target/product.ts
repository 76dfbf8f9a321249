import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTempDirectory, type Credentials, sendRequest } from '@moorage/testing';
import { killTree } from './process-tree.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { Target } from './target.ts';
import { ROOT } from './workspace.ts';

/** A running product: what `npm start` runs after the build, with PostgreSQL, core and worker. */
export interface Product extends Target {
  readonly credentials: Credentials;
  readonly dataDirectory: string;
  readonly server: ServerProcess;
  /** A call of the REST API as the administrator; resolves with status and body. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }>;
}

export interface ProductOptions {
  /** Settings beside those chosen here. */
  readonly env?: Readonly<Record<string, string>>;
  /** A directory of an earlier product to start on again; it is not removed at the end. */
  readonly dataDirectory?: string;
  readonly credentials?: Credentials;
  /** Where clients reach it when something stands before it; then {@link port} must be given too. */
  readonly externalUrl?: string;
  /** The port to listen on; one that the system chooses unless given. */
  readonly port?: number;
}

const START = `import(${JSON.stringify(pathToFileURL(join(ROOT, 'packages/tooling/src/launch/start.ts')).href)})
  .then(({ start }) => start())
  .catch((error) => { console.error(error.message); process.exitCode = 1; });`;

/** Starts the built product on a free port with a data directory of its own, and waits until it serves. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const directory = options.dataDirectory === undefined ? createTempDirectory('product') : undefined;
  // PostgreSQL never runs as root; the account it gets then must be able to reach its files.
  if (directory) chmodSync(directory.path, 0o755);
  const dataDirectory = options.dataDirectory ?? join(directory?.path ?? '', 'data');
  const credentials = options.credentials ?? { username: 'admin', password: `E2e-${randomBytes(9).toString('hex')}` };
  const server = startServer(process.execPath, ['--input-type=module', '-e', START], {
    MOORAGE_PORT: String(options.port ?? 0),
    MOORAGE_HOST: '127.0.0.1',
    MOORAGE_DATA_DIR: dataDirectory,
    MOORAGE_ADMIN_PASSWORD: credentials.password,
    MOORAGE_LOG_LEVEL: 'warn',
    ...(options.externalUrl === undefined ? {} : { MOORAGE_EXTERNAL_URL: options.externalUrl }),
    ...options.env,
  });
  const stop = async () => {
    await server.stop();
    directory?.remove();
  };
  try {
    const [, announced = ''] = await server.line(/Moorage is ready at (\S+)/, 240_000);
    const origin = options.port === undefined ? announced : `http://127.0.0.1:${options.port}`;
    return productAt(origin, credentials, dataDirectory, server, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function productAt(
  origin: string,
  credentials: Credentials,
  dataDirectory: string,
  server: ServerProcess,
  stop: () => Promise<void>,
): Product {
  const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const api: Product['api'] = async (method, path, body) => {
    const answer = await sendRequest(method, new URL(`/api/v2.0${path}`, origin), {
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: answer.body.toString() };
  };
  return {
    origin,
    host: new URL(origin).host,
    credentials,
    dataDirectory,
    server,
    output: () => server.output(),
    api,
    createProject: async (name) => {
      const { status, body } = await api('POST', '/projects', { project_name: name, metadata: { public: 'false' } });
      if (status !== 201) throw new Error(`POST /projects answered ${status}: ${body}`);
    },
    kill: () => killTree(server.pid),
    stop,
  };
}
