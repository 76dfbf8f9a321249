import { captureProgram } from '../program.ts';
import { ROOT } from '../root.ts';
import { checkBoundaries } from './boundaries.ts';
import { checkTree } from './tree.ts';

/** One part of `npm run check`: returns what a person must read, empty when all is well. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<string>;
}

const program = (name: string, file: string, ...args: string[]): Step => ({
  name,
  run: async () => {
    const { exitCode, output } = await captureProgram(file, args);
    return exitCode === 0 ? '' : output.trim() || `${file} ended with code ${exitCode}`;
  },
});

const findings = (name: string, find: () => Promise<string[]>): Step => ({
  name,
  run: async () => (await find()).join('\n'),
});

const FORMAT = program('format', 'biome', 'format', '--colors=off');
const BOUNDARIES = findings('boundaries', () => checkBoundaries(ROOT));
const TREE = findings('names, sizes, links', () => checkTree(ROOT));
const TYPES = program('types', 'tsc', '-b');
const LINT = program('lint', 'oxlint', '--type-aware', '--deny-warnings');
const UNUSED = program('unused exports', 'knip', '--no-progress', '--no-config-hints');
const UNITS = program('unit tests', 'vitest', 'run', '--project', 'unit', '--project', 'portal', '--reporter=dot');

/** Compares the generated files with what the code makes; needs the compiled packages. */
const DRIFT = findings('generated files', async () => {
  const { findDrift } = await import('../gen/generate.ts');
  return findDrift().map((path) => `${path} is out of date; run: npm run gen`);
});

/** The steps in waves: those of a wave run at the same time, a wave starts when the one before has ended. */
export const WAVES: readonly (readonly Step[])[] = [
  [TYPES, FORMAT, TREE],
  [LINT, BOUNDARIES, DRIFT],
  [UNUSED, UNITS],
];

/** The steps of the quick check; they take seconds together. */
export const QUICK: readonly (readonly Step[])[] = [[FORMAT, BOUNDARIES], [LINT]];
