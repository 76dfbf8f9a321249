import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@moorage/config';
import { EmbeddedPostgresError } from '@moorage/database/embedded';
import { ROOT } from '../root.ts';
import { launch, type LaunchOptions } from './launch.ts';
import { watchSources } from './source-watch.ts';
import { CommandFailed } from '../command-failed.ts';

/** `npm start` after the build: runs the product from the compiled files. Throws a {@link CommandFailed} for a person. */
export function start(): Promise<void> {
  return run();
}

/**
 * `npm run dev` after the build: as {@link start}, with core and worker restarted when a change has compiled, and the
 * portal served by its own development server beside them, which passes calls on to core.
 */
export async function develop(): Promise<void> {
  const portal = join(ROOT, 'apps/portal');
  let server: ChildProcess | undefined;
  const servePortal = (core: string) => {
    if (!existsSync(join(portal, 'package.json'))) return;
    const env = { ...process.env, MOORAGE_DEV_CORE: core };
    server = spawn('pnpm', ['run', 'dev'], { cwd: portal, stdio: ['ignore', 'inherit', 'inherit'], env });
  };
  try {
    await run({ watch: watchSources, serving: servePortal });
  } finally {
    server?.kill('SIGTERM');
  }
}

async function run(options: Pick<LaunchOptions, 'watch' | 'serving'> = {}): Promise<void> {
  process.stdout.on('error', () => {});
  try {
    await launch({
      config: loadConfig(process.env),
      env: process.env,
      scripts: { core: join(ROOT, 'apps/core/dist/main.js'), worker: join(ROOT, 'apps/worker/dist/main.js') },
      write: (line) => process.stdout.write(`${line}\n`),
      ...options,
    });
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandFailed(error.message, ConfigError.EXIT_CODE);
    if (error instanceof EmbeddedPostgresError) throw new CommandFailed(error.message);
    throw error;
  }
}
