import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.ts';

/** The compiler writes many files in a row; the restart waits until it has been quiet for this long. */
const QUIET_MS = 400;

/** Calls `changed` after the compiler has written JavaScript of a server package. Returns a function that ends it. */
export function watchCompiled(changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = outputFolders().map((folder) =>
    watch(folder, { recursive: true }, (_, name) => {
      if (!name?.endsWith('.js') || name.endsWith('.spec.js')) return;
      clearTimeout(timer);
      timer = setTimeout(changed, QUIET_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

function outputFolders(): string[] {
  const packages = readdirSync(join(ROOT, 'packages')).filter(
    (name) => !['ui', 'testing', 'tooling', 'e2e'].includes(name),
  );
  const folders = [...packages.map((name) => join('packages', name)), 'apps/core', 'apps/worker'];
  return folders.map((folder) => join(ROOT, folder, 'dist')).filter((folder) => existsSync(folder));
}
