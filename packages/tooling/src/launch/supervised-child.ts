import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { type ChildMessage, parseMessage } from './messages.ts';
import { countCrash, restartPause } from './restart.rules.ts';

export interface ChildSpec {
  readonly name: string;
  /** JavaScript file that Node runs. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface ChildEvents {
  message(message: ChildMessage): void;
  /** The process ended without being asked to and is started again after `pauseMs`. */
  crashed(cause: string, pauseMs: number): void;
  /** The process ended before it ever served; it is not started again. */
  failed(exitCode: number): void;
}

const GUARD = pathToFileURL(join(import.meta.dirname, 'child-guard.ts')).href;

/**
 * V8 keeps room for more than a hundred MiB of young objects and collects old ones only when there are several times as many
 * as live; nobody needs that here (decision 0012). The image starts its processes with the same.
 */
const MEMORY = ['--max-semi-space-size=16', '--heap-growing-percent=50'] as const;

/** One process of the product: started again after a crash, drained on request. */
export class SupervisedChild {
  readonly #spec: ChildSpec;
  readonly #events: ChildEvents;
  #process: ChildProcess | undefined;
  #served = false;
  #crashes = 0;
  /** Set once the process is not to run again. */
  #final = false;
  #replacing = false;
  #nextStart: NodeJS.Timeout | undefined;

  constructor(spec: ChildSpec, events: ChildEvents) {
    this.#spec = spec;
    this.#events = events;
  }

  /** Starts the process in a group of its own, so that Ctrl-C reaches only the launcher, which knows the right order. */
  start(): void {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...MEMORY, '--import', GUARD, this.#spec.script], {
      env: this.#spec.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    this.#process = child;
    child.on('message', (value) => this.#receive(value));
    child.once('error', () => {});
    child.once('close', (code, signal) => this.#ended(code, signal, performance.now() - startedAt));
  }

  /** Asks the process to finish its work and waits; one that takes longer than `patienceMs` is killed. */
  async stop(patienceMs: number): Promise<void> {
    this.#final = true;
    await this.#end(patienceMs);
  }

  /** Lets the process finish its work as {@link stop} does, and starts it with the code that is there then. */
  async restart(patienceMs: number): Promise<void> {
    if (this.#replacing) return;
    this.#replacing = true;
    await this.#end(patienceMs);
    this.#replacing = false;
    if (!this.#final) this.start();
  }

  /** Ends the process at once. */
  kill(): void {
    this.#final = true;
    clearTimeout(this.#nextStart);
    this.#process?.kill('SIGKILL');
  }

  async #end(patienceMs: number): Promise<void> {
    clearTimeout(this.#nextStart);
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await closed;
    clearTimeout(timer);
  }

  #receive(value: unknown): void {
    const message = parseMessage(value);
    if (!message) return;
    if (message.type === 'ready') this.#served = true;
    this.#events.message(message);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, uptime: number): void {
    if (this.#final || this.#replacing) return;
    if (!this.#served) {
      this.#events.failed(code || 1);
      return;
    }
    this.#crashes = countCrash(this.#crashes, uptime);
    const pause = restartPause(this.#crashes);
    this.#events.crashed(signal ?? `code ${code}`, pause);
    this.#nextStart = setTimeout(() => this.start(), pause);
  }
}
