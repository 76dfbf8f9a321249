import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './load.ts';
import { Secret } from './secret.ts';

const FILE_NAME = 'secret-key';

/**
 * The 32-byte key that encrypts stored credentials: the configured one, else the one in the data directory, which is
 * made on first use. Safe when several processes start at once: the first complete file wins.
 */
export function ensureSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): Secret<Buffer> {
  if (config.secretKey) return config.secretKey;
  const path = join(config.dataDir, FILE_NAME);
  return readKey(path) ?? createKey(path);
}

function readKey(path: string): Secret<Buffer> | null {
  try {
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    if (key.length === 32) return new Secret(key);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  throw new Error(
    `${path} does not hold a key of 32 bytes in base64. Restore it from a backup or set MOORAGE_SECRET_KEY.`,
  );
}

/** A link of a finished file appears whole or not at all, and fails when another process was first. */
function createKey(path: string): Secret<Buffer> {
  mkdirSync(join(path, '..'), { recursive: true });
  const key = randomBytes(32);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    return new Secret(key);
  } catch (error) {
    const winner = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readKey(path) : null;
    if (winner) return winner;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
