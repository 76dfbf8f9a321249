import { AppError } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { Injectable } from '@nestjs/common';
import { AccessService, decideInProject } from '../access/index.ts';
import { Clock } from '../clock/index.ts';
import { ExecutionService, vendorAccess } from '../execution/index.ts';
import { type Caller, callerId, type Principal, type ProjectRef } from '../http/index.ts';
import { type EventPosition, OutboxTail, readEvents } from '../outbox/index.ts';
import {
  EVENT_PERMISSIONS,
  eventId,
  frame,
  isAfter,
  parseEventId,
  parseTopic,
  resetEvent,
  type Subscription,
} from './event.rules.ts';
import { type EventSink, EventStream } from './event-stream.ts';

const MAX_STREAMS = 1_000;
const MAX_STREAMS_OF_CALLER = 10;
/** Longer absences load everything again; events themselves are kept for a day. */
const RESUMABLE_SECONDS = 3_600;
const REPLAY_BATCH = 500;
const MAX_REPLAY = 5_000;

/** Live events for those who may hear them. */
@Injectable()
export class EventService {
  readonly #database: Database;
  readonly #tail: OutboxTail;
  readonly #access: AccessService;
  readonly #clock: Clock;
  readonly #executions: ExecutionService;
  readonly #streams = new Map<EventStream, string>();

  constructor(database: Database, tail: OutboxTail, access: AccessService, clock: Clock, executions: ExecutionService) {
    this.#database = database;
    this.#tail = tail;
    this.#access = access;
    this.#clock = clock;
    this.#executions = executions;
  }

  /**
   * Opens a stream over topics, all of which the caller must be allowed to follow. With the id of the last event it goes
   * on after that one; when that is not possible any more, it begins with `stream.reset`. The returned stream must be
   * ended when the client leaves. Throws TOO_MANY_REQUESTS beyond ten streams of one caller.
   */
  async open(
    caller: Caller,
    topics: readonly string[],
    lastId: string | undefined,
    sink: () => EventSink,
  ): Promise<EventStream> {
    const subscriptions = await Promise.all(topics.map((topic) => this.#subscribe(caller.principal, topic)));
    const owner = ownerOf(caller);
    this.#requireRoom(owner);
    let stop = (): void => undefined;
    const stream = new EventStream(
      sink(),
      subscriptions,
      () => this.#clock.now(),
      () => {
        this.#streams.delete(stream);
        stop();
      },
    );
    this.#streams.set(stream, owner);
    try {
      const subscription = await this.#tail.subscribe((events) => stream.deliver(events));
      stop = () => subscription.stop();
      // The client may have left while the database was asked.
      if (!this.#streams.has(stream)) stop();
      else await this.#catchUp(stream, subscriptions, lastId, subscription.position);
    } catch (error) {
      stream.end();
      throw error;
    }
    return stream;
  }

  /** Ends all streams, so that the process can stop; their clients go on elsewhere. */
  endAll(): void {
    for (const stream of [...this.#streams.keys()]) stream.end();
  }

  async #catchUp(
    stream: EventStream,
    subscriptions: readonly Subscription[],
    lastId: string | undefined,
    present: EventPosition,
  ): Promise<void> {
    const now = this.#clock.now();
    // Lets the client see that it is connected; the id of the present comes last, or a break would skip what was missed.
    stream.write(':\n\n');
    const from = lastId === undefined ? present : parseEventId(lastId, now, RESUMABLE_SECONDS);
    if (from !== null && (await this.#replay(stream, from, present))) stream.mark(present);
    else stream.write(frame(resetEvent(subscriptions, eventId(present, now), now)));
    stream.goLive(present);
  }

  /** Sends what happened between two positions; false when it is too much. */
  async #replay(stream: EventStream, from: EventPosition, present: EventPosition): Promise<boolean> {
    let position = from;
    if (!isAfter(present, from)) return true;
    for (let read = 0; read < MAX_REPLAY; read += REPLAY_BATCH) {
      const batch = await readEvents(this.#database, position, REPLAY_BATCH);
      const missed = batch.filter((event) => !isAfter(event.position, present));
      stream.send(missed);
      const last = missed.at(-1);
      if (!last || batch.length < REPLAY_BATCH) return true;
      position = last.position;
    }
    return false;
  }

  async #subscribe(principal: Principal, text: string): Promise<Subscription> {
    const topic = parseTopic(text);
    if (!topic) {
      throw new AppError(
        'BAD_REQUEST',
        'topics: write project:<id>, repository:<full name>, execution:<id>, executions or user:me.',
      );
    }
    if (topic.kind === 'user') {
      if (principal.kind !== 'user') throw new AppError('UNAUTHORIZED', 'topics: user:me needs sign-in as a user.');
      return { topic: text, userId: principal.id, allowed: new Set() };
    }
    if (topic.kind === 'executions') {
      this.#access.requireInSystem(principal, 'jobservice-monitor:list');
      return { topic: text, execution: 'all', allowed: new Set() };
    }
    if (topic.kind === 'execution') {
      await this.#requireRun(principal, topic.id);
      return { topic: text, execution: topic.id, allowed: new Set() };
    }
    const project =
      topic.kind === 'project'
        ? await this.#access.requireProject(principal, String(topic.projectId), false, 'project:read')
        : await this.#access.requireProject(principal, topic.project, true, 'repository:list');
    return {
      topic: text,
      projectId: project.id,
      ...(topic.kind === 'repository' ? { repository: topic.name } : {}),
      allowed: await this.#allowed(principal, project),
    };
  }

  /** Who may see a run may follow it. One that is not there is refused as one that is hidden. */
  async #requireRun(principal: Principal, id: number): Promise<void> {
    const run = await this.#executions.get({}, id).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
      throw error;
    });
    const access = vendorAccess(run?.vendorType ?? '');
    const project = run?.projectId && access.project ? await this.#access.findProject(String(run.projectId)) : null;
    const mayFollow =
      project !== null && access.project
        ? (await this.#access.decideInProject(principal, project, access.project)).allowed
        : this.#access.decideInSystem(principal, access.system).allowed;
    if (run && mayFollow) return;
    this.#access.requireInSystem(principal, vendorAccess('').system);
    throw new AppError('NOT_FOUND', `There is no run ${id}.`);
  }

  async #allowed(principal: Principal, project: ProjectRef) {
    const bindings = await this.#access.bindings(principal, project);
    return new Set(
      EVENT_PERMISSIONS.filter((permission) => decideInProject(principal, project, bindings, permission).allowed),
    );
  }

  #requireRoom(owner: string): void {
    if (this.#streams.size >= MAX_STREAMS) {
      throw new AppError('UNAVAILABLE', 'Too many live streams are open; try again in a moment.', {
        retryAfterSeconds: 10,
      });
    }
    let own = 0;
    for (const other of this.#streams.values()) if (other === owner) own++;
    if (own >= MAX_STREAMS_OF_CALLER) {
      throw new AppError('TOO_MANY_REQUESTS', `At most ${MAX_STREAMS_OF_CALLER} live streams may be open; close one.`, {
        retryAfterSeconds: 10,
      });
    }
  }
}

/** Whose streams are counted together: one account, or one address of people who are not signed in. */
function ownerOf(caller: Caller): string {
  const { principal } = caller;
  return principal.kind === 'anonymous' ? `anonymous@${caller.address}` : callerId(principal);
}
