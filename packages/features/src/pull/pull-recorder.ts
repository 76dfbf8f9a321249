import type { Sql } from '@moorage/database';
import type { ChangeContext, Digest, Tag } from '@moorage/distribution';
import { auditEntry } from '../audit/index.ts';
import { Clock, SystemClock } from '../clock/index.ts';
import type { Caller } from '../http/index.ts';
import { eventPayload, type Occurrence } from '../outbox/index.ts';
import { callerOf } from '../registry/index.ts';
import { appendPulls, type RecordedPull } from './pull.store.ts';

const FLUSH_MS = 3000;
/** So many pulls are written without waiting for the time. */
const FLUSH_AT = 5000;
/** With the database away for long, further pulls are forgotten rather than filling the memory. */
const MAX_PENDING = 100_000;
/** Pulls one event tells of; keeps events small for those who read them live. */
const MAX_OCCURRENCES = 100;
/** A client asks for the digest at once after it resolved the tag. */
const RESOLVED_FOR_MS = 300_000;
const MAX_RESOLVED = 20_000;

/** How a manifest was read, as the engine tells it after the answer. */
export interface ManifestRead {
  readonly method: 'GET' | 'HEAD';
  readonly digest: Digest;
  readonly tag?: Tag;
}

interface PendingPull {
  readonly caller: Caller;
  readonly projectId: number;
  readonly repository: string;
  readonly digest: Digest;
  readonly tag: string | null;
  /** Never empty. */
  readonly occurrences: Occurrence[];
}

/**
 * Counts pulls in memory and writes them in batches (F4), so that no pull waits for a write. A HEAD is no pull; but when
 * the same caller then gets the digest it learnt from a tag, that tag was pulled (F2). What scanner, replication and
 * proxy read through internal callers does not count (F3). Pulls of one artifact by one caller within a batch share an
 * event; each of them becomes an audit row with its time and request.
 */
export class PullRecorder {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #pending = new Map<string, PendingPull>();
  #pendingPulls = 0;
  /** The tag behind a digest, by who resolved it; oldest first. */
  readonly #resolved = new Map<string, { readonly tag: string; readonly until: number }>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  /** `onError` is told when a batch could not be written; it is tried again with the next. */
  constructor(sql: Sql, options: { clock?: Clock; onError?: (error: unknown) => void } = {}) {
    this.#sql = sql;
    this.#clock = options.clock ?? new SystemClock();
    this.#onError = options.onError ?? (() => undefined);
  }

  /** Takes note of an answered read. Never throws and never waits. */
  record(context: ChangeContext, read: ManifestRead): void {
    const caller = callerOf(context);
    if (caller.credential === 'internal') return;
    const now = this.#clock.now();
    const who = `${context.caller.id} ${context.repository.namespaceId} ${context.repository.name} ${read.digest}`;
    if (read.method === 'HEAD') {
      if (read.tag !== undefined) this.#resolve(who, read.tag, now.getTime());
      return;
    }
    this.#count(context, caller, read.digest, read.tag ?? this.#tagBehind(who, now.getTime()), now);
  }

  /** Writes what is pending; resolves when it is written or has failed. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  /** Writes what is pending and stops. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #resolve(who: string, tag: string, now: number): void {
    this.#resolved.delete(who);
    this.#resolved.set(who, { tag, until: now + RESOLVED_FOR_MS });
    if (this.#resolved.size <= MAX_RESOLVED) return;
    for (const oldest of this.#resolved.keys()) {
      this.#resolved.delete(oldest);
      return;
    }
  }

  #tagBehind(who: string, now: number): string | null {
    const resolved = this.#resolved.get(who);
    return resolved && resolved.until > now ? resolved.tag : null;
  }

  #count(context: ChangeContext, caller: Caller, digest: Digest, tag: string | null, now: Date): void {
    const { namespaceId: projectId, name: repository } = context.repository;
    const origin = [context.caller.id, caller.credential, caller.address, caller.userAgent];
    const key = JSON.stringify([projectId, repository, digest, tag, ...origin]);
    const pull = {
      caller,
      projectId,
      repository,
      digest,
      tag,
      occurrences: [{ at: now, requestId: caller.requestId }],
    };
    if (!this.#keep(key, pull)) return;
    if (this.#pendingPulls === FLUSH_AT) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Adds pulls to those pending; false when there are too many already. */
  #keep(key: string, pull: PendingPull): boolean {
    if (this.#pendingPulls + pull.occurrences.length > MAX_PENDING) return false;
    this.#pendingPulls += pull.occurrences.length;
    const pending = this.#pending.get(key);
    if (pending) pending.occurrences.push(...pull.occurrences);
    else this.#pending.set(key, pull);
    return true;
  }

  async #write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#pending;
    if (batch.size === 0) return;
    this.#pending = new Map();
    this.#pendingPulls = 0;
    try {
      await appendPulls(this.#sql, [...batch.values()].flatMap(recorded));
    } catch (error) {
      this.#onError(error);
      this.#putBack(batch);
    }
  }

  #putBack(batch: ReadonlyMap<string, PendingPull>): void {
    for (const [key, pull] of batch) this.#keep(key, pull);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }
}

/** The pulls as events of at most {@link MAX_OCCURRENCES} each. */
function recorded({ caller, projectId, repository, digest, tag, occurrences }: PendingPull): RecordedPull[] {
  const resource = tag === null ? `${repository}@${digest}` : `${repository}:${tag}`;
  const audit = auditEntry(caller, { resourceType: 'artifact', resource, operation: 'pull', after: { digest } });
  const parts = Array.from({ length: Math.ceil(occurrences.length / MAX_OCCURRENCES) }, (_, index) =>
    occurrences.slice(index * MAX_OCCURRENCES, (index + 1) * MAX_OCCURRENCES),
  );
  return parts.map((part) => {
    const pulls = part.length;
    const event = eventPayload({ data: { repository, digest, tag, pulls }, audit, occurrences: part });
    const lastPulledAt = new Date(Math.max(...part.map(({ at }) => at.getTime())));
    return { projectId, repository, digest, tag, pulls, lastPulledAt, event };
  });
}
