import { type LiveEvent, streamEvents, urlOf } from '@moorage/contracts';
import type { LiveState } from '@moorage/ui';
import { readEventStream } from './event-stream.ts';

/** What a subscriber hears: an event of its topic, or that it must load again because something may have been missed. */
export type Signal = { readonly kind: 'event'; readonly event: LiveEvent } | { readonly kind: 'reload' };
type Listener = (signal: Signal) => void;

export interface HubOptions {
  readonly fetch: typeof fetch;
  /** A stream silent for longer is given up; servers send a heart-beat every 15 s. */
  readonly silenceMs: number;
  /** Waits between attempts; the last is repeated. */
  readonly retryMs: readonly number[];
  /** Failed attempts in a row before subscribers are told to load again every `pollMs`. */
  readonly pollAfter: number;
  readonly pollMs: number;
}

const DEFAULTS: Omit<HubOptions, 'fetch'> = {
  silenceMs: 40_000,
  retryMs: [500, 1_000, 2_000, 4_000, 8_000],
  pollAfter: 3,
  pollMs: 5_000,
};

const REMEMBERED_IDS = 512;

/**
 * The tab's one stream of live events. Topics come and go with their subscribers; the stream is opened anew with the
 * last event's id, so nothing is lost or told twice. While it cannot be had, subscribers are told to load again from
 * time to time.
 */
export class EventHub {
  readonly #options: HubOptions;
  readonly #topics = new Map<string, Set<Listener>>();
  readonly #stateListeners = new Set<() => void>();
  readonly #seen = new Set<string>();
  /** Topics that a stream has already caught up with. */
  #followed: ReadonlySet<string> = new Set();
  /** Who heard of the past of a topic it just began to follow: it may have loaded that already. */
  readonly #unsure = new Set<Listener>();
  #state: LiveState | null = null;
  #lastId: string | null = null;
  #failures = 0;
  #wasCut = false;
  #attempt: AbortController | null = null;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor(options: Partial<HubOptions> & Pick<HubOptions, 'fetch'>) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Null while nothing is followed. */
  get state(): LiveState | null {
    return this.#state;
  }

  onState(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  subscribe(topic: string, listener: Listener): () => void {
    const listeners = this.#topics.get(topic) ?? new Set();
    listeners.add(listener);
    if (!this.#topics.has(topic)) {
      this.#topics.set(topic, listeners);
      this.#reopenSoon(0);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#topics.get(topic) !== listeners) return;
      this.#topics.delete(topic);
      this.#reopenSoon(0);
    };
  }

  /** Opens the stream at once, for when the browser says that the network is back. */
  wake(): void {
    if (this.#state !== null && this.#state !== 'live') this.#reopenSoon(0);
  }

  #reopenSoon(waitMs: number): void {
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => void this.#open(), waitMs);
  }

  async #open(): Promise<void> {
    this.#attempt?.abort();
    this.#attempt = null;
    if (this.#topics.size === 0) {
      this.#stopPolling();
      this.#setState(null);
      // Who follows something later has just loaded it: what happened until then is not news.
      this.#lastId = null;
      this.#followed = new Set();
      this.#wasCut = false;
      return;
    }
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      await this.#follow(attempt);
    } catch {
      // Why it ended does not matter; the next attempt does.
    }
    if (this.#attempt === attempt) this.#failed();
  }

  async #follow(attempt: AbortController): Promise<void> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => attempt.abort(), this.#options.silenceMs);
    };
    alive();
    const topics = [...this.#topics.keys()];
    try {
      const address = urlOf(streamEvents, {}, { topics });
      const response = await this.#options.fetch(address, {
        credentials: 'same-origin',
        signal: attempt.signal,
        headers: {
          accept: 'text/event-stream',
          ...(this.#lastId === null ? {} : { 'last-event-id': this.#lastId }),
        },
      });
      if (!response.ok || response.body === null) throw new Error(`The event stream answered ${response.status}.`);
      this.#opened();
      for await (const message of readEventStream(response.body, alive)) {
        if (this.#attempt !== attempt) return;
        if (message.id !== null) this.#lastId = message.id;
        if (message.data === null) this.#caughtUp(topics);
        else this.#take(JSON.parse(message.data) as LiveEvent);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #opened(): void {
    this.#failures = 0;
    this.#stopPolling();
    this.#setState('live');
    // Without an id there is nothing to resume from: what happened while the stream was cut must be loaded.
    if (this.#wasCut && this.#lastId === null) this.#tellAll({ kind: 'reload' });
    this.#wasCut = false;
  }

  #failed(): void {
    const { retryMs, pollAfter, pollMs } = this.#options;
    this.#wasCut = true;
    this.#failures += 1;
    this.#reopenSoon(retryMs[Math.min(this.#failures, retryMs.length) - 1] ?? 0);
    if (this.#failures < pollAfter) {
      this.#setState('reconnecting');
      return;
    }
    this.#setState('polling');
    this.#poll ??= setInterval(() => this.#tellAll({ kind: 'reload' }), pollMs);
  }

  #take(event: LiveEvent): void {
    if (this.#seen.has(event.id)) return;
    this.#remember(event.id);
    if (event.name === 'stream.reset') {
      this.#followed = new Set(this.#topics.keys());
      this.#tellAll({ kind: 'reload' });
      return;
    }
    const heard = new Set<Listener>();
    for (const topic of event.topics) {
      const hearers = this.#followed.has(topic) ? heard : this.#unsure;
      for (const listener of this.#topics.get(topic) ?? []) hearers.add(listener);
    }
    for (const listener of heard) listener({ kind: 'event', event });
  }

  /** The server said where the stream stands: everything before it has been sent. */
  #caughtUp(topics: readonly string[]): void {
    this.#followed = new Set(topics);
    const unsure = [...this.#unsure];
    this.#unsure.clear();
    for (const listener of unsure) listener({ kind: 'reload' });
  }

  #remember(id: string): void {
    this.#seen.add(id);
    if (this.#seen.size <= REMEMBERED_IDS) return;
    const [oldest] = this.#seen;
    if (oldest !== undefined) this.#seen.delete(oldest);
  }

  #tellAll(signal: Signal): void {
    for (const listener of new Set([...this.#topics.values()].flatMap((set) => [...set]))) listener(signal);
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #setState(state: LiveState | null): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }
}
