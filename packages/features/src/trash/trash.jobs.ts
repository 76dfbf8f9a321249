import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { fillItem, itemsToFill } from '../content/index.ts';
import type { AuditEntry } from '../outbox/index.ts';
import { continueRestoration, restorationsUnderWay } from '../restoration/index.ts';
import { ProjectTrashStore } from './project-trash.store.ts';
import { type ItemToPurge, PurgeStore } from './purge.store.ts';

const EXPIRED_PER_BEAT = 1000;
const EMPTIED_PER_BEAT = 100;
const FILLED_PER_BEAT = 10;

/**
 * Moves large repositories on, into the trash and out of it, and empties what has been in the trash for its time, and
 * what somebody asked to purge and did not wait for. In read-only mode the trash stays as full as it is; a deletion or
 * restoration already answered for is finished.
 */
export function emptyTrashPulse(database: Database, isReadOnly: () => Promise<boolean>): Pulse {
  const purges = new PurgeStore(database);
  const projects = new ProjectTrashStore(database);
  return {
    name: 'trash.empty',
    everyMs: 10_000,
    run: async (signal) => {
      const failures: unknown[] = [];
      // One item that cannot be moved or emptied must not hold up the others.
      const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => void failures.push(error));
      for (const itemId of await itemsToFill(database, FILLED_PER_BEAT))
        await attempt(fillItem(database, itemId, () => !signal.aborted));
      for (const itemId of await restorationsUnderWay(database, FILLED_PER_BEAT))
        await attempt(continueRestoration(database, itemId, () => !signal.aborted));
      if (await isReadOnly()) return tell(failures);
      await purges.markExpired(EXPIRED_PER_BEAT);
      for (let items = await purges.marked(EMPTIED_PER_BEAT, null); items.length > 0 && !signal.aborted; ) {
        for (const item of items) {
          if (signal.aborted) return;
          if (item.kind === 'project') await attempt(projects.empty(item, systemPurgeAudit(item), signal));
          else await attempt(purges.empty(item, systemPurgeAudit(item)));
        }
        // What failed is still marked; the next beat tries it again.
        items = failures.length > 0 ? [] : await purges.marked(EMPTIED_PER_BEAT, null);
      }
      tell(failures);
    },
  };
}

function tell(failures: readonly unknown[]): void {
  if (failures.length > 0) throw new AggregateError(failures, 'parts of the trash could not be moved or emptied');
}

/** What the audit log says of an item that goes when nobody waits for it. */
export function systemPurgeAudit(item: ItemToPurge): AuditEntry {
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
