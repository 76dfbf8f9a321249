import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, type Environment, listeningUrlOf } from '@moorage/config';
import { type EmbeddedPostgres, prepareDataDirectory, startEmbeddedPostgres } from '@moorage/database/embedded';
import { assertPortFree } from './free-port.ts';
import { CommandFailed } from '../command-failed.ts';
import type { ChildMessage } from './messages.ts';
import { StopRequest } from './stop-request.ts';
import { SupervisedChild } from './supervised-child.ts';

export interface LaunchOptions {
  readonly config: Config;
  /** What the processes get beside what the launcher decides. */
  readonly env: Environment;
  /** The program of each process. */
  readonly scripts: Readonly<Record<'core' | 'worker', string>>;
  readonly write: (line: string) => void;
  /** Calls its argument whenever the processes are to be restarted; returns a function that ends this. */
  readonly watch?: (restart: () => void) => () => void;
  /** Called once with the address core listens on, when it serves. */
  readonly serving?: (url: string) => void;
}

const DRAIN_MS = 30_000;

/**
 * Runs the product until it is asked to stop: PostgreSQL unless a server is configured, then core and worker. Prints
 * `Moorage is ready at <url>` once it serves, and the first administrator's password. Resolves when everything it
 * started has ended; rejects, likewise after ending everything, when a process cannot start.
 */
export async function launch(options: LaunchOptions): Promise<void> {
  const stop = new StopRequest();
  let database: EmbeddedPostgres | undefined;
  try {
    prepareDataDirectory(options.config.dataDir);
    if (options.config.role !== 'worker') await assertPortFree(options.config.host, options.config.port);
    database = await startDatabase(options);
    if (!stop.isAsked) await new Run(options, database, stop).untilStopped();
  } finally {
    await database?.stop();
    stop.close();
  }
}

async function startDatabase({ config, write }: LaunchOptions): Promise<EmbeddedPostgres | undefined> {
  if (config.databaseUrl) return undefined;
  return startEmbeddedPostgres({ dataDir: config.dataDir, log: (message) => write(`Moorage: ${message}`) });
}

/** The processes of one launch, and what they said so far. */
class Run {
  readonly #options: LaunchOptions;
  readonly #stop: StopRequest;
  readonly #children: readonly SupervisedChild[];
  readonly #failure: Promise<never>;
  #fail: (error: CommandFailed) => void = () => {};
  #firstAdmin: string | undefined;
  #announced = false;
  #isServing = false;

  constructor(options: LaunchOptions, database: EmbeddedPostgres | undefined, stop: StopRequest) {
    this.#options = options;
    this.#stop = stop;
    this.#failure = new Promise((_, reject) => (this.#fail = reject));
    const env = {
      ...options.env,
      MOORAGE_DATA_DIR: options.config.dataDir,
      ...(database ? { MOORAGE_DATABASE_URL: database.url } : {}),
    };
    const { role } = options.config;
    const names = (['core', 'worker'] as const).filter((name) => role === 'all' || role === name);
    this.#children = names.map((name) => this.#child(name, env));
  }

  async untilStopped(): Promise<void> {
    for (const child of this.#children) child.start();
    this.#stop.onImpatience(() => {
      for (const child of this.#children) child.kill();
    });
    const endWatch = this.#options.watch?.(() => this.#restart());
    try {
      await Promise.race([this.#stop.asked, this.#failure]);
    } finally {
      endWatch?.();
      await Promise.all(this.#children.map((child) => child.stop(DRAIN_MS)));
    }
  }

  #restart(): void {
    this.#options.write('Moorage: restarting with the changed code');
    for (const child of this.#children) void child.restart(DRAIN_MS);
  }

  #child(name: 'core' | 'worker', env: NodeJS.ProcessEnv): SupervisedChild {
    const { scripts, write } = this.#options;
    return new SupervisedChild(
      { name, script: scripts[name], env },
      {
        message: (message) => this.#heard(name, message),
        crashed: (cause, pause) => write(`Moorage: ${name} ended (${cause}); starting it again in ${pause / 1000} s`),
        failed: (code) => this.#failed(name, code),
      },
    );
  }

  /** Under watch, code that does not start yet is the normal course of work: the next change tries again. */
  #failed(name: string, code: number): void {
    const message = `Moorage: ${name} could not start; the lines above say why.`;
    if (this.#options.watch) this.#options.write(message);
    else this.#fail(new CommandFailed(message, code));
  }

  #heard(name: 'core' | 'worker', message: ChildMessage): void {
    if (message.type === 'first-admin') {
      this.#firstAdmin = `First administrator: ${message.username}, password: ${message.password} (shown only this once)`;
      if (this.#isServing) this.#announceAdmin();
    } else if (name === 'core') {
      void this.#announce(message.url);
    } else if (this.#options.config.role === 'worker') {
      this.#options.write('Moorage worker is ready');
    }
  }

  async #announce(reportedUrl: string | undefined): Promise<void> {
    if (this.#announced) return;
    this.#announced = true;
    const { config, write } = this.#options;
    const own = listeningUrlOf(config, config.port);
    const url = reportedUrl ?? config.externalUrl ?? own;
    const listening = config.port === 0 ? url : own;
    await this.#untilReady(listening);
    if (this.#stop.isAsked) return;
    this.#options.serving?.(listening);
    write(`Moorage is ready at ${url}`);
    this.#isServing = true;
    this.#announceAdmin();
  }

  #announceAdmin(): void {
    if (this.#firstAdmin) this.#options.write(this.#firstAdmin);
    this.#firstAdmin = undefined;
  }

  async #untilReady(url: string): Promise<void> {
    while (!this.#stop.isAsked) {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
      if (response?.ok) return;
      await sleep(100);
    }
  }
}
