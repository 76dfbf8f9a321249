import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports systems give out by themselves: none of those who ask for any port can take one in between. */
const RANGE = { first: 20_000, end: 32_000 };
const ATTEMPTS = 100;

/** A TCP port that was free a moment ago on 127.0.0.1, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(RANGE.first, RANGE.end);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${RANGE.first} to ${RANGE.end} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
