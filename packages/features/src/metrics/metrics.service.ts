import { Injectable } from '@nestjs/common';
import { Installation } from '../system-info/index.ts';
import { BacklogStore } from './backlog.store.ts';
import { HttpMeter } from './http-meter.ts';
import { ProcessMeter } from './process-meter.ts';
import { exposition, type Labels, type Metric } from './series.ts';

/** Everything measured here, and what waits in the database, as one page for Prometheus. */
@Injectable()
export class MetricsService {
  readonly #http: HttpMeter;
  readonly #process: ProcessMeter;
  readonly #backlog: BacklogStore;
  readonly #installation: Installation;

  constructor(http: HttpMeter, processMeter: ProcessMeter, backlog: BacklogStore, installation: Installation) {
    this.#http = http;
    this.#process = processMeter;
    this.#backlog = backlog;
    this.#installation = installation;
  }

  async text(): Promise<string> {
    const [tasks, outbox] = await Promise.all([this.#backlog.tasks(), this.#backlog.outbox()]);
    const connections = Object.entries(this.#backlog.connections);
    return exposition([
      gauge('moorage_build_info', 'The version that runs.', [[{ version: this.#installation.version }, 1]]),
      ...this.#http.read(),
      ...this.#process.read(),
      gauge(
        'moorage_database_connections',
        'Connections of this process to PostgreSQL, and requests that wait for one.',
        connections.map(([state, value]) => [{ state }, value]),
      ),
      gauge(
        'moorage_tasks',
        'Tasks of jobs that have not ended, in all processes.',
        tasks.map(({ job, status, tasks: value }) => [{ job, status }, value]),
      ),
      gauge(
        'moorage_outbox_events',
        'Events a consumer has yet to see; 10000 means that many or more.',
        outbox.map(({ consumer, events }) => [{ consumer }, events]),
      ),
    ]);
  }
}

function gauge(name: string, help: string, values: readonly (readonly [Labels, number])[]): Metric {
  return { name, help, type: 'gauge', samples: values.map(([labels, value]) => ({ labels, value })) };
}
