import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempDirectory {
  readonly path: string;
  /** Removes the directory with everything in it. */
  remove(): void;
}

/** A new directory of its own under the system's temporary directory. */
export function createTempDirectory(purpose = 'test'): TempDirectory {
  const path = mkdtempSync(join(tmpdir(), `moorage-${purpose}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}
