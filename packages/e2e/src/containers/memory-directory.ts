import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDirectory } from '@moorage/testing';
import { runProgram } from '../target/run-program.ts';

export interface MemoryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * A directory on a file system in memory. Images are unpacked, copied and deleted there in seconds; on a busy disk, where
 * dpkg syncs every file and deleting tens of thousands of them takes long, it would be minutes. Needs root.
 */
export async function createMemoryDirectory(): Promise<MemoryDirectory> {
  const parent = createTempDirectory('containers');
  const path = join(parent.path, 'memory');
  mkdirSync(path);
  await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=10g,mode=755', 'tmpfs', path]);
  const remove = async () => {
    await runProgram('umount', ['--lazy', path]);
    parent.remove();
  };
  return { path, remove };
}
