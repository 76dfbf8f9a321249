import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface MemberOptions {
  readonly name: string;
  readonly script: string;
  /** Loaded before the program, to plant a bug in it. */
  readonly preload?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Ends of a process that nobody ordered are listed up to this many. */
const MOST_NOTED = 20;

/** One core or worker: started again whenever it ends, until it is stopped. */
export class Member {
  readonly name: string;
  readonly #options: MemberOptions;
  readonly #output: string[] = [];
  /** How it ended without being told to, with the last it printed. */
  readonly surprises: string[] = [];
  #child: ChildProcess | undefined;
  #isReady = false;
  #isFinal = false;
  #isOrdered = false;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.#options = options;
    this.#start();
  }

  /** Whether the process of this moment has said that it serves, and was not ended since. */
  get isReady(): boolean {
    return this.#isReady && this.isUp;
  }

  get isUp(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  output(): string {
    return this.#output.join('');
  }

  /** Ends the process without warning; it starts again at once. */
  kill(): void {
    this.#isOrdered = true;
    this.#isReady = false;
    this.#child?.kill('SIGKILL');
  }

  /** Holds the process still for a while, as a long pause of the machine would. */
  async freeze(milliseconds: number): Promise<void> {
    const child = this.#child;
    child?.kill('SIGSTOP');
    await sleep(milliseconds);
    child?.kill('SIGCONT');
  }

  /** Ends the process without warning and for good; resolves when it is gone. */
  async abandon(): Promise<void> {
    this.#isFinal = true;
    const child = this.#child;
    if (!child || !this.isUp) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
  }

  /** Asks it to finish its work; kills it when it takes longer than 40 seconds. */
  async stop(): Promise<void> {
    this.#isFinal = true;
    const child = this.#child;
    if (!child || !this.isUp) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 40_000);
    await closed;
    clearTimeout(timer);
  }

  #start(): void {
    this.#isOrdered = false;
    const { script, preload, env } = this.#options;
    const child = spawn(process.execPath, [...(preload ? ['--import', preload] : []), script], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.#output.push(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => this.#output.push(chunk.toString()));
    child.on('message', (message) => {
      // Said before it was ended, and read after.
      if ((message as { type?: unknown }).type === 'ready') this.#isReady = !this.#isOrdered;
    });
    child.once('close', (code, signal) => this.#ended(signal ?? `code ${code}`));
  }

  #ended(cause: string): void {
    if (this.#isFinal) return;
    if (!this.#isOrdered && this.surprises.length < MOST_NOTED)
      this.surprises.push(`${this.name} ended by itself (${cause}): ${this.#output.slice(-5).join('').slice(-4000)}`);
    this.#isReady = false;
    // A process that cannot start while its database is away must not spin.
    setTimeout(() => !this.#isFinal && this.#start(), this.#isOrdered ? 0 : 300).unref();
  }
}
