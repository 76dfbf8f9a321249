import { build } from './build/build.ts';
import { runProgram } from './program.ts';

export interface Command {
  readonly summary: string;
  run(args: readonly string[]): Promise<void>;
}

/** What `npm run <name>` does once the packages are installed. Parts that need compiled packages are loaded late. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    summary: 'build and run the product',
    run: async () => {
      await build();
      await (await import('./launch/start.ts')).start();
    },
  },
  build: { summary: 'compile every package and bundle the portal', run: build },
  format: {
    summary: 'format all files',
    run: (args) => runProgram('biome', ['format', '--write', ...args]),
  },
};
