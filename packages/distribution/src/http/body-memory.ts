import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Node gives out every 64 KiB of a body as a buffer outside the JavaScript heap, and V8 answers 64 MiB of those with a
 * collection of everything it holds. A collection of the young objects alone frees them for a fiftieth of the time.
 */
const COLLECT_AFTER_BYTES = 24 * 1024 * 1024;

let collectYoung: (() => void) | undefined;
let sinceCollection = 0;

/** Counts bytes of bodies that were received, and has their memory freed before V8 stops everything for it. */
export function countReceived(bytes: number): void {
  sinceCollection += bytes;
  if (sinceCollection < COLLECT_AFTER_BYTES) return;
  sinceCollection = 0;
  collectYoung ??= youngCollector();
  collectYoung();
}

/** V8 shows its collector only to contexts that are made while this flag is set. */
function youngCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => undefined;
  return () => void collect({ type: 'minor' });
}
