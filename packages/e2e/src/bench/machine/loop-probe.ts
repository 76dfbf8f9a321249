// Loaded into every process of the product with --import while the bench looks at its event loop; writes what the loop
// of the process that serves requests was like since the last SIGUSR2. The product itself knows nothing of it.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const WRITE_EVERY_MS = 500;
const file = process.env.BENCH_LOOP_FILE;
const serves = /apps[\\/]core[\\/]dist|distribution[\\/]dist[\\/]cli/.test(process.argv[1] ?? '');

if (file && serves) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('SIGUSR2', () => delay.reset());
  // The histogram counts from one tick to the next, so an idle loop shows the resolution.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  setInterval(() => {
    writeFileSync(file, JSON.stringify({ p99Ms: late(delay.percentile(99)), maxMs: late(delay.max) }));
  }, WRITE_EVERY_MS).unref();
}
