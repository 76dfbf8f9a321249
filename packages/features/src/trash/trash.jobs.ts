import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { fillItem, itemsToFill } from '../content/index.ts';
import type { AuditEntry } from '../outbox/index.ts';
import { ProjectTrashStore } from './project-trash.store.ts';
import { type ItemToPurge, PurgeStore } from './purge.store.ts';

const EXPIRED_PER_BEAT = 1000;
const EMPTIED_PER_BEAT = 100;
const FILLED_PER_BEAT = 10;

/**
 * Moves large repositories on, and empties what has been in the trash for its time, and what somebody asked to purge and did not wait for.
 * In read-only mode the trash stays as full as it is; a deletion already answered for is finished.
 */
export function emptyTrashPulse(database: Database, isReadOnly: () => Promise<boolean>): Pulse {
  const purges = new PurgeStore(database);
  const projects = new ProjectTrashStore(database);
  return {
    name: 'trash.empty',
    everyMs: 10_000,
    run: async (signal) => {
      for (const itemId of await itemsToFill(database, FILLED_PER_BEAT))
        await fillItem(database, itemId, () => !signal.aborted);
      if (await isReadOnly()) return;
      await purges.markExpired(EXPIRED_PER_BEAT);
      for (let items = await purges.marked(EMPTIED_PER_BEAT, null); items.length > 0 && !signal.aborted; ) {
        for (const item of items) {
          if (signal.aborted) return;
          if (item.kind === 'project') await projects.empty(item, expiryAudit(item), signal);
          else await purges.empty(item, expiryAudit(item));
        }
        items = await purges.marked(EMPTIED_PER_BEAT, null);
      }
    },
  };
}

function expiryAudit(item: ItemToPurge): AuditEntry {
  return {
    actorKind: 'system',
    actorId: null,
    username: 'system',
    credentialKind: 'internal',
    clientAddress: '',
    userAgent: '',
    requestId: '',
    resourceType: item.kind,
    resource: item.title,
    operation: 'purge',
    description: `delete ${item.title} from the trash for good`,
    succeeded: true,
    status: 200,
  };
}
