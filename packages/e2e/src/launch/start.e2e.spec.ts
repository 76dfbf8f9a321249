import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTempDirectory, type TempDirectory } from '@moorage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../target/server-process.ts';
import { ROOT } from '../target/workspace.ts';
import { killAll, processesOn, untilNoneOn } from './processes.ts';

const READY = /Moorage is ready at (\S+)/;
const FIRST_ADMIN = /First administrator: (\S+), password: (\S+)/;
const MINUTE = 60_000;

let directory: TempDirectory;
let dataDirectory: string;
const started: ServerProcess[] = [];

beforeEach(() => {
  directory = createTempDirectory('start with space');
  chmodSync(directory.path, 0o755);
  dataDirectory = join(directory.path, 'data');
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  killAll(processesOn(dataDirectory));
  directory.remove();
});

/** `npm start` without npm, on a port the system chooses. */
function start(env: Readonly<Record<string, string>> = {}): ServerProcess {
  const server = startServer('node', [join(ROOT, 'scripts/moorage.mjs'), 'start'], {
    MOORAGE_PORT: '0',
    MOORAGE_DATA_DIR: dataDirectory,
    MOORAGE_LOG_LEVEL: 'warn',
    ...env,
  });
  started.push(server);
  return server;
}

async function untilReady(server: ServerProcess): Promise<string> {
  const [, url = ''] = await server.line(READY, 2 * MINUTE);
  return url;
}

async function signIn(url: string, username: string, password: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return (await fetch(`${url}/api/v2.0/users/current`, { headers: { authorization } })).status;
}

/** The exit code of a start that must fail, and what it printed. */
async function failure(server: ServerProcess): Promise<{ exitCode: string; output: string }> {
  const outcome = await server.line(READY, 2 * MINUTE).catch((error: Error) => error.message);
  const exitCode = /the server ended with (\S+):/.exec(String(outcome))?.[1] ?? 'none';
  return { exitCode, output: server.output() };
}

describe('starting and stopping', () => {
  it('serves, shows the first password once, stops everything, and starts again on the same data', async () => {
    const first = start();
    const url = await untilReady(first);
    const [, username = '', password = ''] = await first.line(FIRST_ADMIN, MINUTE);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await signIn(url, username, password)).toBe(200);
    await first.stop();
    expect(processesOn(dataDirectory)).toEqual([]);

    const second = start();
    expect(await signIn(await untilReady(second), username, password)).toBe(200);
    expect(second.output()).not.toMatch(FIRST_ADMIN);
  });

  it('takes the password it is given and does not print it', async () => {
    const server = start({ MOORAGE_ADMIN_PASSWORD: 'Chosen-by-me-1' });
    expect(await signIn(await untilReady(server), 'admin', 'Chosen-by-me-1')).toBe(200);
    expect(server.output()).not.toContain('Chosen-by-me-1');
  });

  it('takes several Ctrl-C in a row as one', async () => {
    const server = start();
    await untilReady(server);
    for (let press = 0; press < 3; press++) process.kill(server.pid, 'SIGINT');
    await server.stop();
    expect(processesOn(dataDirectory)).toEqual([]);
  });
});

describe('after a kill -9', () => {
  it('of everything but PostgreSQL it finds the data and the account again', async () => {
    const first = start();
    await untilReady(first);
    const [, username = '', password = ''] = await first.line(FIRST_ADMIN, MINUTE);
    killAll(processesOn(dataDirectory).filter(({ command }) => !command.includes('/bin/postgres')));
    const second = start();
    expect(await signIn(await untilReady(second), username, password)).toBe(200);
  });

  it('of the whole tree with PostgreSQL it recovers', async () => {
    const first = start();
    await untilReady(first);
    const [, username = '', password = ''] = await first.line(FIRST_ADMIN, MINUTE);
    killAll(processesOn(dataDirectory));
    const second = start();
    expect(await signIn(await untilReady(second), username, password)).toBe(200);
  });

  it('of the script in between everything else ends by itself', async () => {
    const server = start();
    await untilReady(server);
    process.kill(server.pid, 'SIGKILL');
    expect(await untilNoneOn(dataDirectory)).toEqual([]);
  });

  it('of the launcher alone core and worker do not live on', async () => {
    const server = start();
    await untilReady(server);
    killAll(processesOn(dataDirectory).filter(({ command }) => /main\.ts start|moorage\.mjs/.test(command)));
    for (let attempt = 0; attempt < 1_200; attempt++) {
      if (processesOn(dataDirectory).every(({ command }) => command.includes('postgres'))) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const remaining = processesOn(dataDirectory);
    expect(remaining.filter(({ command }) => !command.includes('postgres'))).toEqual([]);
    killAll(remaining);
    expect(await untilNoneOn(dataDirectory)).toEqual([]);
  });
});

describe('what keeps it from starting is one clear message', () => {
  it('a taken port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { exitCode, output } = await failure(start({ MOORAGE_PORT: String(port) }));
    server.close();
    expect(output.trim()).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program. Stop that program, or set MOORAGE_PORT to another port.`,
    );
    expect(exitCode).toBe('1');
  });

  it('a data directory that cannot be written', async () => {
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    const { exitCode, output } = await failure(start({ MOORAGE_DATA_DIR: join(file, 'data') }));
    expect(output.trim()).toMatch(/^The data directory \S.* cannot be written \(ENOTDIR\)\. .*MOORAGE_DATA_DIR/);
    expect(exitCode).toBe('1');
  });

  it('data of another PostgreSQL version', async () => {
    const cluster = join(dataDirectory, 'postgres/cluster');
    mkdirSync(cluster, { recursive: true });
    writeFileSync(join(cluster, 'PG_VERSION'), '13\n');
    const { exitCode, output } = await failure(start());
    expect(output.trim()).toMatch(/^The data in .* was made by PostgreSQL 13; .*MOORAGE_DATABASE_URL/);
    expect(exitCode).toBe('1');
  });

  it('a wrong configuration, all of it at once', async () => {
    const { exitCode, output } = await failure(start({ MOORAGE_PORT: 'http', MOORAGE_ROLE: 'boss' }));
    expect(output).toContain('MOORAGE_PORT must be');
    expect(output).toContain('MOORAGE_ROLE must be');
    expect(exitCode).toBe('78');
  });

  it('a second start on the same data directory', async () => {
    await untilReady(start());
    const { exitCode, output } = await failure(start());
    expect(output.trim()).toMatch(/^Another Moorage is running with the data directory/);
    expect(exitCode).toBe('1');
  });
});
