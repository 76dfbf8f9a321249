import type { LiveEvent, ProjectPermission } from '@moorage/contracts';
import type { EventPosition, StoredEvent } from '../outbox/index.ts';

/** What a stream is about, as its caller wrote it. */
export type Topic =
  | { readonly kind: 'project'; readonly projectId: number }
  /** Full name, project first. */
  | { readonly kind: 'repository'; readonly project: string; readonly name: string }
  | { readonly kind: 'user' }
  /** One run of long work. */
  | { readonly kind: 'execution'; readonly id: number }
  /** All runs. */
  | { readonly kind: 'executions' };

/** A topic a caller may follow, with the rights it was opened with. */
export interface Subscription {
  /** As the caller wrote it. */
  readonly topic: string;
  /** Set for topics of a project. */
  readonly projectId?: number;
  /** Full name; set for topics of a repository. */
  readonly repository?: string;
  /** Set for the caller's own topic. */
  readonly userId?: number;
  /** Set for topics of runs: one, or all. */
  readonly execution?: number | 'all';
  readonly allowed: ReadonlySet<ProjectPermission>;
}

/** What one must be allowed to see an event live; who may not read its list may not hear of it either. */
const PERMISSIONS: Readonly<Record<string, ProjectPermission>> = {
  project: 'project:read',
  repository: 'repository:list',
  artifact: 'artifact:list',
  tag: 'tag:list',
  member: 'member:list',
  robot: 'robot:list',
  quota: 'quota:read',
  label: 'label:list',
  'immutable-rule': 'immutable-tag:list',
};
/** Events of every other kind are for those who read the project's log. */
const OTHERWISE: ProjectPermission = 'log:list';

/** Every permission that decides about some event. */
export const EVENT_PERMISSIONS: readonly ProjectPermission[] = [...new Set([...Object.values(PERMISSIONS), OTHERWISE])];

/** The permission an event needs, by the room in its name. */
export function permissionForEvent(name: string): ProjectPermission {
  const room = name.slice(0, name.indexOf('.'));
  return (Object.hasOwn(PERMISSIONS, room) ? PERMISSIONS[room] : undefined) ?? OTHERWISE;
}

/** Reads a topic; null for anything that is none. */
export function parseTopic(text: string): Topic | null {
  if (text === 'user:me') return { kind: 'user' };
  if (text === 'executions') return { kind: 'executions' };
  const colon = text.indexOf(':');
  const [kind, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  if (kind === 'project' && /^[1-9][0-9]{0,8}$/.test(rest)) return { kind, projectId: Number(rest) };
  if (kind === 'execution' && /^[1-9][0-9]{0,14}$/.test(rest)) return { kind, id: Number(rest) };
  const slash = rest.indexOf('/');
  if (kind === 'repository' && slash > 0 && slash < rest.length - 1 && !rest.includes('\0')) {
    return { kind, project: rest.slice(0, slash), name: rest };
  }
  return null;
}

/** Whether an event is for a subscription. */
export function isFor(event: StoredEvent, subscription: Subscription): boolean {
  if (subscription.userId !== undefined) return event.data.userId === subscription.userId;
  if (subscription.execution !== undefined) {
    return (
      event.name === 'execution.updated' &&
      (subscription.execution === 'all' || event.data.executionId === subscription.execution)
    );
  }
  return (
    event.projectId === subscription.projectId &&
    subscription.allowed.has(permissionForEvent(event.name)) &&
    (subscription.repository === undefined || event.data.repository === subscription.repository)
  );
}

/** The event as a stream shows it, or null when it is for none of its topics. Never what audit says of it. */
export function liveEvent(event: StoredEvent, subscriptions: readonly Subscription[], id: string): LiveEvent | null {
  const topics = subscriptions.filter((subscription) => isFor(event, subscription)).map(({ topic }) => topic);
  if (topics.length === 0) return null;
  return {
    id,
    name: event.name,
    occurred_at: event.occurredAt.toISOString(),
    topics,
    ...(event.projectId === null ? {} : { project_id: event.projectId }),
    data: event.data,
  };
}

/** Tells a client that events are missing: it loads what it shows again. */
export function resetEvent(subscriptions: readonly Subscription[], id: string, now: Date): LiveEvent {
  const topics = subscriptions.map(({ topic }) => topic);
  return { id, name: 'stream.reset', occurred_at: now.toISOString(), topics, data: {} };
}

/** A position as the id of a server-sent event, with the second it was given out. */
export function eventId(position: EventPosition, now: Date): string {
  return `${position.transaction}.${position.id}.${Math.floor(now.getTime() / 1000)}`;
}

/** Reads an id given out by {@link eventId} within the last `maxAgeSeconds`; null for others, which cannot be resumed from. */
export function parseEventId(id: string, now: Date, maxAgeSeconds: number): EventPosition | null {
  const match = /^([0-9]{1,19})\.([0-9]{1,15})\.([0-9]{1,11})$/.exec(id);
  if (!match) return null;
  const age = now.getTime() / 1000 - Number(match[3]);
  return age < maxAgeSeconds ? { transaction: match[1] as string, id: Number(match[2]) } : null;
}

/** Whether `left` comes after `right`. */
export function isAfter(left: EventPosition, right: EventPosition): boolean {
  const [mine, other] = [BigInt(left.transaction), BigInt(right.transaction)];
  return mine === other ? left.id > right.id : mine > other;
}

/** One server-sent event; JSON never holds a bare line break. */
export function frame(event: LiveEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}
