import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadClient } from '../client/load-client.ts';

/** What the machine can do without any registry, so that a slow machine is seen as slow. */
export interface Limits {
  readonly sha256MbPerSecond: number;
  readonly diskWriteMbPerSecond: number;
  readonly syncedWritesPerSecond: number;
  readonly loopbackMbPerSecond: number;
}

const MB = 1e6;
const CHUNK = Buffer.alloc(1024 * 1024, 7);
const SYNCED_WRITES = 200;

/** Measures hashing, writing with fsync in `directory`, and the loopback device with `bytes` each. */
export async function measureLimits(client: LoadClient, directory: string, bytes: number): Promise<Limits> {
  return {
    sha256MbPerSecond: bytes / MB / timed(() => hashZeros(bytes)),
    diskWriteMbPerSecond: bytes / MB / timed(() => writeSynced(directory, bytes / CHUNK.length, CHUNK, false)),
    syncedWritesPerSecond:
      SYNCED_WRITES / timed(() => writeSynced(directory, SYNCED_WRITES, CHUNK.subarray(0, 4096), true)),
    loopbackMbPerSecond: (await client.loopback(bytes)) / MB,
  };
}

function hashZeros(bytes: number): void {
  const hash = createHash('sha256');
  for (let done = 0; done < bytes; done += CHUNK.length) hash.update(CHUNK);
  hash.digest();
}

function writeSynced(directory: string, count: number, bytes: Uint8Array, each: boolean): void {
  const path = join(directory, 'limit');
  const file = openSync(path, 'w');
  for (let written = 0; written < count; written++) {
    writeSync(file, bytes);
    if (each) fsyncSync(file);
  }
  fsyncSync(file);
  closeSync(file);
  rmSync(path);
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}
