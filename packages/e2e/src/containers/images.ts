import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programPath } from '@moorage/testing';
import { runProgram } from '../target/run-program.ts';
import { ROOT } from '../target/workspace.ts';

/** Names of the images of a stack, as compose.yaml takes them. */
export interface StackImages {
  readonly product: string;
  readonly postgres: string;
  readonly redis: string;
}

const SOURCES = join(import.meta.dirname, 'images');
const CERTIFICATES = '/etc/ssl/certs';
const BUILD_MS = 540_000;

/**
 * Makes the images of compose.yaml with nothing but Debian packages and npm: no public image can be relied on. The
 * product's is built with deploy/Dockerfile as it is shipped. Everything happens in `directory`; `environment` selects podman's storage.
 */
export async function makeImages(directory: string, environment: Record<string, string>): Promise<StackImages> {
  const build = async (name: string, args: readonly string[], context: string): Promise<string> => {
    const image = `localhost/moorage-e2e/${name}`;
    const common = ['build', '--quiet', '--isolation=chroot', '--tag', image];
    await runProgram('podman', [...common, ...args, context], { env: environment, timeout: BUILD_MS });
    return image;
  };
  const base = await withDebian(directory, (context) =>
    build('base', ['--file', join(SOURCES, 'Base.containerfile')], context),
  );
  const onBase = `--build-arg=BASE_IMAGE=${base}`;
  const server = (name: string, file: string) => build(name, [onBase, '--file', join(SOURCES, file)], SOURCES);
  return {
    postgres: await server('postgres', 'Postgres.containerfile'),
    redis: await server('redis', 'Redis.containerfile'),
    product: await build(
      'product',
      [onBase, '--network=host', ...(await packageAccess(directory)), '--file', join(ROOT, 'deploy/Dockerfile')],
      ROOT,
    ),
  };
}

/** A build context with a Debian root, for as long as it is needed. */
async function withDebian<T>(directory: string, use: (context: string) => Promise<T>): Promise<T> {
  const context = join(directory, 'debian');
  const root = join(context, 'root');
  mkdirSync(context);
  const packages = '--include=ca-certificates,postgresql,redis-server';
  await runProgram('debootstrap', ['--variant=minbase', packages, 'bookworm', root], { timeout: BUILD_MS });
  for (const unused of ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale']) {
    rmSync(join(root, unused), { recursive: true, force: true });
  }
  cpSync(process.execPath, join(context, 'node'));
  cpSync(npmDirectory(), join(context, 'npm'), { recursive: true });
  const result = await use(context);
  rmSync(context, { recursive: true, force: true });
  return result;
}

function npmDirectory(): string {
  const npm = programPath('npm');
  if (npm === null) throw new Error('npm is not in PATH');
  return dirname(dirname(realpathSync(npm)));
}

/** Where the user who runs a build is at home in it. */
const BUILDER_HOME = join('/', 'root');

/** Lends a build this machine's way to npm packages, its certificates and downloads; none of it stays in the image. */
async function packageAccess(directory: string): Promise<string[]> {
  const settings = join(directory, 'npmrc');
  const registry = (await runProgram('npm', ['config', 'get', 'registry'])).stdout.trim();
  const bundle = join(CERTIFICATES, 'ca-certificates.crt');
  const trust = existsSync(bundle) ? [`cafile=${bundle}`] : [];
  writeFileSync(settings, [`registry=${registry}`, ...trust, ''].join('\n'));
  const store = (await runProgram('pnpm', ['store', 'path'])).stdout.trim();
  return [
    `--volume=${settings}:${BUILDER_HOME}/.npmrc:ro`,
    ...(trust.length > 0 ? [`--volume=${CERTIFICATES}:${CERTIFICATES}:ro`] : []),
    ...(existsSync(store)
      ? [`--volume=${store}:${BUILDER_HOME}/.local/share/pnpm/store/${store.split('/').at(-1)}`]
      : []),
  ];
}
