import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { PostgresAccount } from './postgres-account.ts';

/** Starts a PostgreSQL program in the account, with an environment free of the caller's PG* variables and locale. */
export function spawnPostgres(
  account: PostgresAccount,
  command: readonly [string, ...string[]],
  options: Pick<SpawnOptions, 'stdio' | 'detached'>,
): ChildProcess {
  const [file = command[0], ...args] = [...account.wrapper, ...command];
  return spawn(file, args, {
    ...options,
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
  });
}

/** Runs a PostgreSQL program to its end; rejects with what it printed when it fails. */
export function runPostgres(
  account: PostgresAccount,
  command: readonly [string, ...string[]],
  input = '',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawnPostgres(account, command, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command[0]} ended with ${signal ?? code}: ${output.trim().slice(-2000)}`));
    });
  });
}
