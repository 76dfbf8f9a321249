import { readdirSync, readFileSync } from 'node:fs';

/** Kills a process and everything it started, at once and without warning, as a power cut would. Linux only. */
export function killTree(pid: number): void {
  const doomed = [pid, ...descendantsOf(pid)];
  for (const id of doomed) signal(id);
}

function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const id = Number(name);
    if (Number.isInteger(id)) parents.set(id, parentOf(id));
  }
  const found: number[] = [];
  for (let frontier = [pid]; frontier.length > 0; found.push(...frontier))
    frontier = [...parents].filter(([, parent]) => frontier.includes(parent)).map(([child]) => child);
  return found;
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, so fields count from the last parenthesis.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return -1;
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
