import type { Settings } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import type { Tag } from '@moorage/distribution';
import { PermanentFailure, type Processor, processor, type TaskContext } from '@moorage/jobs';
import type { z } from 'zod';
import { digestBytes, digestFromHex, type RemovalOutcome } from '../content/index.ts';
import { READ_ONLY_RUN } from '../settings/index.ts';
import { BulkRemover, type Selected } from './bulk-remover.ts';
import { removeInBackground } from './removal.jobs.ts';
import type { Actor } from './removal.rules.ts';
import { RemovalRunStore, type RunItem } from './removal-run.store.ts';

/** Between two looks at whether the run was stopped. */
const ITEMS_PER_STEP = 250;

type Payload = z.infer<typeof removeInBackground.payload>;

/**
 * Does what runs of this room ask for, in the repository that was meant, whatever it is called now. What went before a
 * crash is not there any more and counts as removed.
 */
export function removalProcessor(database: Database, settings: () => Promise<Pick<Settings, 'read_only'>>): Processor {
  const remover = new BulkRemover(database);
  const runs = new RemovalRunStore(database);
  return processor(removeInBackground, async (context: TaskContext<Payload>) => {
    const { payload, executionId, signal } = context;
    if ((await settings()).read_only) throw new PermanentFailure(READ_ONLY_RUN);
    const { projectId, repositoryId, selectedAt } = payload;
    for (;;) {
      signal.throwIfAborted();
      const items = await runs.next(executionId, ITEMS_PER_STEP);
      if (items.length === 0) break;
      const name = await runs.nameOf(projectId, repositoryId);
      if (name === null) throw new PermanentFailure('The repository was deleted meanwhile; the rest went with it.');
      const outcome = await remover.remove(
        { namespaceId: projectId, name },
        selectedOf(payload.mode, items),
        payload.actor as Actor,
        { executionId, repositoryId, selectedAt },
      );
      const kept = keptItems(items, outcome);
      await runs.settle(
        executionId,
        items,
        kept,
        outcome.removed.map(({ digest }) => digestBytes(digest).toString('hex')),
      );
      for (const { detail } of kept.values()) context.log(`STAYS ${detail}`, 'WARNING');
      await context.report({ ...(await runs.progress([executionId])).get(executionId) });
    }
  });
}

function selectedOf(mode: Payload['mode'], items: readonly RunItem[]): Selected {
  return mode === 'untag'
    ? {
        mode,
        tags: items.flatMap(({ tag, digest }) =>
          tag === null ? [] : [{ name: tag as Tag, digest: digest === null ? undefined : digestFromHex(digest) }],
        ),
      }
    : { mode, digests: items.flatMap(({ digest }) => (digest === null ? [] : [digestFromHex(digest)])) };
}

/** Which items stay, by their number. What is not there any more went, whoever took it. */
function keptItems(items: readonly RunItem[], outcome: RemovalOutcome) {
  const stays = new Map(
    outcome.kept
      .filter(({ asked, code }) => asked && code !== 'missing')
      .map((stay) => [
        stay.tag ?? (stay.digest === null ? '' : digestBytes(stay.digest).toString('hex')),
        { reason: stay.code, detail: stay.text },
      ]),
  );
  return new Map(
    items.flatMap(({ item, tag, digest }) => {
      const stay = stays.get(tag ?? digest ?? '');
      return stay ? [[item, stay] as const] : [];
    }),
  );
}
