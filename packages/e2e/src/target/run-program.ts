import { execFile } from 'node:child_process';
import { programPath } from '@moorage/testing';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to standard input. */
  readonly input?: string;
  /** Milliseconds; four minutes unless given. */
  readonly timeout?: number;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program ended with another code than 0; the message holds its command line and what it printed. */
export class RunFailed extends Error {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(command: string, exitCode: number, stdout: string, stderr: string) {
    super(`${command} ended with ${exitCode}\n${stdout}${stderr}`.slice(0, 20_000));
    this.name = 'RunFailed';
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** Runs a real client to its end; rejects with {@link RunFailed} when it fails. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { input, timeout = 240_000, cwd } = options;
  const settings = { cwd, timeout, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...options.env } };
  return new Promise((resolve, reject) => {
    const child = execFile(programPath(program) ?? program, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ stdout, stderr });
      const code = typeof error.code === 'number' ? error.code : -1;
      reject(new RunFailed([program, ...args].join(' '), code, stdout, `${stderr}${code === -1 ? error.message : ''}`));
    });
    child.stdin?.end(input);
  });
}
