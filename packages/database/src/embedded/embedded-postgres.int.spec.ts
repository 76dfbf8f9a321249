import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import { isAlive } from './postmaster-signal.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'moorage embedded '));
  chmodSync(directory, 0o711);
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(dataDir: string, messages: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: (message) => messages.push(message) });
  cleanups.push(() => server.stop());
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < 2_400; attempt++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error('the condition never came true');
}

describe('the embedded PostgreSQL', () => {
  it('keeps its data from one start to the next', async () => {
    const dataDir = join(freshDirectory(), 'not there yet');
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS value');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(dataDir);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  it('listens on the loopback only, asks for the password, and gives the product no superuser', async () => {
    const dataDir = freshDirectory();
    const { url } = await start(dataDir);
    const [row] = await query(
      url,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('fsync') AS fsync,
              current_setting('max_connections') AS connections, rolsuper FROM pg_roles WHERE rolname = current_user`,
    );
    expect(row).toEqual({ listen: '127.0.0.1', fsync: 'on', connections: '200', rolsuper: false });
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    stranger.username = 'postgres';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });

  it('orders and folds text the same on every machine', async () => {
    const { url } = await start(freshDirectory());
    const [row] = await query(url, `SELECT lower('ÄÖ') AS folded, 'Z' < 'a' AS by_code_point`);
    expect(row).toEqual({ folded: 'äö', by_code_point: true });
  });

  it('starts again, with what was committed, after the server was killed', async () => {
    const messages: string[] = [];
    const server = await start(freshDirectory(), messages);
    await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS value');
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await eventually(() => server.pid !== pid);
    expect(await query(server.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
    expect(messages).toEqual([expect.stringContaining('starting it again')]);
  });

  it('leaves no server behind when it is stopped while the server starts again', async () => {
    const dataDir = freshDirectory();
    const server = await start(dataDir);
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    const pidFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
    const written = () => {
      try {
        return Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
      } catch {
        // Between the old file and the new one.
        return pid;
      }
    };
    await eventually(() => Number.isInteger(written()) && written() !== pid);
    const next = written();
    await server.stop();
    expect(isAlive(next)).toBe(false);
  });

  it('refuses a second supervisor of the same directory', async () => {
    const dataDir = freshDirectory();
    const first = await start(dataDir);
    await expect(start(dataDir)).rejects.toThrow('Another Moorage is running with the data directory');
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('finds and replaces the server of a supervisor that was killed', async () => {
    const dataDir = freshDirectory();
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
      const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: () => {} });
      console.log(JSON.stringify({ pid: server.pid, url: server.url }));
      setInterval(() => {}, 1000);`;
    const supervisor = execFile(process.execPath, ['--input-type=module', '-e', script]);
    const [line] = await once(supervisor.stdout as NodeJS.ReadableStream, 'data');
    const orphan = JSON.parse(String(line)) as { pid: number; url: string };
    await query(orphan.url, 'CREATE TABLE kept AS SELECT 1 AS value');
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    expect(isAlive(orphan.pid)).toBe(true);

    const messages: string[] = [];
    const server = await start(dataDir, messages);
    expect(isAlive(orphan.pid)).toBe(false);
    expect(messages).toEqual([expect.stringContaining(`process ${orphan.pid}`)]);
    expect(await query(server.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  it('is not fooled by a pid file whose number another program got', async () => {
    const dataDir = freshDirectory();
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), `${process.pid}\n`);
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('makes the cluster anew when its making was cut short', async () => {
    const dataDir = freshDirectory();
    mkdirSync(join(dataDir, 'postgres.new', 'cluster', 'base'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new', 'cluster', 'PG_VERSION'), '18\n');
    await start(dataDir);
    expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false);
  });
});

describe('what it refuses, with a message for a person', () => {
  it('data of another PostgreSQL version', async () => {
    const dataDir = freshDirectory();
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '14\n');
    await expect(start(dataDir)).rejects.toThrow(/made by PostgreSQL 14; this Moorage brings PostgreSQL 18/);
  });

  it('a data directory that cannot be made', async () => {
    const file = join(freshDirectory(), 'file');
    writeFileSync(file, '');
    await expect(start(join(file, 'data'))).rejects.toThrow(/cannot be written \(ENOTDIR\).*MOORAGE_DATA_DIR/);
  });

  it('a folder without PostgreSQL data where it expects some, and leaves that folder alone', async () => {
    const dataDir = freshDirectory();
    mkdirSync(join(dataDir, 'postgres', 'cluster'), { recursive: true });
    await expect(start(dataDir)).rejects.toThrow('holds no PostgreSQL data');
    expect(readdirSync(join(dataDir, 'postgres', 'cluster'))).toEqual([]);
  });
});

describe.runIf(process.getuid?.() === 0)('as root', () => {
  it('runs the server as another user, even below a directory only root may enter', async () => {
    const home = freshDirectory();
    chmodSync(home, 0o700);
    const { pid, url } = await start(join(home, 'data'));
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
