import { join } from 'node:path';
import { createTempDirectory } from '@moorage/testing';
import { startServer } from './server-process.ts';
import type { Target } from './target.ts';
import { ROOT } from './workspace.ts';

/** Starts the engine's own command line program on a directory of its own; nobody is asked who he is. */
export async function startStandalone(): Promise<Target> {
  const directory = createTempDirectory('engine');
  const program = join(ROOT, 'packages/distribution/dist/cli.js');
  const server = startServer(process.execPath, [program, '--root', directory.path, '--port', '0'], {});
  const stop = async () => {
    await server.stop();
    directory.remove();
  };
  try {
    const [, origin = ''] = await server.line(/ready at (\S+)/, 20_000);
    return { origin, host: new URL(origin).host, output: () => server.output(), createProject: async () => {}, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
