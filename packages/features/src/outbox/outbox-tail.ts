import type { Database } from '@moorage/database';
import type { EventPosition, StoredEvent } from './outbox.events.ts';
import { presentPosition, readEvents } from './outbox-reader.store.ts';

export interface OutboxTailOptions {
  readonly database: Database;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Told when a look failed; the next one tries again. */
  readonly onError: (error: unknown) => void;
}

export interface TailSubscription {
  /** The listener gets every event after this position. */
  readonly position: EventPosition;
  stop(): void;
}

type Listener = (events: readonly StoredEvent[]) => void;

const BATCH = 500;

/** New events as they commit, for everyone in this process who listens: one poller, and none while nobody listens. */
export class OutboxTail {
  readonly #options: OutboxTailOptions;
  readonly #listeners = new Set<Listener>();
  #position: EventPosition | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: OutboxTailOptions) {
    this.#options = options;
  }

  /** Starts to listen. Rejects when the database does not answer. */
  async subscribe(listener: Listener): Promise<TailSubscription> {
    const present = this.#position ?? (await presentPosition(this.#options.database));
    // Another subscriber may have started the poller meanwhile; its position is the one listeners join at.
    const position = this.#position ?? present;
    this.#position = position;
    this.#listeners.add(listener);
    this.#schedule();
    return { position, stop: () => this.#remove(listener) };
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#position = null;
  }

  #schedule(): void {
    if (this.#timer || this.#listeners.size === 0) return;
    const timer = setTimeout(() => void this.#look(timer), this.#options.everyMs);
    timer.unref();
    this.#timer = timer;
  }

  async #look(timer: NodeJS.Timeout): Promise<void> {
    const position = this.#position;
    if (!position) return;
    const events = await readEvents(this.#options.database, position, BATCH).catch((error: unknown) => {
      this.#options.onError(error);
      return [];
    });
    // Everyone may have left, and others come, while the database was asked.
    if (this.#timer !== timer) return;
    this.#timer = null;
    const last = events.at(-1);
    if (last) this.#position = last.position;
    if (last) for (const listener of [...this.#listeners]) listener(events);
    this.#schedule();
  }
}
