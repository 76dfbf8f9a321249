import { join } from 'node:path';
import { createTempDirectory } from '@moorage/testing';
import { killTree } from './process-tree.ts';
import { startServer } from './server-process.ts';
import type { Target } from './target.ts';
import { ROOT } from './workspace.ts';

/** Starts the engine's own command line program; nobody is asked who he is. The root given is not removed at the end. */
export async function startStandalone(root?: string): Promise<Target> {
  const directory = root === undefined ? createTempDirectory('engine') : undefined;
  const program = join(ROOT, 'packages/distribution/dist/cli.js');
  const server = startServer(process.execPath, [program, '--root', root ?? directory?.path ?? '', '--port', '0'], {});
  const stop = async () => {
    await server.stop();
    directory?.remove();
  };
  try {
    const [, origin = ''] = await server.line(/ready at (\S+)/, 120_000);
    return {
      origin,
      host: new URL(origin).host,
      output: () => server.output(),
      createProject: async () => {},
      kill: () => killTree(server.pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
