import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../root.ts';
import { GENERATED } from './references.ts';

/** Paths of generated files whose text on disk is not what the code makes now. */
export function findDrift(): string[] {
  return Object.entries(GENERATED)
    .filter(([path, render]) => readIfThere(path) !== render())
    .map(([path]) => path);
}

/** Writes every generated file that is out of date; returns their paths. */
export function generate(): string[] {
  const stale = findDrift();
  for (const path of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), GENERATED[path]?.() ?? '');
  }
  return stale;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
}
