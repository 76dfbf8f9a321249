import { build } from './build/build.ts';
import { runProgram } from './program.ts';

export interface Command {
  readonly summary: string;
  run(args: readonly string[]): Promise<void>;
}

/** Tests that repeat themselves more often when they are asked to. */
const THOROUGH = [
  'packages/features/test/reachability-edges.int.spec.ts',
  'packages/features/test/content-model.int.spec.ts',
  'packages/features/test/garbage-race.int.spec.ts',
  'packages/features/test/immutability-model.int.spec.ts',
  'apps/core/test/immutability-race.api.spec.ts',
];

/** What `npm run <name>` does once the packages are installed. Parts that need compiled packages are loaded late. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    summary: 'build and run the product',
    run: async () => {
      await build();
      await (await import('./launch/start.ts')).start();
    },
  },
  dev: {
    summary: 'run the product and restart it on every change',
    run: async () => {
      await build();
      await (await import('./launch/start.ts')).develop();
    },
  },
  test: {
    summary: 'run every suite this machine has the programs for; arguments go to vitest',
    run: async (args) => (await import('./testing/test.ts')).test(args),
  },
  check: {
    summary: 'format, types, lint, boundaries, names, generated files, unit tests',
    run: async () => (await import('./check/check.ts')).check(),
  },
  'quick-check': {
    summary: 'the seconds of check: format, boundaries, lint',
    run: async () => (await import('./check/check.ts')).checkQuickly(),
  },
  bench: {
    summary: 'measure the product beside other registries; -- --help tells the options',
    run: async (args) => {
      await build();
      await runProgram('node', ['packages/e2e/src/bench/main.ts', ...args]);
    },
  },
  crash: {
    summary: 'kill the product while it works and check what it promised; -- --help tells the options',
    run: async (args) => {
      await build();
      await runProgram('node', ['packages/e2e/src/crash/crash-command.ts', ...args], { passesOrders: true });
    },
  },
  thorough: {
    summary: 'the randomised tests of content at their full size, which takes hours',
    run: (args) =>
      runProgram('vitest', ['run', ...(args.length > 0 ? args : THOROUGH)], {
        env: { ...process.env, MOORAGE_THOROUGH: '1' },
      }),
  },
  build: { summary: 'compile every package and bundle the portal', run: build },
  gen: {
    summary: 'write the generated references',
    run: async () => {
      await runProgram('tsc', ['-b', 'packages/config', 'packages/contracts']);
      const { generate } = await import('./gen/generate.ts');
      for (const path of generate()) console.log(`wrote ${path}`);
    },
  },
  'new-room': {
    summary: 'write the files of a new room',
    run: async (args) => (await import('./new-room/new-room.ts')).newRoom(args),
  },
  'security-report': {
    summary: 'list the security items that tests name',
    run: async () => (await import('./security/security-report.ts')).printSecurityReport(),
  },
  format: {
    summary: 'format all files, or those named',
    run: (args) => runProgram('biome', ['format', '--write', ...args]),
  },
};
