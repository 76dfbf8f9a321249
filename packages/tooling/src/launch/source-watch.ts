import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { ProgramFailed, runProgram } from '../program.ts';
import { ROOT } from '../root.ts';

/** Editors and version control write many files in a row; compiling waits until it has been quiet for this long. */
const QUIET_MS = 200;
/** Packages core and worker are not made of. */
const ELSEWHERE = ['ui', 'testing', 'tooling', 'e2e'];

/**
 * Compiles after a source of a server package has changed, and calls `compiled` when that went well; the compiler says
 * what is wrong otherwise. The compiler's own watch mode takes minutes to notice a change in a workspace of this size.
 * Returns a function that ends it.
 */
export function watchSources(compiled: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(() => compile(compiled));
    }, QUIET_MS);
  };
  const watchers = sourceFolders().map((folder) =>
    watch(folder, { recursive: true }, (_, name) => {
      if (name?.endsWith('.ts') && !name.endsWith('.spec.ts')) changed();
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

async function compile(compiled: () => void): Promise<void> {
  try {
    await runProgram('tsc', ['-b']);
    compiled();
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
  }
}

function sourceFolders(): string[] {
  const packages = readdirSync(join(ROOT, 'packages')).filter((name) => !ELSEWHERE.includes(name));
  const folders = [...packages.map((name) => join('packages', name)), 'apps/core', 'apps/worker'];
  return folders.map((folder) => join(ROOT, folder, 'src')).filter((folder) => existsSync(folder));
}
