import type { Database } from '@moorage/database';
import { purgeUploads, scanWithoutGrace, sweepWithoutGrace } from '../campaign/quiet.ts';
import type { RegistryUser } from '../campaign/registry-user.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type ContentFacts, checkContent } from './content-check.ts';
import { checkRows } from './rows-check.ts';
import { checkStorage } from './storage-check.ts';

export type CheckedFacts = ContentFacts & { readonly storedBlobs: number };

export const NOTHING_CHECKED: CheckedFacts = { tags: 0, artifacts: 0, blobs: 0, storedBlobs: 0 };

interface Calm {
  readonly cluster: Cluster;
  readonly database: Database;
  /** A client of the administrator's, past the balancer when an address is given. */
  readonly user: (origin?: string) => RegistryUser;
  readonly admin: RegistryUser;
  readonly log: (line: string) => void;
}

/** After everything is quiet: content and rows first, then the store once nothing is left that may be collected. */
export async function checkEverything({ cluster, database, user, admin, log }: Calm): Promise<CheckedFacts> {
  log('checking content and rows');
  const onEachCore = cluster.coreOrigins.map((core) => user(core));
  const content = await checkContent({ user: user(), onEachCore });
  await checkRows(user(), database);
  for (let round = 0; round < 2; round++) await sweepWithoutGrace(admin, database);
  await scanWithoutGrace(admin, database);
  await purgeUploads(database, cluster.dataDirectory);
  log('checking the store');
  return { ...content, storedBlobs: await checkStorage(user(), database, cluster.dataDirectory) };
}
