import { existsSync } from 'node:fs';
import { glob, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ROOT } from '../root.ts';

const OUTPUT = /(\.d)?\.[cm]?(js|ts)(\.map)?$/;
const SOURCES = ['.ts', '.tsx', '.mts', '.cts'];

/**
 * Removes compiled files whose source is gone; `tsc -b` leaves them, and a renamed test or module would live on.
 * Returns the removed files.
 */
export async function removeStaleOutput(root: string = ROOT): Promise<string[]> {
  const removed: string[] = [];
  for await (const file of glob('{apps,packages}/*/dist/**/*.{js,ts,map}', { cwd: root })) {
    const dist = join(root, ...file.split(sep).slice(0, 3));
    const stem = join(dirname(dist), 'src', relative(dist, join(root, file)).replace(OUTPUT, ''));
    const fromCompiler = existsSync(join(dist, '.tsbuildinfo'));
    if (!fromCompiler || SOURCES.some((extension) => existsSync(stem + extension))) continue;
    await rm(join(root, file));
    removed.push(file);
  }
  return removed;
}
