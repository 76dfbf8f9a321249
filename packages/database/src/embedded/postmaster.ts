import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Cluster, DATABASE } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import type { PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { spawnPostgres } from './postgres-process.ts';

/** A PostgreSQL setting and its value, passed on the command line so that no file has to be edited. */
export type Settings = Readonly<Record<string, string>>;

export const SERVER_SETTINGS: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  jit: 'off',
};

/** Speed for data that may be lost with the process: nothing is flushed. */
export const THROW_AWAY_SETTINGS: Settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
};

const LOG_LIMIT = 10 * 1024 * 1024;
const SILENCE_LIMIT = 60_000;
const RECOVERY_LIMIT = 30 * 60_000;

/**
 * Starts the server detached, so that Ctrl-C in the terminal does not reach it, and waits until it accepts queries. A
 * recovery after a crash may take its time; a server that neither answers nor recovers for a minute counts as failed.
 */
export async function startPostmaster(
  cluster: Cluster,
  account: PostgresAccount,
  binaries: PostgresBinaries,
  settings: Settings,
  port: number,
): Promise<ChildProcess> {
  rotateLog(cluster.log);
  const log = openSync(cluster.log, 'a', 0o600);
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawnPostgres(account, [binaries.postgres, '-D', cluster.directory, ...flags], {
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.once('error', () => {});
  await untilReady(child, databaseUrl(cluster, port), cluster.log);
  return child;
}

/** The connection string of the product's role and database on a running cluster. */
export function databaseUrl(cluster: Cluster, port: number): string {
  return `postgresql://${DATABASE}:${cluster.password}@127.0.0.1:${port}/${DATABASE}`;
}

/** A TCP port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  const start = performance.now();
  for (;;) {
    const answer = await ask(url);
    if (answer === 'ready') return;
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    const elapsed = performance.now() - start;
    if (ended || elapsed > (answer === 'recovering' ? RECOVERY_LIMIT : SILENCE_LIMIT)) {
      if (!ended) child.kill('SIGQUIT');
      throw new EmbeddedPostgresError(`The embedded PostgreSQL did not start. The end of ${log} says:\n${tail(log)}`);
    }
    await sleep(25);
  }
}

/** 57P03 is the answer of a server that is starting up or recovering. */
async function ask(url: string): Promise<'ready' | 'recovering' | 'silent'> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return 'ready';
  } catch (error) {
    return (error as { code?: string }).code === '57P03' ? 'recovering' : 'silent';
  } finally {
    await client.end().catch(() => {});
  }
}

function rotateLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) renameSync(path, `${path}.1`);
}

function tail(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}
