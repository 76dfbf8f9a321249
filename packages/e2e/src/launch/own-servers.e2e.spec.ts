import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type EmbeddedPostgres, startTestPostgres } from '@moorage/database/embedded';
import { createTempDirectory, describeWith, freePort, programPath, type TempDirectory } from '@moorage/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';

let directory: TempDirectory;
let postgres: EmbeddedPostgres;
let product: Product | undefined;

beforeAll(async () => {
  directory = createTempDirectory('own-servers');
  postgres = await startTestPostgres();
});
afterEach(async () => {
  await product?.stop();
  product = undefined;
});
afterAll(async () => {
  await postgres.stop();
  directory.remove();
});

/** Each start is on the same directory, because the database knows the key that is kept there. */
const start = (env: Readonly<Record<string, string>> = {}) =>
  startProduct({
    dataDirectory: directory.path,
    credentials: { username: 'admin', password: 'The-same-each-time-1' },
    env: { MOORAGE_DATABASE_URL: postgres.url, ...env },
  });

it('a PostgreSQL named by MOORAGE_DATABASE_URL takes the place of the one that comes along', async () => {
  product = await start();
  expect((await product.api('GET', '/users/current')).status).toBe(200);
  expect(existsSync(join(directory.path, 'postgres'))).toBe(false);
});

describeWith(['redis-server'], 'a Redis named by MOORAGE_REDIS_URL', () => {
  let redis: ChildProcess;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    redis = spawn(programPath('redis-server') ?? 'redis-server', args, { stdio: 'ignore' });
  });
  afterAll(async () => {
    redis.kill('SIGTERM');
    if (redis.exitCode === null) await once(redis, 'exit');
  });

  it('takes over the queue, and losing all it holds loses nothing', async () => {
    await expect.poll(() => ask(port, 'PING')).toBe('+PONG');
    product = await start({ MOORAGE_REDIS_URL: `redis://127.0.0.1:${port}` });
    await expect.poll(() => ask(port, 'DBSIZE')).toMatch(/^:[1-9]/);
    await ask(port, 'FLUSHALL');
    await product.createProject('after-the-loss');
    expect((await product.api('GET', '/projects/after-the-loss')).status).toBe(200);
  });
});

/** One command in the wire format a person types; resolves with the first line of the answer, empty when none came. */
function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
    socket.once('error', () => resolve(''));
  });
}
