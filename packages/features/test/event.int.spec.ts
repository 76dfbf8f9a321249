import type { LiveEvent } from '@moorage/contracts';
import {
  createTestDatabase,
  seedMember,
  seedProject,
  seedUser,
  settleEvents,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventService } from '../src/event/index.ts';
import type { EventStream } from '../src/event/event-stream.ts';
import { ExecutionService } from '../src/execution/index.ts';
import { ANONYMOUS, type Principal } from '../src/http/index.ts';
import { appendEvents, OutboxTail } from '../src/outbox/index.ts';
import { callerOf, outcomeOf, testCatalog, userPrincipal } from './catalog-core.ts';
import { TestClock } from './identity-core.ts';

let test: TestDatabase;
let events: EventService;
let clock: TestClock;
let team: number;
let open: number;
let guest: Principal;
let stranger: Principal;
let admin: Principal;
const streams: EventStream[] = [];

/** A client that reads: what it was sent, and a way to wait for more. */
class Client {
  text = '';
  ended = false;
  #wake: (() => void)[] = [];

  get events(): LiveEvent[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] as string) as LiveEvent);
  }

  get names(): string[] {
    return this.events.map((event) => event.name);
  }

  get lastId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }

  write = (text: string): boolean => {
    this.text += text;
    for (const wake of this.#wake.splice(0)) wake();
    return true;
  };

  end = (): void => {
    this.ended = true;
  };

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
}

async function connect(principal: Principal, topics: string[], lastId?: string): Promise<Client> {
  const client = new Client();
  streams.push(await events.open(callerOf(principal), topics, lastId, () => client));
  return client;
}
const happen = (name: string, projectId: number | null, data: object = {}) =>
  appendEvents(test.database, [{ name, projectId, data }]);

beforeAll(async () => {
  test = await createTestDatabase();
  const ownerId = await seedUser(test.database, 'owner');
  admin = userPrincipal(ownerId, 'owner', true);
  const guestId = await seedUser(test.database, 'guest');
  guest = userPrincipal(guestId, 'guest');
  stranger = userPrincipal(await seedUser(test.database, 'stranger'), 'stranger');
  team = await seedProject(test.database, 'team', { ownerId });
  open = await seedProject(test.database, 'open', { ownerId, isPublic: true });
  await seedMember(test.database, team, guestId, 5);
});
afterAll(() => test.close());
beforeEach(() => {
  clock = new TestClock();
  const { access } = testCatalog(test.database);
  const tail = new OutboxTail({ database: test.database, everyMs: 5, onError: () => undefined });
  events = new EventService(test.database, tail, access, clock, new ExecutionService(test.database));
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.end();
  await test.database.query('truncate outbox_events');
});

describe('opening a stream', () => {
  it('takes topics the caller may follow, and refuses hidden and absent ones alike', async () => {
    await connect(guest, [`project:${team}`, 'repository:team/web', 'user:me', `project:${open}`]);
    await connect(ANONYMOUS, [`project:${open}`, 'repository:open/web']);
    expect(await outcomeOf(connect(stranger, [`project:${team}`]))).toBe('FORBIDDEN');
    expect(await outcomeOf(connect(stranger, ['project:999999']))).toBe('FORBIDDEN');
    expect(await outcomeOf(connect(stranger, ['repository:team/web']))).toBe('FORBIDDEN');
    expect(await outcomeOf(connect(ANONYMOUS, ['user:me']))).toBe('UNAUTHORIZED');
    expect(await outcomeOf(connect(ANONYMOUS, [`project:${team}`]))).toBe('UNAUTHORIZED');
    expect(await outcomeOf(connect(guest, ['everything']))).toBe('BAD_REQUEST');
    expect(await outcomeOf(connect(admin, ['project:999999']))).toBe('NOT_FOUND');
  });

  it('is limited for each caller, and free again when streams end', async () => {
    for (let count = 0; count < 10; count++) await connect(guest, ['user:me']);
    expect(await outcomeOf(connect(guest, ['user:me']))).toBe('TOO_MANY_REQUESTS');
    await connect(stranger, ['user:me']);
    streams[0]?.end();
    await connect(guest, ['user:me']);
    events.endAll();
    await connect(guest, ['user:me']);
  });
});

