import { type RunOptions, type RunResult, runProgram } from '../target/run-program.ts';

/** Runs what a person would paste into a terminal. */
export function paste(command: string, options: RunOptions = {}): Promise<RunResult> {
  return runProgram('sh', ['-euc', command], options);
}
