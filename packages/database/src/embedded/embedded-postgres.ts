import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, openCluster } from './cluster.ts';
import { type DataDirectoryLock, lockDataDirectory } from './data-directory-lock.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { clearOrphanPostmaster } from './orphan-postmaster.ts';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { databaseUrl, findFreePort, SERVER_SETTINGS, type Settings, startPostmaster } from './postmaster.ts';
import { stopPostmaster } from './postmaster-signal.ts';

export interface EmbeddedPostgresOptions {
  /** The product's data directory; made when missing. PostgreSQL lives in its folder `postgres`. */
  readonly dataDir: string;
  /** Told what happens to the server, one sentence a call. */
  readonly log: (message: string) => void;
}

/** A running PostgreSQL that is started again when it ends unexpectedly, on the same port. */
export interface EmbeddedPostgres {
  /** Connection string of the product's role and database; valid until {@link EmbeddedPostgres.stop}. */
  readonly url: string;
  /** Process id of the server at this moment. */
  readonly pid: number;
  /** Ends all sessions, waits until everything is written and the process is gone. May be called more than once. */
  stop(): Promise<void>;
}

interface StartOptions extends EmbeddedPostgresOptions {
  readonly settings?: Settings;
  readonly superuser?: boolean;
  readonly noSync?: boolean;
}

const START_ATTEMPTS = 3;
const LONGEST_PAUSE = 30_000;

/**
 * Starts the PostgreSQL that comes with Moorage on a data directory. Works as root (the server then runs as `nobody`) and as
 * an ordinary user, clears up after a killed run, and rejects with an {@link EmbeddedPostgresError} whose message is
 * meant for the person who started it.
 */
export async function startEmbeddedPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  prepareDataDirectory(dataDir);
  const lock = await lockDataDirectory(dataDir);
  try {
    const binaries = await findPostgresBinaries();
    const cluster = await openCluster(dataDir, binaries, options);
    const orphan = await clearOrphanPostmaster(cluster.directory);
    if (orphan !== null) options.log(`stopped the PostgreSQL (process ${orphan}) that an earlier run left behind`);
    const account = choosePostgresAccount(cluster.directory, binaries);
    const server = new SupervisedPostgres(cluster, account, binaries, options, lock);
    await server.start();
    return server;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Makes the directory when missing; refuses one that cannot be written, saying who would have to be allowed what. */
export function prepareDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new EmbeddedPostgresError(
      `The data directory ${dataDir} cannot be written (${reason}). Give this user the right to write there, ` +
        'or set MOORAGE_DATA_DIR to another directory.',
      { cause },
    );
  }
}

class SupervisedPostgres implements EmbeddedPostgres {
  readonly #cluster: Cluster;
  readonly #account: PostgresAccount;
  readonly #binaries: PostgresBinaries;
  readonly #options: StartOptions;
  readonly #lock: DataDirectoryLock;
  #child: ChildProcess | undefined;
  #port = 0;
  #stopping: Promise<void> | undefined;
  /** Settled when the server runs again or never will; none before it ended unexpectedly. */
  #recovering: Promise<void> | undefined;
  readonly #end = new AbortController();

  constructor(
    cluster: Cluster,
    account: PostgresAccount,
    binaries: PostgresBinaries,
    options: StartOptions,
    lock: DataDirectoryLock,
  ) {
    this.#cluster = cluster;
    this.#account = account;
    this.#binaries = binaries;
    this.#options = options;
    this.#lock = lock;
  }

  get url(): string {
    return databaseUrl(this.#cluster, this.#port);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** A port found free can be taken before the server binds it, hence the further attempts. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#port = await findFreePort();
      try {
        return await this.#launch();
      } catch (error) {
        if (attempt === START_ATTEMPTS || !String(error).includes('Address already in use')) throw error;
      }
    }
  }

  stop(): Promise<void> {
    this.#end.abort();
    this.#stopping ??= this.#shutDown();
    return this.#stopping;
  }

  async #launch(): Promise<void> {
    const settings = { ...SERVER_SETTINGS, ...this.#options.settings };
    const child = await startPostmaster(this.#cluster, this.#account, this.#binaries, settings, this.#port);
    this.#child = child;
    child.unref();
    const recover = (cause: string) => {
      this.#recovering = this.#recover(cause);
    };
    child.once('exit', (code, signal) => recover(`${signal ?? code}`));
    if (child.exitCode !== null || child.signalCode !== null) recover('exit');
  }

  async #recover(cause: string): Promise<void> {
    const { signal } = this.#end;
    for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      this.#options.log(`the embedded PostgreSQL ended (${cause}); starting it again`);
      await sleep(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        return await this.#launch();
      } catch (error) {
        this.#options.log(String(error));
      }
    }
  }

  async #shutDown(): Promise<void> {
    // A server that is just starting again has no process to stop yet.
    await this.#recovering;
    if (this.#child?.pid) await stopPostmaster(this.#child.pid);
    await this.#lock.release();
  }
}
