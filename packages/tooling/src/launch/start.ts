import { spawn } from 'node:child_process';
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
 * portal served by its own development server beside them.
 */
export async function develop(): Promise<void> {
  const portal = join(ROOT, 'apps/portal');
  const server = existsSync(join(portal, 'package.json'))
    ? spawn('pnpm', ['run', 'dev'], { cwd: portal, stdio: ['ignore', 'inherit', 'inherit'] })
    : undefined;
  try {
    await run(watchSources);
  } finally {
    server?.kill('SIGTERM');
  }
}

async function run(watch?: LaunchOptions['watch']): Promise<void> {
  process.stdout.on('error', () => {});
  try {
    await launch({
      config: loadConfig(process.env),
      env: process.env,
      scripts: { core: join(ROOT, 'apps/core/dist/main.js'), worker: join(ROOT, 'apps/worker/dist/main.js') },
      write: (line) => process.stdout.write(`${line}\n`),
      watch,
    });
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandFailed(error.message, ConfigError.EXIT_CODE);
    if (error instanceof EmbeddedPostgresError) throw new CommandFailed(error.message);
    throw error;
  }
}
