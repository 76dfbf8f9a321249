import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A living process that has to do with a data directory. */
export interface DataProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes that carry a data directory in their environment or arguments: launcher, core, worker, PostgreSQL. */
export function processesOn(dataDirectory: string): DataProcess[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .flatMap((pid) => {
      const command = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const related = command.includes(dataDirectory) || read(pid, 'environ').includes(dataDirectory);
      return related && command !== '' ? [{ pid, command }] : [];
    });
}

/** Kills processes; those that ended in the meantime are left out. */
export function killAll(processes: readonly DataProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Waits until no process is left on the data directory, for at most two minutes; returns those that remain. */
export async function untilNoneOn(dataDirectory: string): Promise<DataProcess[]> {
  for (let attempt = 0; attempt < 1_200; attempt++) {
    if (processesOn(dataDirectory).length === 0) return [];
    await sleep(100);
  }
  return processesOn(dataDirectory);
}

/** Empty for a process that has just ended, and for a dead one its parent has not collected. */
function read(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
