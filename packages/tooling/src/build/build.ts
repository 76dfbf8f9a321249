import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../program.ts';
import { ROOT } from '../root.ts';
import { isPortalCurrent, recordPortalBuild } from './portal-stamp.ts';
import { removeStaleOutput } from './stale-output.ts';

/** Compiles every package and bundles the portal; what did not change is skipped. */
export async function build(): Promise<void> {
  await removeStaleOutput();
  await runProgram('tsc', ['-b']);
  await buildPortal();
}

async function buildPortal(): Promise<void> {
  const portal = join(ROOT, 'apps/portal');
  if (!existsSync(join(portal, 'package.json')) || (await isPortalCurrent())) return;
  await runProgram('pnpm', ['run', 'build'], { cwd: portal });
  await recordPortalBuild();
}
