import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './free-port.ts';

/** One Redis for a whole run of vitest, in MOORAGE_TEST_REDIS_URL, when redis-server is installed; a server named there beforehand is used instead. */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env.MOORAGE_TEST_REDIS_URL) return async () => {};
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  const failure = once(server, 'error').then(() => 'missing' as const);
  const ready = untilListening(port).then(() => 'ready' as const);
  if ((await Promise.race([failure, ready])) === 'missing') return async () => {};
  process.env.MOORAGE_TEST_REDIS_URL = `redis://127.0.0.1:${port}`;
  return async () => {
    delete process.env.MOORAGE_TEST_REDIS_URL;
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const outcome = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (outcome) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
