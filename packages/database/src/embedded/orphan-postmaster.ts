import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopPostmaster } from './postmaster-signal.ts';

/**
 * Clears what a killed supervisor left behind: stops a PostgreSQL that still runs on the cluster, and removes a pid file
 * whose number now belongs to another program, which PostgreSQL would take for a running server. Returns the pid of
 * the server it stopped, else null.
 */
export async function clearOrphanPostmaster(cluster: string): Promise<number | null> {
  const path = join(cluster, 'postmaster.pid');
  const pid = readPid(path);
  if (pid === null) return null;
  if (isPostmasterOf(pid, cluster)) {
    await stopPostmaster(pid);
    return pid;
  }
  rmSync(path, { force: true });
  return null;
}

function readPid(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** A postmaster works in its data directory and names it in its arguments. */
function isPostmasterOf(pid: number, cluster: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes(cluster);
  } catch {
    return false;
  }
}
