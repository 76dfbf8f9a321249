import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Counter, Histogram, type Metric } from './series.ts';

/** Which part of the server a request was for. */
export type Door = 'registry' | 'api' | 'portal' | 'probe';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const BOUNDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Measures every request of this process: how many, how they ended, how long they took, and bytes on the wire. */
@Injectable()
export class HttpMeter {
  readonly #requests = new Counter('moorage_http_requests_total', 'Requests that ended, by part, method and status.');
  readonly #durations = new Histogram(
    'moorage_http_request_duration_seconds',
    'Time from the head of a request to the end of its answer; live event streams take a minute each.',
    BOUNDS,
  );
  readonly #received = new Counter('moorage_http_received_bytes_total', 'Bytes received, heads included.');
  readonly #sent = new Counter('moorage_http_sent_bytes_total', 'Bytes sent, heads included.');
  readonly #running = new Map<Door, number>();
  readonly #counted = new WeakMap<Socket, { readonly read: number; readonly written: number }>();

  /** Watches one request from now to the end of its connection or answer. */
  watch(door: Door, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const began = performance.now();
    this.#running.set(door, (this.#running.get(door) ?? 0) + 1);
    response.once('close', () => {
      this.#running.set(door, (this.#running.get(door) ?? 1) - 1);
      const method = METHODS.has(request.method ?? '') ? (request.method as string) : 'other';
      // A client that left before the answer began was not answered with anything.
      const status = response.headersSent ? String(response.statusCode) : 'none';
      this.#requests.add({ door, method, status });
      this.#durations.observe({ door, method }, (performance.now() - began) / 1000);
      this.#countBytes(door, socket);
    });
  }

  /** What went over the connection since its last request ended: the head of a request is read before anyone sees it. */
  #countBytes(door: Door, socket: Socket): void {
    const before = this.#counted.get(socket) ?? { read: 0, written: 0 };
    const now = { read: socket.bytesRead, written: socket.bytesWritten };
    this.#counted.set(socket, now);
    this.#received.add({ door }, now.read - before.read);
    this.#sent.add({ door }, now.written - before.written);
  }

  read(): Metric[] {
    return [
      this.#requests.read(),
      this.#durations.read(),
      this.#received.read(),
      this.#sent.read(),
      {
        name: 'moorage_http_requests_running',
        help: 'Requests being answered now.',
        type: 'gauge',
        samples: [...this.#running].map(([door, value]) => ({ labels: { door }, value })),
      },
    ];
  }
}
