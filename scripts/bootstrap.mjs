import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';

/** Installs the pinned tools when they are missing and returns a runner for the repository's commands. */
export async function bootstrap() {
  const tools = join(root, '.tools');
  const stamp = join(tools, 'stamp.json');
  const wanted = JSON.stringify({
    node: NODE_VERSION,
    pnpm: PNPM_VERSION,
    host: `${process.platform}-${process.arch}`,
  });
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    const packages = [`pnpm@${PNPM_VERSION}`];
    const ownNode = Number(process.versions.node.split('.')[0]) >= 24;
    if (!ownNode) packages.push(`node-${process.platform}-${process.arch}@${NODE_VERSION}`);
    await execute(
      'npm',
      [
        'install',
        '--prefix',
        tools,
        '--no-save',
        '--no-package-lock',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        ...packages,
      ],
      process.env,
    );
    writeFileSync(stamp, wanted);
  }
  const modules = join(tools, 'node_modules');
  const native = existsSync(join(modules, '@pnpm'))
    ? readdirSync(join(modules, '@pnpm')).filter((n) => n.startsWith('exe'))
    : [];
  const nodeDir = join(modules, `node-${process.platform}-${process.arch}`, 'bin');
  const path = [
    ...(existsSync(nodeDir) ? [nodeDir] : []),
    ...native.map((n) => join(modules, '@pnpm', n)),
    join(modules, '.bin'),
    join(root, 'node_modules', '.bin'),
    process.env.PATH,
  ].join(':');
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key)));
  env.PATH = path;
  return { root, env, run: (command, args) => runCommand(command, args, env) };
}

async function runCommand(command, args, env) {
  if (command === 'exec') return execute(args[0], args.slice(1), env, false);
  throw new Error(`unknown command ${command}`);
}

function execute(file, args, env, must = true) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (must && code !== 0) reject(new Error(`${file} ended with ${signal ?? code}`));
      else resolve(code ?? 1);
    });
  });
}
