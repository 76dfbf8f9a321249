import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventHub, type Signal } from './event-hub.ts';

/** A server whose streams the test holds open, feeds and cuts. */
class FakeServer {
  readonly requests: { url: URL; lastEventId: string | null }[] = [];
  down = false;
  /** Whether a stream without a past says at once where it stands, as the server does. */
  caughtUp = true;
  #open: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly fetch: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    this.requests.push({ url: new URL(String(input), 'http://host'), lastEventId: headers.get('last-event-id') });
    if (this.down) return Promise.reject(new TypeError('refused'));
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#open = controller;
        init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
      },
    });
    if (this.caughtUp && headers.get('last-event-id') === null) this.mark('0');
    return Promise.resolve(new Response(body, { status: 200 }));
  };

  send(id: string, name: string, topics: string[]): void {
    const event = { id, name, occurred_at: '2026-01-01T00:00:00Z', topics, data: {} };
    this.#open?.enqueue(new TextEncoder().encode(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`));
  }

  /** Says that everything up to here has been sent, as the server does once on each stream. */
  mark(id: string): void {
    this.#open?.enqueue(new TextEncoder().encode(`id: ${id}\n\n`));
  }

  cut(): void {
    this.#open?.close();
  }
}

let server: FakeServer;
let hub: EventHub;
let heard: string[];
const listen = (signal: Signal) => heard.push(signal.kind === 'event' ? signal.event.id : 'reload');
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  hub = new EventHub({
    fetch: server.fetch,
    retryMs: [100, 200],
    pollAfter: 2,
    pollMs: 1_000,
    silenceMs: 60_000,
  });
  heard = [];
});

afterEach(() => {
  vi.useRealTimers();
});

test('opens one stream for all topics and hands each event to those who follow its topic', async () => {
  const other: string[] = [];
  hub.subscribe('project:1', listen);
  hub.subscribe('project:2', (signal) => other.push(signal.kind));
  await settle();
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.url.searchParams.getAll('topics')).toEqual(['project:1', 'project:2']);
  server.send('1', 'artifact.pushed', ['project:1']);
  await settle();
  expect(heard).toEqual(['1']);
  expect(other).toEqual([]);
  expect(hub.state).toBe('live');
});

test('resumes after the last event and does not tell an event twice', async () => {
  hub.subscribe('project:1', listen);
  await settle();
  server.send('41', 'artifact.pushed', ['project:1']);
  await settle();
  server.cut();
  await settle();
  expect(hub.state).toBe('reconnecting');
  await settle(100);
  expect(server.requests[1]?.lastEventId).toBe('41');
  server.send('41', 'artifact.pushed', ['project:1']);
  server.send('42', 'artifact.pushed', ['project:1']);
  await settle();
  expect(heard).toEqual(['41', '42']);
  expect(hub.state).toBe('live');
});

test('a stream that was cut before its first event is resumed where it stood', async () => {
  hub.subscribe('project:1', listen);
  await settle();
  server.cut();
  await settle(100);
  expect(server.requests[1]?.lastEventId).toBe('0');
  server.send('1', 'artifact.pushed', ['project:1']);
  await settle();
  expect(heard).toEqual(['1']);
});

test('without a place to resume from, a cut means loading again', async () => {
  server.caughtUp = false;
  hub.subscribe('project:1', listen);
  await settle();
  server.cut();
  await settle(100);
  expect(heard).toEqual(['reload']);
});

test('asks for a reload from time to time while there is no stream, and stops when it is back', async () => {
  server.down = true;
  hub.subscribe('project:1', listen);
  await settle();
  await settle(100);
  expect(hub.state).toBe('polling');
  await settle(2_000);
  expect(heard).toEqual(['reload', 'reload']);
  server.down = false;
  await settle(200);
  expect(hub.state).toBe('live');
  heard = [];
  await settle(5_000);
  expect(heard).toEqual([]);
});

test('the server can say that what was missed is gone', async () => {
  hub.subscribe('project:1', listen);
  await settle();
  server.send('9', 'stream.reset', []);
  await settle();
  expect(heard).toEqual(['reload']);
});

test('a silent stream is given up', async () => {
  hub.subscribe('project:1', listen);
  await settle();
  await settle(60_000);
  expect(hub.state).toBe('reconnecting');
  await settle(100);
  expect(server.requests).toHaveLength(2);
});

test('topics that come and go reopen the stream with the last id; nobody left means no stream', async () => {
  const leave = hub.subscribe('project:1', listen);
  await settle();
  server.send('5', 'artifact.pushed', ['project:1']);
  await settle();
  const leaveOther = hub.subscribe('project:2', listen);
  await settle();
  expect(server.requests[1]?.lastEventId).toBe('5');
  expect(server.requests[1]?.url.searchParams.getAll('topics')).toEqual(['project:1', 'project:2']);
  leave();
  leaveOther();
  await settle(10_000);
  expect(hub.state).toBeNull();
  expect(server.requests).toHaveLength(2);
});

test('the past of a topic one begins to follow is no news: it is loaded again instead of being told', async () => {
  const other: string[] = [];
  hub.subscribe('project:1', listen);
  await settle();
  hub.subscribe('project:2', (signal) => other.push(signal.kind));
  await settle();
  server.send('1', 'artifact.pushed', ['project:1']);
  server.send('2', 'artifact.pushed', ['project:2']);
  await settle();
  expect(other).toEqual([]);
  server.mark('2');
  server.send('3', 'artifact.pushed', ['project:2']);
  await settle();
  expect(heard).toEqual(['1']);
  expect(other).toEqual(['reload', 'event']);
});

test('what happened while nothing was followed is not asked for', async () => {
  hub.subscribe('project:1', listen)();
  await settle();
  hub.subscribe('project:2', listen);
  await settle();
  expect(server.requests.at(-1)?.lastEventId).toBeNull();
});
