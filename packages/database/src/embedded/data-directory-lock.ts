import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-error.ts';

export interface DataDirectoryLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only supervisor of a data directory. The lock is a listening socket, so the system itself
 * gives it up when the process dies, however it dies.
 */
export async function lockDataDirectory(dataDir: string): Promise<DataDirectoryLock> {
  const address = lockAddress(dataDir);
  const server = (await tryListen(address)) ?? (await takeOverStaleFile(address));
  if (!server) {
    throw new EmbeddedPostgresError(
      `Another Moorage is running with the data directory ${dataDir}. Stop it, or set MOORAGE_DATA_DIR to another one.`,
    );
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Linux has socket names outside the file system, which vanish with their process; elsewhere it is a file. */
function lockAddress(dataDir: string): string {
  const id = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 32);
  return process.platform === 'linux' ? `\0moorage-${id}` : join(tmpdir(), `moorage-${id}.sock`);
}

function tryListen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(address, () => resolve(server.unref()));
  });
}

async function takeOverStaleFile(address: string): Promise<Server | null> {
  if (address.startsWith('\0') || (await answers(address))) return null;
  rmSync(address, { force: true });
  return tryListen(address);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
}
