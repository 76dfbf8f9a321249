import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadResult } from './load-client.ts';

const execute = promisify(execFile);
const SCRIPT = `
local paths, at = {}, 0
for line in io.lines(os.getenv('BENCH_PATHS')) do paths[#paths + 1] = line end
function request()
  at = at % #paths + 1
  return wrk.format('GET', paths[at])
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"seconds":%.6f,"requests":%d,"bytes":%d,"failures":%d,"p50Ms":%.4f,"p99Ms":%.4f}\\n',
    summary.duration / 1e6, summary.requests, summary.bytes,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
`;

export interface WrkOptions {
  readonly port: number;
  readonly headers: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Where wrk's script and list of paths are written. */
  readonly directory: string;
}

/** GETs `paths` in turn with one wrk thread. wrk waits for bodies that HEAD never sends: those go to load.c. */
export async function runWrk(paths: readonly string[], options: WrkOptions): Promise<LoadResult> {
  const script = join(options.directory, 'wrk.lua');
  const list = join(options.directory, 'wrk-paths.txt');
  writeFileSync(script, SCRIPT);
  writeFileSync(list, `${paths.join('\n')}\n`);
  const args = ['-t1', `-c${options.connections}`, `-d${options.seconds}s`, '-s', script];
  for (const header of options.headers) args.push('-H', header);
  args.push(`http://127.0.0.1:${options.port}/`);
  const env = { ...process.env, BENCH_PATHS: list };
  const { stdout } = await execute('wrk', args, { env, timeout: options.seconds * 1000 + 60_000 });
  const result = /^RESULT (.*)$/m.exec(stdout)?.[1];
  if (!result) throw new Error(`wrk printed no result:\n${stdout}`);
  const parsed = JSON.parse(result) as Omit<LoadResult, 'units'>;
  return { ...parsed, units: parsed.requests };
}
