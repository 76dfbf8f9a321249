import type { TaskContext } from '@moorage/jobs';
import type { ContentRemoval } from '../content/index.ts';
import type { AuditEntry } from '../outbox/index.ts';
import { type CollectionPlan, inUnits } from './garbage.rules.ts';
import type { UntaggedArtifact, UntaggedStore } from './untagged.store.ts';

const BATCH = 500;

interface UntaggedParts {
  readonly store: UntaggedStore;
  readonly removal: ContentRemoval;
  readonly ageSeconds: number;
  /** What the run calls how many went. */
  readonly name: string;
}

/**
 * Moves artifacts without tags to the trash, by the one service that removes; what that keeps, stays. Counts them in the
 * transaction that takes them; with a dry run, anew from the first, those that would be asked for.
 */
export async function removeUntagged(parts: UntaggedParts, context: TaskContext<CollectionPlan>): Promise<void> {
  let count = 0;
  let bytes = 0;
  for (let after = 0; ; ) {
    context.signal.throwIfAborted();
    const found = await parts.store.list(after, parts.ageSeconds, BATCH);
    const last = found.at(-1);
    if (!last) break;
    after = last.id;
    if (context.payload.dryRun) count += found.length;
    else for (const group of byRepository(found)) count += await removeOf(parts, group, context);
    bytes += found.reduce((sum, artifact) => sum + artifact.bytes, 0);
    await context.report(context.payload.dryRun ? { untagged: count } : {});
  }
  if (context.payload.dryRun) await context.summarise({ [parts.name]: count });
  if (count > 0) {
    context.log(
      `${context.payload.dryRun ? 'would remove' : 'removed'} ${count} untagged artifacts of ${inUnits(bytes)}`,
    );
  }
}

async function removeOf(
  { removal, name }: UntaggedParts,
  group: readonly UntaggedArtifact[],
  context: TaskContext<CollectionPlan>,
): Promise<number> {
  const { repository } = group[0] as UntaggedArtifact;
  const outcome = await removal.removeArtifacts({
    repository,
    // A tag it got meanwhile keeps it, and so does being pushed again.
    artifacts: group.map(({ digest, knownUntil }) => ({ digest, knownUntil, knownTags: new Set() })),
    along: true,
    origin: { reason: 'deleted', by: 'garbage collection', executionId: context.executionId },
    eventOf: ({ digest }) => ({
      data: { repository: repository.name, digest },
      audit: auditOf(`${repository.name}@${digest}`),
    }),
    noted: (transaction, removed) =>
      context.count(transaction, { add: { untagged: removed.length }, names: { untagged: name } }),
  });
  for (const kept of outcome.kept) {
    if (kept.asked && kept.code !== 'missing') context.log(`kept in ${repository.name}: ${kept.text}`);
  }
  return outcome.removed.length;
}

function byRepository(artifacts: readonly UntaggedArtifact[]): UntaggedArtifact[][] {
  return [...Map.groupBy(artifacts, ({ repository }) => `${repository.namespaceId} ${repository.name}`).values()];
}

function auditOf(resource: string): AuditEntry {
  return {
    actorKind: 'system',
    actorId: null,
    username: 'system',
    credentialKind: 'internal',
    clientAddress: '',
    userAgent: '',
    requestId: '',
    resourceType: 'artifact',
    resource,
    operation: 'delete',
    description: `deleted by garbage collection, as nothing tags it: ${resource}`,
    succeeded: true,
    status: 200,
  };
}
