import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { ROOT } from './root.ts';

/** A program ended with another code than 0; its own output says why. */
export class ProgramFailed extends Error {
  readonly exitCode: number;

  constructor(file: string, exitCode: number) {
    super(`${file} ended with code ${exitCode}`);
    this.name = 'ProgramFailed';
    this.exitCode = exitCode;
  }
}

export interface RunOptions extends SpawnOptions {
  /** Orders to end this process are passed on to the program, which ends what it started before it ends itself. */
  readonly passesOrders?: boolean;
}

const ORDERS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a program in the workspace's top folder on this terminal; rejects with {@link ProgramFailed} when it fails. */
export async function runProgram(file: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  const { exitCode } = await finish(file, args, { stdio: 'inherit', ...options });
  if (exitCode !== 0) throw new ProgramFailed(file, exitCode);
}

/** Runs a program, in the top folder unless said otherwise, and returns its exit code and everything it printed. */
export function captureProgram(file: string, args: readonly string[], cwd = ROOT): Promise<ProgramResult> {
  return finish(file, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly output: string;
}

function finish(
  file: string,
  args: readonly string[],
  { passesOrders = false, ...options }: RunOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, ...options });
    const release = passesOrders ? passOrders(child) : () => {};
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      release();
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

/** Until the returned function is called. */
function passOrders(child: ChildProcess): () => void {
  const handlers = ORDERS.map((signal) => [signal, () => void child.kill(signal)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
