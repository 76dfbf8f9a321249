import { join } from 'node:path';
import { type Product, startProduct } from '../../target/product.ts';
import { startServer } from '../../target/server-process.ts';
import { ROOT } from '../../target/workspace.ts';
import { commandLine, CpuMoment } from '../machine/processes.ts';
import { type Contender, PROJECT, type RunningRegistry, type Scope } from './contender.ts';

/** The administrator of every measured product. */
export const CREDENTIALS = { username: 'admin', password: 'Bench-12345' };
const BASIC = `Basic ${Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')}`;

/** The product as `npm start` runs it: PostgreSQL, core and worker, every request with a token. */
export function product(env: Readonly<Record<string, string>> = {}): Contender {
  return {
    name: 'moorage',
    title: 'Moorage',
    start: (directory) => startMeasured(directory, env),
  };
}

/** A running product with its REST API, called as the administrator. */
export interface RunningProduct extends RunningRegistry, Pick<Product, 'api' | 'origin'> {
  /** The process that runs jobs. */
  readonly workingPid: number;
  /** The administrator's credentials, as a header has them. */
  readonly basic: string;
}

/** Starts the product on a directory, on an earlier run's content if there is some. */
export async function startMeasured(
  directory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProduct> {
  const running = await startProduct({ dataDirectory: join(directory, 'data'), credentials: CREDENTIALS, env });
  const { status, body } = await running.api('POST', '/projects', { project_name: PROJECT });
  if (status !== 201 && status !== 409) throw new Error(`POST /projects answered ${status}: ${body}`);
  return {
    api: (method, path, body) => running.api(method, path, body),
    origin: running.origin,
    basic: BASIC,
    port: Number(new URL(running.origin).port),
    rootPid: running.server.pid,
    servingPid: programPid(running.server.pid, 'core'),
    workingPid: programPid(running.server.pid, 'worker'),
    authorize: (scope) => fetchToken(running.origin, scope),
    stop: () => running.stop(),
  };
}

/** The engine alone with its own metadata on the file system: no PostgreSQL, no token. */
export function engine(env: Readonly<Record<string, string>> = {}): Contender {
  return {
    name: 'engine',
    title: 'Moorage engine alone',
    start: async (directory): Promise<RunningRegistry> => {
      const program = join(ROOT, 'packages/distribution/dist/cli.js');
      const server = startServer(process.execPath, [program, '--root', join(directory, 'content'), '--port', '0'], env);
      const [, origin = ''] = await server.line(/ready at (\S+)/, 20_000);
      const port = Number(new URL(origin).port);
      return {
        port,
        rootPid: server.pid,
        servingPid: server.pid,
        authorize: async () => [],
        stop: () => server.stop(),
      };
    },
  };
}

async function fetchToken(origin: string, { repositories, catalog }: Scope): Promise<readonly string[]> {
  const url = new URL('/service/token?service=moorage', origin);
  for (const name of repositories) url.searchParams.append('scope', `repository:${name}:pull,push,delete`);
  if (catalog) url.searchParams.append('scope', 'registry:catalog:*');
  const challenge = await fetch(new URL('/v2/', origin));
  const service = /service="([^"]*)"/.exec(challenge.headers.get('www-authenticate') ?? '')?.[1];
  if (service) url.searchParams.set('service', service);
  const answer = await fetch(url, { headers: { authorization: BASIC } });
  if (!answer.ok) throw new Error(`the token service answered ${answer.status}: ${await answer.text()}`);
  const { token } = (await answer.json()) as { token: string };
  return [`Authorization: Bearer ${token}`];
}

function programPid(root: number, name: 'core' | 'worker'): number {
  const pid = new CpuMoment()
    .treeOf(root)
    .find((candidate) => commandLine(candidate).includes(`apps/${name}/dist/main.js`));
  if (pid === undefined) throw new Error(`the ${name} process was not found`);
  return pid;
}
