import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '@moorage/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launch } from './launch.ts';

/** Serves /readyz, notes what happens to it in a file, and behaves as the variable BEHAVIOUR says. */
const STAND_IN = `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
const [behaviour, log] = [process.env.BEHAVIOUR, process.env.LOG];
const note = (text) => appendFileSync(log, text + '\\n');
let ready = 0;
const server = createServer((request, response) => {
  response.writeHead(request.url === '/readyz' && ++ready > 2 ? 200 : 503).end();
});
// Before it tells that it runs: who waits for that may ask it to end at once.
process.on('SIGTERM', () => { note('drain'); server.close(() => { note('end'); process.exit(0); }); });
note('start ' + process.pid + ' ' + process.env.MOORAGE_DATABASE_URL);
if (behaviour === 'bounded') note(process.execArgv.join(' '));
if (behaviour === 'broken') process.exit(78);
server.listen(0, '127.0.0.1', () => {
  process.send({ type: 'noise' });
  process.send({ type: 'first-admin', username: 'admin', password: 'once' });
  process.send({ type: 'ready', url: 'http://127.0.0.1:' + server.address().port });
});
`;

let directory = '';
const lines: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'moorage launch '));
  writeFileSync(join(directory, 'stand-in.mjs'), STAND_IN);
  lines.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function run(environment: Record<string, string>, watch?: (restart: () => void) => () => void): Promise<void> {
  const script = join(directory, 'stand-in.mjs');
  return launch({
    config: loadConfig({
      MOORAGE_DATA_DIR: join(directory, 'data'),
      MOORAGE_DATABASE_URL: 'postgresql://elsewhere/moorage',
      MOORAGE_PORT: '0',
      ...environment,
    }),
    env: {
      ...process.env,
      LOG: join(directory, 'log'),
      MOORAGE_DATABASE_URL: 'postgresql://elsewhere/moorage',
      ...environment,
    },
    scripts: { core: script, worker: script },
    write: (line) => lines.push(line),
    watch,
  });
}

const notes = () => readFileSync(join(directory, 'log'), 'utf8').trim().split('\n');

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 3_600 && !condition(); attempt++) await sleep(25);
  expect(condition()).toBe(true);
}

describe('launch', () => {
  it('announces the address once it serves, then the first administrator, and drains both processes when asked', async () => {
    const running = run({ MOORAGE_ROLE: 'core' });
    await until(() => lines.length === 2);
    process.emit('SIGTERM', 'SIGTERM');
    await running;
    expect(lines[0]).toMatch(/^Moorage is ready at http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines[1]).toBe('First administrator: admin, password: once (shown only this once)');
    expect(notes()).toEqual([expect.stringContaining('postgresql://elsewhere/moorage'), 'drain', 'end']);
  });

  it('starts them with memory bounded as in the image', async () => {
    const running = run({ MOORAGE_ROLE: 'core', BEHAVIOUR: 'bounded' });
    await until(() => lines.length === 2);
    process.emit('SIGTERM', 'SIGTERM');
    await running;
    const image = readFileSync(join(import.meta.dirname, '../../../../deploy/Dockerfile'), 'utf8');
    const flags = ['--max-semi-space-size=16', '--heap-growing-percent=50'];
    for (const flag of flags) expect(image).toContain(`"${flag}"`);
    expect(notes()[1]).toContain(flags.join(' '));
  });

  it('starts both processes unless told otherwise', async () => {
    const running = run({});
    await until(() => lines.length >= 2);
    await until(() => notes().length === 2);
    process.emit('SIGINT', 'SIGINT');
    await running;
    expect(notes().filter((note) => note === 'end')).toHaveLength(2);
  });

  it('starts a crashed process again and announces nothing twice', async () => {
    const running = run({ MOORAGE_ROLE: 'core' });
    await until(() => lines.length === 2);
    process.kill(Number(notes()[0]?.split(' ')[1]), 'SIGKILL');
    await until(() => notes().filter((note) => note.startsWith('start')).length === 2);
    await sleep(200);
    process.emit('SIGTERM', 'SIGTERM');
    await running;
    expect(lines.filter((line) => line.startsWith('Moorage is ready'))).toHaveLength(1);
    expect(lines).toContain('Moorage: core ended (SIGKILL); starting it again in 1 s');
  });

  it('drains and starts again when the code has changed', async () => {
    let restart = () => {};
    const running = run({ MOORAGE_ROLE: 'core' }, (callback) => {
      restart = callback;
      return () => {};
    });
    await until(() => lines.length === 2);
    restart();
    restart();
    await until(() => notes().filter((note) => note.startsWith('start')).length === 2);
    expect(notes().slice(1, 3)).toEqual(['drain', 'end']);
    await sleep(300);
    process.emit('SIGTERM', 'SIGTERM');
    await running;
    expect(notes().filter((note) => note.startsWith('start'))).toHaveLength(2);
  });

  it('gives up with the code of a process that cannot start, after ending the other', async () => {
    await expect(run({ BEHAVIOUR: 'broken' })).rejects.toMatchObject({ exitCode: 78 });
    const pids = notes().map((note) => Number(note.split(' ')[1]));
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(lines).toEqual([]);
  });

  it('refuses a taken port in one sentence and starts nothing', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await expect(run({ MOORAGE_PORT: String(port) })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another program. Stop that program, or set MOORAGE_PORT to another port.`,
    );
    expect(() => notes()).toThrow('ENOENT');
    server.close();
  });

  it('refuses a data directory that cannot be written', async () => {
    await expect(run({ MOORAGE_DATA_DIR: join(directory, 'stand-in.mjs', 'data') })).rejects.toThrow(
      'cannot be written',
    );
  });
});
