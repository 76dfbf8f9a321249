import { endpoint } from '../wire/endpoint.ts';
import { eventQuery, liveEvent } from './event.schema.ts';

/** Public: the room narrows the topics to what the caller may see. */
export const streamEvents = endpoint({
  id: 'streamEvents',
  method: 'GET',
  path: '/events',
  tag: 'event',
  summary: 'Follow what happens, as server-sent events',
  access: { kind: 'public' },
  headers: { 'Last-Event-ID': 'Id of the last event received; the stream goes on after it.' },
  query: eventQuery,
  response: liveEvent,
  raw: true,
  produces: 'text/event-stream',
  status: 200,
  errors: ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'TOO_MANY_REQUESTS'],
});
