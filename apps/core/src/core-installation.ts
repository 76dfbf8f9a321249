import { access, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@moorage/config';
import { type BlobStore, digestOf } from '@moorage/distribution';
import { type Component, Installation } from '@moorage/features/system-info';
import { checkRedis } from '@moorage/jobs';

const REDIS_TIMEOUT_MS = 3_000;
/** Any digest will do: the store must be able to say whether it has it. */
const PROBE = digestOf(Buffer.from('moorage health'));

/** The facts of this process's installation: bytes in the data directory, the portal's files, Redis when it is used. */
export class CoreInstallation extends Installation {
  readonly version: string;
  readonly storageProvider = 'filesystem';
  readonly components: readonly Component[];
  readonly #dataDir: string;

  private constructor(version: string, dataDir: string, components: readonly Component[]) {
    super();
    this.version = version;
    this.components = components;
    this.#dataDir = dataDir;
  }

  static async of(config: Config, blobs: Pick<BlobStore, 'stat'>, portalDir: string): Promise<CoreInstallation> {
    const { redisUrl } = config;
    return new CoreInstallation(await readVersion(), config.dataDir, [
      { name: 'registry', isVital: true, check: async () => void (await blobs.stat(PROBE)) },
      { name: 'portal', isVital: false, check: () => access(join(portalDir, 'index.html')) },
      ...(redisUrl === undefined
        ? []
        : [{ name: 'redis', isVital: false, check: () => checkRedis(redisUrl.reveal(), REDIS_TIMEOUT_MS) }]),
    ]);
  }

  async volume(): Promise<{ total: number; free: number }> {
    const { blocks, bavail, bsize } = await statfs(this.#dataDir);
    return { total: blocks * bsize, free: bavail * bsize };
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
