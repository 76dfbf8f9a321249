import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Waits for a line; rejects with the output when the process ends or the time is over. */
  line(pattern: RegExp, milliseconds: number): Promise<RegExpExecArray>;
  /** SIGTERM, and SIGKILL when it does not end within 45 seconds. */
  stop(): Promise<void>;
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a server and gathers its output. */
export function startServer(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerProcess {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close');
  ended.catch(() => {});
  return {
    pid: child.pid ?? -1,
    output: () => output,
    line: (pattern, milliseconds) => untilLine(child, () => output, pattern, milliseconds),
    stop: () => end(child, ended, 'SIGTERM'),
    kill: (signal) => end(child, ended, signal),
  };
}

async function untilLine(child: ChildProcess, output: () => string, pattern: RegExp, milliseconds: number) {
  const attempts = milliseconds / 50;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const match = pattern.exec(output());
    if (match) return match;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
    await sleep(50);
  }
  throw new Error(`the server did not print ${pattern} within ${milliseconds / 1000} s:\n${output()}`);
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 45_000);
  await ended;
  clearTimeout(timer);
}
