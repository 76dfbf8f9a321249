// The one entry of every command. Needs only Node >= 20 and npm; brings the pinned Node and pnpm into .tools, installs
// the packages, and hands over to packages/tooling under the pinned Node.
import { join } from 'node:path';
import { bringTools, installPackages, root } from './bootstrap.mjs';
import { run } from './run.mjs';

const [command = 'start', ...args] = process.argv.slice(2);

try {
  const env = await bringTools();
  if (command === 'exec') {
    process.exitCode = await run(args[0], args.slice(1), env);
  } else {
    await installPackages(env);
    process.exitCode = await run('node', [join(root, 'packages/tooling/src/main.ts'), command, ...args], env);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
