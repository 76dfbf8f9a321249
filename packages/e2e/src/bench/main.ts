import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../target/workspace.ts';
import { runBench } from './bench.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { performancePage } from './report/performance-page.ts';

const options = readOptions();
if (options) await bench(options);

async function bench(chosen: Options): Promise<void> {
  const result = await runBench(chosen, (line) => console.log(line));
  const directory = join(ROOT, 'bench-results');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${result.date.replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  const page = performancePage(result);
  // Only a whole run of the product may replace what others read.
  const isWhole = !chosen.quick && !chosen.engine && chosen.only.length === 0;
  if (isWhole) writeFileSync(join(ROOT, 'docs/performance.md'), page);
  else console.log(`\n${page}`);
  console.log(`wrote ${file}${isWhole ? ' and docs/performance.md' : ''}`);
}

function readOptions(): Options | undefined {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (parsed !== 'help') return parsed;
    process.stdout.write(USAGE);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 64;
  }
  return undefined;
}
