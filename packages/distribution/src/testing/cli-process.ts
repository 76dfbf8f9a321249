import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The standalone engine as a process of its own. */
export class CliProcess {
  readonly baseUrl: string;
  readonly child: ChildProcess;
  readonly #errors: string[];

  private constructor(baseUrl: string, child: ChildProcess, errors: string[]) {
    this.baseUrl = baseUrl;
    this.child = child;
    this.#errors = errors;
  }

  /**
   * Starts the command with arguments and waits until it serves. `wrapper` is a program with its arguments that runs
   * the command, such as strace.
   */
  static async start(args: readonly string[], wrapper: readonly string[] = []): Promise<CliProcess> {
    const source = import.meta.url.endsWith('.ts');
    const script = fileURLToPath(new URL(source ? '../cli.ts' : '../cli.js', import.meta.url));
    const [program = process.execPath, ...rest] = [...wrapper, process.execPath, script, ...args];
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    return new CliProcess(await readyUrl(child, errors), child, errors);
  }

  /** Everything the process wrote to its error output. */
  get errors(): string {
    return this.#errors.join('');
  }

  /** Sends a signal and waits for the end; returns the exit code, or the name of the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill(signal);
      await exit;
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}

async function readyUrl(child: ChildProcess, errors: readonly string[]): Promise<string> {
  if (!child.stdout) throw new Error('the output of the command is not piped');
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /ready at (\S+)/.exec(line);
    if (match?.[1]) return match[1];
  }
  throw new Error(`the command ended before it served: ${errors.join('')}`);
}
