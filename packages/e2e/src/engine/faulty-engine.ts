import { join } from 'node:path';
import { createTempDirectory, programPath, type TempDirectory } from '@moorage/testing';
import { killTree } from '../target/process-tree.ts';
import { type ServerProcess, startServer } from '../target/server-process.ts';
import { ROOT } from '../target/workspace.ts';

/**
 * A system call that goes wrong at its n-th time in each thread, or from then on: an error code, SIGKILL in the middle,
 * or success without anything done.
 */
export interface Fault {
  readonly call: string;
  readonly effect: `error=${string}` | 'signal=KILL' | 'retval=0';
  readonly when: number | '1+';
}

/** The standalone engine, started with or without a planted fault, on a folder of its own or a given one. */
export class FaultyEngine {
  readonly #directory: TempDirectory | undefined;
  readonly #root: string;
  #server: ServerProcess | undefined;

  constructor(root?: string) {
    this.#directory = root === undefined ? createTempDirectory('faults') : undefined;
    this.#root = root ?? join(this.#directory?.path ?? '', 'root');
  }

  /** Starts the engine; returns its origin, or null when the fault ended it before it served. */
  async start(fault?: Fault): Promise<string | null> {
    const engine = [join(ROOT, 'packages/distribution/dist/cli.js'), '--root', this.#root, '--port', '0'];
    const inject = fault ? `inject=${fault.call}:${fault.effect}:when=${fault.when}` : '';
    const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${fault?.call}`, '-e', inject, process.execPath];
    // One thread for file calls, so that counting them means the same in every run.
    const env = { UV_THREADPOOL_SIZE: '1' };
    this.#server = fault
      ? startServer(programPath('strace') ?? 'strace', [...strace, ...engine], env)
      : startServer(process.execPath, engine, env);
    try {
      const [, origin = ''] = await this.#server.line(/ready at (\S+)/, 240_000);
      return origin;
    } catch (error) {
      if (fault) return null;
      throw error;
    }
  }

  get pid(): number {
    return this.#server?.pid ?? -1;
  }

  get output(): string {
    return this.#server?.output() ?? '';
  }

  /** Ends what is running, without a chance to tidy up. */
  async kill(): Promise<void> {
    if (!this.#server) return;
    killTree(this.#server.pid);
    await this.#server.kill('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.kill();
    this.#directory?.remove();
  }
}
