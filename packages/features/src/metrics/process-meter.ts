import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Metric } from './series.ts';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const QUANTILES = [0.5, 0.9, 0.99, 1];

/** Memory, processor time and event-loop delay of this process. */
@Injectable()
export class ProcessMeter implements OnModuleDestroy {
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });

  constructor() {
    this.#delay.enable();
  }

  onModuleDestroy(): void {
    this.#delay.disable();
  }

  /** Reads everything; delays are those since the last reading. */
  read(): Metric[] {
    const memory = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const delays = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile) },
      value: (this.#delay.count === 0 ? 0 : this.#delay.percentile(quantile * 100)) / NANOSECONDS,
    }));
    this.#delay.reset();
    return [
      gauge(
        'process_start_time_seconds',
        'When the process started, in seconds since 1970.',
        performance.timeOrigin / 1000,
      ),
      gauge('process_resident_memory_bytes', 'Resident memory.', memory.rss),
      gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', memory.heapUsed),
      gauge('nodejs_external_memory_bytes', 'Buffers and other memory outside the heap.', memory.external),
      {
        name: 'process_cpu_seconds_total',
        help: 'Processor time, user and system.',
        type: 'counter',
        samples: [{ value: (user + system) / MICROSECONDS }],
      },
      {
        name: 'nodejs_eventloop_delay_seconds',
        help: 'Delay of the event loop since the last scrape, by quantile.',
        type: 'gauge',
        samples: delays,
      },
    ];
  }
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', samples: [{ value }] };
}
