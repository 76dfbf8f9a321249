import { streamEvents } from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Call, Input, Serve } from '../http/index.ts';
import { EventService } from './event.service.ts';
import type { EventSink } from './event-stream.ts';

/** Bytes that may wait for a slow client before it is dropped; it resumes where it was. */
const MAX_WAITING_BYTES = 256 * 1024;
/** Milliseconds after which a browser comes again. */
const RETRY_MS = 500;

@Controller()
export class EventController {
  readonly #events: EventService;

  constructor(events: EventService) {
    this.#events = events;
  }

  @Serve(streamEvents)
  async stream(
    @Input() { caller, query, request }: Call<typeof streamEvents>,
    @Res() response: Response,
  ): Promise<void> {
    const lastId = request.get('last-event-id');
    const stream = await this.#events.open(caller, query.topics, lastId, () => sinkOf(response));
    response.once('close', () => stream.end());
    if (response.destroyed) stream.end();
  }
}

/** Headers go out with the first event: until then a refusal can still be answered. */
function sinkOf(response: Response): EventSink {
  return {
    write: (text) => {
      if (response.destroyed) return false;
      if (!response.headersSent) {
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          // Tells nginx not to hold events back.
          'x-accel-buffering': 'no',
        });
        response.write(`retry: ${RETRY_MS}\n\n`);
      }
      response.write(text);
      return response.writableLength < MAX_WAITING_BYTES;
    },
    end: () => {
      if (response.headersSent) response.end();
    },
  };
}
