import type {
  Execution as ExecutionAnswer,
  ProjectPermission,
  SystemPermission,
  Task as TaskAnswer,
} from '@moorage/contracts';
import type { Execution, ExecutionChange, Task } from '@moorage/jobs';
import type { DomainEvent } from '../outbox/index.ts';

/** What one must be allowed to follow the runs of a kind of work: in its project, or in the installation. */
export type VendorAccess = { readonly system: SystemPermission; readonly project?: ProjectPermission };

const VENDOR_ACCESS: Readonly<Record<string, VendorAccess>> = {
  GARBAGE_COLLECTION: { system: 'garbage-collection:read' },
  STORAGE_SCAN: { system: 'garbage-collection:read' },
  STORAGE_SCRUB: { system: 'garbage-collection:read' },
  REMOVAL: { system: 'jobservice-monitor:list', project: 'artifact:delete' },
  TRASH_PURGE: { system: 'trash:list', project: 'trash:list' },
  RETENTION: { system: 'jobservice-monitor:list', project: 'tag-retention:read' },
};
const OTHERWISE: VendorAccess = { system: 'jobservice-monitor:list' };

/** Work whose plan is in rows of the run itself: only its room can begin a run like it. */
const BEGUN_IN_ITS_ROOM: ReadonlySet<string> = new Set(['REMOVAL']);

/** Whether what a run was asked to do can be asked for again without its room. */
export function canRunAgain(vendorType: string): boolean {
  return !BEGUN_IN_ITS_ROOM.has(vendorType);
}

/** The permission that lets somebody see the runs of a kind of work. */
export function vendorAccess(vendorType: string): VendorAccess {
  return (Object.hasOwn(VENDOR_ACCESS, vendorType) ? VENDOR_ACCESS[vendorType] : undefined) ?? OTHERWISE;
}

/** Tells live pages what became of a run. Without audit: who started it was recorded then. */
function executionEvent(change: ExecutionChange): DomainEvent {
  const { executionId, vendorType, vendorId, status, facts, task } = change;
  return {
    name: 'execution.updated',
    projectId: change.projectId,
    data: { executionId, vendorType, vendorId, status, facts, task },
  };
}

/** What the end of a run is called, for those who wait for it; work of the house ends without notice. */
const END_NAMES: Readonly<Record<string, string>> = {
  GARBAGE_COLLECTION: 'garbage-collection.ended',
  RETENTION: 'retention-run.ended',
  STORAGE_SCAN: 'storage-scan.ended',
  STORAGE_SCRUB: 'storage-scrub.ended',
};

/** What a change of a run is told as: the change, and after it the end when it was that. */
export function executionEvents(change: ExecutionChange): readonly DomainEvent[] {
  const name =
    change.hasEnded && Object.hasOwn(END_NAMES, change.vendorType) ? END_NAMES[change.vendorType] : undefined;
  if (name === undefined) return [executionEvent(change)];
  const { executionId, vendorId, status, facts, projectId } = change;
  return [executionEvent(change), { name, projectId, data: { executionId, vendorId, status, facts } }];
}

/** A run as the wire shows it. */
export function executionAnswer(execution: Execution): ExecutionAnswer {
  const { taskCounts: counts } = execution;
  const all = Object.values(counts).reduce((sum, number) => sum + number, 0);
  return {
    id: execution.id,
    vendor_type: execution.vendorType,
    vendor_id: execution.vendorId,
    ...(execution.projectId === null ? {} : { project_id: execution.projectId }),
    status: execution.status,
    status_message: execution.statusMessage,
    trigger: execution.trigger.toUpperCase(),
    created_by: execution.createdBy,
    extra_attrs: { ...execution.facts },
    metrics: {
      task_count: all,
      success_task_count: counts.Success ?? 0,
      error_task_count: counts.Error ?? 0,
      pending_task_count: counts.Pending ?? 0,
      running_task_count: counts.Running ?? 0,
      stopped_task_count: counts.Stopped ?? 0,
    },
    creation_time: execution.createdAt.toISOString(),
    ...times(execution),
    update_time: execution.updatedAt.toISOString(),
  };
}

/** A task as the wire shows it; its payload stays inside. */
export function taskAnswer(task: Task): TaskAnswer {
  return {
    id: task.id,
    execution_id: task.executionId,
    job: task.job,
    status: task.status,
    status_message: task.statusMessage,
    run_count: task.attempts,
    extra_attrs: { ...task.facts },
    creation_time: task.createdAt.toISOString(),
    ...times(task),
    update_time: task.updatedAt.toISOString(),
  };
}

function times({ startedAt, endedAt }: { startedAt: Date | null; endedAt: Date | null }) {
  return {
    ...(startedAt === null ? {} : { start_time: startedAt.toISOString() }),
    ...(endedAt === null ? {} : { end_time: endedAt.toISOString() }),
  };
}
