import { join } from 'node:path';
import { ConfigError, loadConfig } from '@moorage/config';
import { EmbeddedPostgresError } from '@moorage/database/embedded';
import { ROOT } from '../root.ts';
import { launch } from './launch.ts';
import { CommandFailed } from '../command-failed.ts';

/** `npm start` after the build: runs the product from the compiled files. Throws a {@link CommandFailed} for a person. */
export async function start(): Promise<void> {
  process.stdout.on('error', () => {});
  try {
    await launch({
      config: loadConfig(process.env),
      env: process.env,
      scripts: { core: join(ROOT, 'apps/core/dist/main.js'), worker: join(ROOT, 'apps/worker/dist/main.js') },
      write: (line) => process.stdout.write(`${line}\n`),
    });
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandFailed(error.message, ConfigError.EXIT_CODE);
    if (error instanceof EmbeddedPostgresError) throw new CommandFailed(error.message);
    throw error;
  }
}
