import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDirectory } from './data-directory-lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { clearOrphanPostmaster } from './orphan-postmaster.ts';
import { type Settings, THROW_AWAY_SETTINGS } from './postmaster.ts';

const PREFIX = 'moorage-test-postgres-';
/** Younger directories may belong to a run that has not locked its own yet. */
const ORPHAN_AGE_MS = 60_000;

/**
 * Starts a PostgreSQL in a temporary directory, fast and not durable, whose role may create databases. `stop` removes
 * the directory too; what a killed test run left behind, the next one removes. `settings` come on top.
 */
export async function startTestPostgres(settings: Settings = {}): Promise<EmbeddedPostgres> {
  await removeOrphans();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(dataDir, 0o711);
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({
      dataDir,
      log: (message) => console.error(message),
      settings: { ...THROW_AWAY_SETTINGS, ...settings },
      superuser: true,
      noSync: true,
    });
    return { url: server.url, pid: server.pid, stop: () => server.stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

async function removeOrphans(): Promise<void> {
  const candidates = readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));
  for (const dataDir of candidates.map((name) => join(tmpdir(), name))) {
    const age = Date.now() - (statSync(dataDir, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    const lock = age > ORPHAN_AGE_MS ? await lockDataDirectory(dataDir).catch(() => null) : null;
    if (!lock) continue;
    await clearOrphanPostmaster(join(dataDir, 'postgres', 'cluster'));
    rmSync(dataDir, { recursive: true, force: true });
    await lock.release();
  }
}
