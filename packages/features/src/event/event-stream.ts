import type { EventPosition, StoredEvent } from '../outbox/index.ts';
import { eventId, frame, isAfter, liveEvent, type Subscription } from './event.rules.ts';

/** Where a stream writes. */
export interface EventSink {
  /** False when the client takes less than it is given and too much is waiting. */
  write(text: string): boolean;
  end(): void;
}

/** Silence makes proxies close a connection. */
const HEARTBEAT_MS = 15_000;
/**
 * A stream ends after a minute and its client comes again with the last id: each time as a new request that is signed in
 * and allowed anew. So a right or a session that ended is noticed within that time.
 */
const LIFETIME_MS = 60_000;

/** One open connection of server-sent events. */
export class EventStream {
  readonly #sink: EventSink;
  readonly #subscriptions: readonly Subscription[];
  readonly #now: () => Date;
  readonly #onEnd: () => void;
  readonly #timers: NodeJS.Timeout[];
  #waiting: StoredEvent[] | null = [];
  #ended = false;

  constructor(sink: EventSink, subscriptions: readonly Subscription[], now: () => Date, onEnd: () => void) {
    this.#sink = sink;
    this.#subscriptions = subscriptions;
    this.#now = now;
    this.#onEnd = onEnd;
    this.#timers = [setInterval(() => this.write(':\n\n'), HEARTBEAT_MS), setTimeout(() => this.end(), LIFETIME_MS)];
    for (const timer of this.#timers) timer.unref();
  }

  /** New events; held back until what came before them is sent. */
  deliver(events: readonly StoredEvent[]): void {
    if (this.#waiting) this.#waiting.push(...events);
    else this.send(events);
  }

  /** What was missed up to `present` is sent; later events go out as they come, none of them twice. */
  goLive(present: EventPosition): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.send(waiting.filter((event) => isAfter(event.position, present)));
  }

  send(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const live = liveEvent(event, this.#subscriptions, eventId(event.position, this.#now()));
      if (live) this.write(frame(live));
    }
  }

  /** Tells the client where it is, also while nothing happens. */
  mark(position: EventPosition): void {
    this.write(`id: ${eventId(position, this.#now())}\n\n`);
  }

  write(text: string): void {
    if (!this.#ended && !this.#sink.write(text)) this.end();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#sink.end();
    this.#onEnd();
  }
}
