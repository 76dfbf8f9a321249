import { createTestDatabase, settleEvents, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  appendEvents,
  deliverEvents,
  type OutboxConsumer,
  OutboxTail,
  presentPosition,
  readEvents,
  type StoredEvent,
} from './index.ts';
import { pruneEvents } from './outbox-consumer.store.ts';

let test: TestDatabase;
const event = (name: string) => ({ name, projectId: 7, data: { name } });
const append = async (...names: string[]) => {
  await appendEvents(test.database, names.map(event));
  await settleEvents(test.database);
};
const START = { transaction: '0', id: 0 };
const names = (events: readonly StoredEvent[]) => events.map((stored) => stored.name);

function recorder(name = 'recorder'): OutboxConsumer & { seen: string[] } {
  const seen: string[] = [];
  return {
    name,
    seen,
    deliver: async (_sql, events) => {
      seen.push(...names(events));
    },
  };
}

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('truncate outbox_events, outbox_consumers');
});

describe('reading events', () => {
  it('skips nothing that begins early and commits late', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let began = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      began = resolve;
    });
    const slow = test.database.transaction(async (transaction) => {
      await appendEvents(transaction, [event('early')]);
      began();
      await held;
    });
    await started;
    await appendEvents(test.database, [event('late')]);
    expect(names(await readEvents(test.database, START, 10))).toEqual([]);
    release();
    await slow;
    await settleEvents(test.database);
    expect(names(await readEvents(test.database, START, 10))).toEqual(['early', 'late']);
  });

  it('does not show what was rolled back', async () => {
    const failed = test.database.transaction(async (transaction) => {
      await appendEvents(transaction, [event('never')]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await append('real');
    expect(names(await readEvents(test.database, START, 10))).toEqual(['real']);
  });

  it('starts after the present', async () => {
    await append('old');
    const position = await presentPosition(test.database);
    await append('new');
    expect(names(await readEvents(test.database, position, 10))).toEqual(['new']);
  });
});

describe('a consumer', () => {
  it('gets every event once, in order, also from several processes', async () => {
    await append('a', 'b');
    await append('c');
    const consumer = recorder();
    await Promise.all(Array.from({ length: 5 }, () => deliverEvents(test.database, consumer, 2)));
    while ((await deliverEvents(test.database, consumer, 2)) > 0);
    expect(consumer.seen).toEqual(['a', 'b', 'c']);
  });

  it('gets a batch again when it failed', async () => {
    await append('a');
    const failing: OutboxConsumer = { name: 'recorder', deliver: () => Promise.reject(new Error('down')) };
    await expect(deliverEvents(test.database, failing)).rejects.toThrow('down');
    const consumer = recorder();
    expect(await deliverEvents(test.database, consumer)).toBe(1);
    expect(consumer.seen).toEqual(['a']);
  });
});

describe('pruning', () => {
  it('takes old events that every consumer has seen, and only those', async () => {
    await append('a', 'b');
    await test.database.query(`update outbox_events set occurred_at = now() - interval '2 days'`);
    await deliverEvents(test.database, recorder('one'));
    expect(await pruneEvents(test.database, ['one', 'two'], 3600, 100)).toBe(0);
    await deliverEvents(test.database, recorder('two'), 1);
    await append('fresh');
    await deliverEvents(test.database, recorder('one'));
    expect(await pruneEvents(test.database, ['one', 'two'], 3600, 100)).toBe(1);
    await deliverEvents(test.database, recorder('two'));
    expect(await pruneEvents(test.database, ['one', 'two'], 3600, 100)).toBe(1);
    expect(names(await readEvents(test.database, START, 10))).toEqual(['fresh']);
  });
});

describe('the tail', () => {
  it('hands new events to all listeners and asks nothing while there are none', async () => {
    const errors: unknown[] = [];
    const tail = new OutboxTail({ database: test.database, everyMs: 5, onError: (error) => errors.push(error) });
    await append('before');
    const heard: string[][] = [[], []];
    const waiters: (() => void)[] = [];
    const listen = (index: number) =>
      tail.subscribe((events) => {
        heard[index]?.push(...names(events));
        for (const wake of waiters.splice(0)) wake();
      });
    const until = async (done: () => boolean) => {
      while (!done()) await new Promise<void>((resolve) => waiters.push(resolve));
    };
    const [first, second] = await Promise.all([listen(0), listen(1)]);
    await append('x');
    await until(() => heard[0]?.length === 1 && heard[1]?.length === 1);
    first.stop();
    await append('y');
    await until(() => heard[1]?.length === 2);
    second.stop();
    expect(heard).toEqual([['x'], ['x', 'y']]);
    await append('unheard');
    const third = await listen(0);
    await append('z');
    await until(() => heard[0]?.includes('z') ?? false);
    third.stop();
    expect(heard[0]).toEqual(['x', 'z']);
    expect(errors).toEqual([]);
  });
});
