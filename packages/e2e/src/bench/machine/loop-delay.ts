import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROBE = pathToFileURL(join(import.meta.dirname, 'loop-probe.ts')).href;

/** How late the event loop was. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Environment under which a Node process writes the delay of its event loop into `file`. */
export function probeEnvironment(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${PROBE}`, BENCH_LOOP_FILE: file };
}

/** Forgets the delays so far. */
export function resetLoopDelay(pid: number): void {
  process.kill(pid, 'SIGUSR2');
}

export function readLoopDelay(file: string): LoopDelay {
  return JSON.parse(readFileSync(file, 'utf8')) as LoopDelay;
}
