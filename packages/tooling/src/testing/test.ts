import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build/build.ts';
import { CommandFailed } from '../command-failed.ts';
import { ProgramFailed, runProgram } from '../program.ts';
import { closingLine, type Counts, describeMissing, parseSkipLog } from './result.rules.ts';

const REPORTER = join(import.meta.dirname, 'count-reporter.ts');

/**
 * Builds everything and runs every suite that can run here; the arguments go to vitest. Ends with the suites that lack a
 * program and how to install it, and the line `N passed, N failed`. Rejects when a test failed or none ran.
 */
export async function test(args: readonly string[]): Promise<void> {
  await build();
  const directory = mkdtempSync(join(tmpdir(), 'moorage-test-'));
  const [result, skips] = [join(directory, 'result.json'), join(directory, 'skips.jsonl')];
  try {
    const env = { ...process.env, MOORAGE_TEST_RESULT: result, MOORAGE_SKIP_LOG: skips };
    const reporters = ['--reporter=default', `--reporter=${REPORTER}`];
    const exitCode = await runProgram('vitest', ['run', ...reporters, ...args], { env }).then(() => 0, codeOf);
    report(readCounts(result), readIfThere(skips), exitCode);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function report(counts: Counts, skipLog: string, exitCode: number): void {
  const missing = describeMissing(parseSkipLog(skipLog));
  if (missing.length > 0) console.log(['Suites that did not run for want of a program:', ...missing, ''].join('\n'));
  // A failure vitest reports without a test, such as a failed setup, must not close as a success.
  const failed = counts.failed === 0 && exitCode !== 0 ? 1 : counts.failed;
  console.log(closingLine({ ...counts, failed }));
  if (failed > 0 || counts.passed === 0) throw new CommandFailed('', exitCode || 1);
}

function codeOf(error: unknown): number {
  if (error instanceof ProgramFailed) return error.exitCode;
  throw error;
}

function readCounts(path: string): Counts {
  const text = readIfThere(path);
  return text === '' ? { passed: 0, failed: 1, skipped: 0 } : (JSON.parse(text) as Counts);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
