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
    const [tasks, outbox, collection] = await Promise.all([
      this.#backlog.tasks(),
      this.#backlog.outbox(),
      this.#backlog.collection(),
    ]);
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
      gauge(
        'moorage_gc_last_end_seconds',
        'When the last collection of garbage ended that was no dry run, in seconds since 1970; absent before the first.',
        collection.endedAt === null ? [] : [[{}, collection.endedAt.getTime() / 1000]],
      ),
      gauge('moorage_gc_last_freed_bytes', 'Bytes the last collection of garbage removed.', [
        [{}, collection.freedBytes],
      ]),
      gauge('moorage_gc_last_removed_blobs', 'Blobs the last collection of garbage removed.', [
        [{}, collection.removedBlobs],
      ]),
      gauge('moorage_storage_damaged_blobs', 'Blobs whose stored bytes are known to be damaged or gone.', [
        [{}, collection.damagedBlobs],
      ]),
    ]);
  }
}

function gauge(name: string, help: string, values: readonly (readonly [Labels, number])[]): Metric {
  return { name, help, type: 'gauge', samples: values.map(([labels, value]) => ({ labels, value })) };
}
