import { CommandFailed } from '../command-failed.ts';
import { QUICK, type Step, WAVES } from './steps.ts';

/** Runs every step, prints one line for each and everything a failed one said; rejects when any failed. */
export function check(): Promise<void> {
  return runWaves('check', WAVES);
}

/** The steps that take seconds, for code that is about to be shared; the packages must be compiled. */
export function checkQuickly(): Promise<void> {
  return runWaves('quick-check', QUICK);
}

async function runWaves(command: string, waves: readonly (readonly Step[])[]): Promise<void> {
  const failures: string[] = [];
  for (const wave of waves) {
    const results = await Promise.all(wave.map(runStep));
    failures.push(...results.filter((result) => result !== ''));
  }
  if (failures.length === 0) return;
  console.log(`\n${failures.join('\n\n')}\n`);
  throw new CommandFailed(`${command}: ${failures.length} of ${waves.flat().length} steps failed`);
}

async function runStep({ name, run }: Step): Promise<string> {
  const start = performance.now();
  const output = await run().catch((error: unknown) => String(error));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${output === '' ? '✓' : '✗'} ${name} (${seconds} s)`);
  return output === '' ? '' : `── ${name}\n${output}`;
}
