import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../target/workspace.ts';
import { runBench } from './bench.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { mergeResults } from './report/merge.rules.ts';
import { handWritten, performancePage } from './report/performance-page.ts';
import type { BenchResult } from './report/result.ts';
import { tokenFailures } from './report/token.rules.ts';

const options = readOptions();
if (options) await bench(options);

async function bench(chosen: Options): Promise<void> {
  const result = await runBench(chosen, (line) => console.log(line));
  const directory = join(ROOT, 'bench-results');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${result.date.replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\n${performancePage(result)}\nwrote ${file}`);
  if (chosen.publish) publish(result);
  for (const failure of result.tokens ? tokenFailures(result.tokens) : []) {
    console.error(`FAILED: ${failure}`);
    process.exitCode = 1;
  }
}

function publish(result: BenchResult): void {
  const [data, page] = [join(ROOT, 'docs/performance.json'), join(ROOT, 'docs/performance.md')];
  const earlier = existsSync(data) ? (JSON.parse(readFileSync(data, 'utf8')) as BenchResult) : null;
  const merged = mergeResults(earlier, result);
  writeFileSync(data, `${JSON.stringify(merged)}\n`);
  const notes = existsSync(page) ? handWritten(readFileSync(page, 'utf8')) : '';
  writeFileSync(page, `${performancePage(merged)}${notes}`);
  console.log(`wrote ${data} and ${page}`);
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
