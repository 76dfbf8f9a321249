import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../root.ts';

const STAMP = join(ROOT, 'apps/portal/dist/.moorage-build');
const INPUTS = [
  'apps/portal/*',
  'apps/portal/{src,public}/**/*',
  'packages/{ui,contracts}/package.json',
  'packages/{ui,contracts}/src/**/*',
  'pnpm-lock.yaml',
];

/** Tells whether the bundle on disk was made from the sources as they are now. */
export async function isPortalCurrent(): Promise<boolean> {
  const recorded = await readFile(STAMP, 'utf8').catch(() => null);
  return recorded !== null && recorded === (await hashSources());
}

/** Remembers which sources the bundle on disk was made from. */
export async function recordPortalBuild(): Promise<void> {
  await writeFile(STAMP, await hashSources());
}

async function hashSources(): Promise<string> {
  const files = [];
  for await (const entry of glob(INPUTS, { cwd: ROOT, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex');
}
