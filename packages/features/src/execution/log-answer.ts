import { once } from 'node:events';
import type { Response } from 'express';

/** Answers a log as text, page by page as the client takes it. The first page decides whether the answer is an error. */
export async function sendLog(response: Response, pages: AsyncIterable<string>): Promise<void> {
  const texts = pages[Symbol.asyncIterator]();
  let page = await texts.next();
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  while (!page.done && !response.destroyed) {
    if (!response.write(page.value)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    page = await texts.next();
  }
  response.end();
}