describe('a stream', () => {
  it('carries what its caller may hear, as it happens', async () => {
    const client = await connect(guest, [`project:${team}`, 'repository:team/web', 'user:me']);
    const outsider = await connect(ANONYMOUS, [`project:${open}`]);
    await happen('artifact.pushed', team, { repository: 'team/web', digest: 'sha256:x' });
    await happen('robot.created', team, { robotId: 1 });
    await happen('artifact.pushed', open, { repository: 'open/web' });
    await happen('member.created', team, { userId: guest.kind === 'user' ? guest.id : 0 });
    await client.until(() => client.names.includes('member.created'));
    expect(client.events).toMatchObject([
      {
        name: 'artifact.pushed',
        project_id: team,
        topics: [`project:${team}`, 'repository:team/web'],
        data: { repository: 'team/web' },
      },
      { name: 'member.created', topics: ['user:me'] },
    ]);
    await outsider.until(() => outsider.names.length > 0);
    expect(outsider.names).toEqual(['artifact.pushed']);
  });

  it('goes on after the last id, without gap and repeat', async () => {
    const before = await connect(guest, [`project:${team}`]);
    await happen('artifact.pushed', team, { n: 1 });
    await before.until(() => before.names.length === 1);
    streams[0]?.end();
    expect(before.ended).toBe(true);
    for (const n of [2, 3]) await happen('artifact.pushed', team, { n });
    await settleEvents(test.database);
    const after = await connect(guest, [`project:${team}`], before.lastId);
    await happen('artifact.pushed', team, { n: 4 });
    await after.until(() => after.events.length === 3);
    expect(after.events.map((event) => event.data.n)).toEqual([2, 3, 4]);
    const again = await connect(guest, [`project:${team}`], after.lastId);
    await happen('artifact.pushed', team, { n: 5 });
    await again.until(() => again.events.length > 0);
    expect(again.events.map((event) => event.data.n)).toEqual([5]);
  });

  it('resumes also when nothing had happened yet', async () => {
    const quiet = await connect(guest, [`project:${team}`]);
    const id = quiet.lastId;
    streams[0]?.end();
    await happen('artifact.pushed', team);
    await settleEvents(test.database);
    const client = await connect(guest, [`project:${team}`], id);
    await client.until(() => client.names.length > 0);
    expect(client.names).toEqual(['artifact.pushed']);
  });

  it('says so when it cannot go on', async () => {
    const quiet = await connect(guest, [`project:${team}`]);
    clock.advance(3_700);
    for (const id of [quiet.lastId, 'forged', '1.2']) {
      const client = await connect(guest, [`project:${team}`], id);
      expect(client.events).toMatchObject([{ name: 'stream.reset', topics: [`project:${team}`] }]);
    }
    // Without listeners nobody follows along: the next stream begins where the events end.
    for (const stream of streams.splice(0)) stream.end();
    await test.database.query(
      `insert into outbox_events (name, project_id, payload) select 'artifact.pushed', $1, '{"data": {}}' from generate_series(1, 5200)`,
      [team],
    );
    await settleEvents(test.database);
    const late = await connect(guest, [`project:${team}`], `0.0.${Math.floor(clock.now().getTime() / 1000)}`);
    expect(late.names.at(-1)).toBe('stream.reset');
  });

  it('ends when its client does not read, and when the process stops', async () => {
    const slow = new Client();
    slow.write = (text) => {
      slow.text += text;
      return !text.includes('data:');
    };
    streams.push(await events.open(callerOf(guest), [`project:${team}`], undefined, () => slow));
    const reader = await connect(guest, [`project:${team}`]);
    await happen('artifact.pushed', team);
    await reader.until(() => reader.names.length === 1);
    expect(slow.ended).toBe(true);
    expect(reader.ended).toBe(false);
    events.endAll();
    expect(reader.ended).toBe(true);
  });
});
