import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Plan } from './plan.ts';

const execute = promisify(execFile);

/** What a client saw of a run. `failures` counts answers that were not the expected ones. */
export interface LoadResult {
  readonly seconds: number;
  /** Groups of requests that were timed as one, for instance images. */
  readonly units: number;
  readonly requests: number;
  readonly bytes: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How many answers had which status; 0 stands for connections that broke. */
export type Statuses = Readonly<Record<string, number>>;

export interface LoadOptions {
  readonly port: number;
  readonly headers: readonly string[];
  readonly connections: number;
  /** Repeats the plan for this long; without it the plan is carried out once. */
  readonly seconds?: number;
  /** The file that the plan's offsets refer to. */
  readonly data?: string;
  /** Every connection comes from another address of the loopback device, as if from another machine. */
  readonly ownAddresses?: boolean;
}

interface RunResult extends LoadResult {
  readonly p95Ms: number;
  readonly statuses: Statuses;
}

interface Printed extends RunResult {
  readonly sent: number;
  readonly received: number;
}

const RUN_LIMIT_MS = 1_800_000;

/** The C program beside this file. Node as a client would cost as much as the server that is measured. */
export class LoadClient {
  readonly #program: string;
  readonly #directory: string;
  #plans = 0;

  private constructor(program: string, directory: string) {
    this.#program = program;
    this.#directory = directory;
  }

  /** Compiles the program into `directory`; rejects without a C compiler. */
  static async compile(directory: string): Promise<LoadClient> {
    const program = join(directory, 'load');
    const source = join(import.meta.dirname, 'load.c');
    await execute('gcc', ['-O2', '-pthread', '-o', program, source]);
    return new LoadClient(program, directory);
  }

  /** Carries out a plan against 127.0.0.1. Several may run at once. */
  async run(plan: Plan, options: LoadOptions): Promise<RunResult> {
    const file = join(this.#directory, `plan-${this.#plans++}.txt`);
    writeFileSync(file, plan.text());
    const args = ['--port', String(options.port), '--threads', String(options.connections), '--plan', file];
    if (options.seconds) args.push('--seconds', String(options.seconds));
    if (options.ownAddresses) args.push('--own-addresses', '1');
    if (options.data) args.push('--data', options.data);
    for (const header of options.headers) args.push('--header', header);
    const { stdout } = await execute(this.#program, args, { timeout: RUN_LIMIT_MS });
    rmSync(file);
    const { sent, received, ...rest } = JSON.parse(stdout) as Printed;
    return { ...rest, bytes: sent + received };
  }

  /** Bytes per second that two threads hand to each other over the loopback device. */
  async loopback(bytes: number): Promise<number> {
    const { stdout } = await execute(this.#program, ['--loopback', String(bytes)], { timeout: RUN_LIMIT_MS });
    return bytes / (JSON.parse(stdout) as { seconds: number }).seconds;
  }
}
