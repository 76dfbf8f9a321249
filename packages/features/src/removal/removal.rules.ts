import type { AnswerOf, getRemovalRun, previewRemoval } from '@moorage/contracts';
import type { Digest, RepositoryName, RepositoryScope, Tag } from '@moorage/distribution';
import type { Execution } from '@moorage/jobs';
import { auditEntry } from '../audit/index.ts';
import type { EventBody, GoneArtifact, KeptContent } from '../content/index.ts';
import type { Caller, ProjectRef } from '../http/index.ts';
import type { AuditEntry } from '../outbox/index.ts';

/** What executions of this room are called. */
export const REMOVAL_VENDOR = 'REMOVAL';

export type RemovalMode = 'untag' | 'delete';

/** Who asked for a removal, as the audit log tells of everything that goes. */
export type Actor = Pick<
  AuditEntry,
  'actorKind' | 'actorId' | 'username' | 'credentialKind' | 'clientAddress' | 'userAgent' | 'requestId'
>;

export function actorOf(caller: Caller): Actor {
  const entry = auditEntry(caller, { resourceType: 'artifact', resource: '', operation: 'delete' });
  const { actorKind, actorId, username, credentialKind, clientAddress, userAgent, requestId } = entry;
  return { actorKind, actorId, username, credentialKind, clientAddress, userAgent, requestId };
}

export function scopeOf(project: ProjectRef, repository: string): RepositoryScope {
  return { namespaceId: project.id, name: `${project.name}/${repository}` as RepositoryName };
}

/** What is told of a tag that was taken off. */
export function tagEvent(actor: Actor, scope: RepositoryScope, tag: Tag): EventBody {
  return eventOf(actor, scope, { tag }, { resourceType: 'tag', resource: `${scope.name}:${tag}` });
}

/** What is told of an artifact that went, by itself or with another. */
export function artifactEvent(actor: Actor, scope: RepositoryScope, { digest, root }: GoneArtifact): EventBody {
  return eventOf(
    actor,
    scope,
    { digest },
    { resourceType: 'artifact', resource: `${scope.name}@${digest}` },
    root === digest ? undefined : `deleted with ${scope.name}@${root}`,
  );
}

function eventOf(
  actor: Actor,
  scope: RepositoryScope,
  data: { readonly tag: Tag } | { readonly digest: Digest },
  what: Pick<AuditEntry, 'resourceType' | 'resource'>,
  description = `delete ${what.resourceType}: ${what.resource}`,
): EventBody {
  return {
    data: { repository: scope.name, ...data },
    audit: { ...actor, ...what, operation: 'delete', description, succeeded: true, status: 200 },
  };
}

export function staysView(stay: KeptContent): AnswerOf<typeof previewRemoval>['stays'][number] {
  return {
    kind: stay.tag === null ? 'artifact' : 'tag',
    name: stay.tag ?? '',
    digest: stay.digest ?? '',
    reason: stay.code,
    text: stay.text,
    asked: stay.asked,
  };
}

/** How far a run is; what is neither kept nor pending went. */
export interface RunProgress {
  readonly kept: number;
  readonly pending: number;
}

/** Of a run that has settled everything. */
export const NOTHING_LEFT: RunProgress = { kept: 0, pending: 0 };

/** Facts an execution of this room has from its start. */
export interface RunFacts {
  readonly mode: RemovalMode;
  readonly total: number;
  /** Full name. */
  readonly repository: string;
}

export function runView(run: Execution, { kept, pending }: RunProgress = NOTHING_LEFT): AnswerOf<typeof getRemovalRun> {
  const { mode, total, repository } = run.facts as unknown as RunFacts;
  return {
    id: run.id,
    repository_name: repository,
    mode,
    status: run.status,
    status_message: run.statusMessage,
    created_by: run.createdBy,
    creation_time: run.createdAt,
    ...(run.startedAt === null ? {} : { start_time: run.startedAt }),
    ...(run.endedAt === null ? {} : { end_time: run.endedAt }),
    total,
    removed: total - kept - pending,
    kept,
    pending,
  };
}
