import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What /proc tells about a process; times in seconds. */
interface ProcessFacts {
  readonly parent: number;
  /** Of the process and of its children that have ended. */
  readonly cpu: number;
}

const KERNEL_THREADS = 2;
/** USER_HZ, which Linux keeps at 100 towards programs. */
const TICKS = 100;

/** A moment of the machine's processor time. */
export class CpuMoment {
  readonly at = performance.now();
  readonly #processes: ReadonlyMap<number, ProcessFacts>;
  readonly #busy: number;

  constructor() {
    this.#processes = readProcesses();
    this.#busy = readBusy();
  }

  /** Processor seconds of a process and everything below it, so far. */
  ofTree(root: number): number {
    let seconds = 0;
    for (const [pid, facts] of this.#processes) if (this.#isBelow(pid, root)) seconds += facts.cpu;
    return seconds;
  }

  /** Processor seconds of programs outside the tree of `root`, so far. The kernel's own threads work for us too. */
  outside(root: number): number {
    return this.#busy - this.ofTree(root) - this.ofTree(KERNEL_THREADS);
  }

  /** Pids of the tree, the root included. */
  treeOf(root: number): readonly number[] {
    return [...this.#processes.keys()].filter((pid) => this.#isBelow(pid, root));
  }

  #isBelow(pid: number, root: number): boolean {
    for (let at = pid; at > 0; at = this.#processes.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  }
}

/** Largest resident size of a process since {@link resetPeak}, in MB; 0 when it has gone. */
export function peakResidentMb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1000;
}

/** Resident size of a process at this moment, in MB; 0 when it has gone. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1000;
}

/** Starts a new count of {@link peakResidentMb}; only possible for processes of the same user. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // The peak then counts from the start of the process, which is never in its favour.
  }
}

export function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function readProcesses(): ReadonlyMap<number, ProcessFacts> {
  const processes = new Map<number, ProcessFacts>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // The command in brackets may contain anything, brackets too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 15) continue;
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
    processes.set(Number(name), { parent: Number(fields[1]), cpu: ticks / TICKS });
  }
  return processes;
}

function readBusy(): number {
  const [user = 0, nice = 0, system = 0] =
    read('/proc/stat').split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system) / TICKS;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
