import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../outbox/index.ts';
import {
  eventId,
  frame,
  isAfter,
  isFor,
  liveEvent,
  parseEventId,
  parseTopic,
  permissionForEvent,
  type Subscription,
} from './event.rules.ts';

const NOW = new Date('2026-11-25T10:00:00Z');
const event = (name: string, data: object = {}, projectId: number | null = 7): StoredEvent => ({
  position: { transaction: '900', id: 3 },
  name,
  projectId,
  data: data as Record<string, unknown>,
  audit: { username: 'ada', clientAddress: '192.0.2.1' } as never,
  occurredAt: NOW,
});
const project: Subscription = { topic: 'project:7', projectId: 7, allowed: new Set(['artifact:list', 'project:read']) };

describe('topics', () => {
  it.each([
    ['project:12', { kind: 'project', projectId: 12 }],
    ['repository:a/b/c', { kind: 'repository', project: 'a', name: 'a/b/c' }],
    ['user:me', { kind: 'user' }],
    ['execution:12', { kind: 'execution', id: 12 }],
    ['executions', { kind: 'executions' }],
  ])('%s', (text, expected) => expect(parseTopic(text)).toEqual(expected));

  it.each([
    '',
    'project:',
    'project:0',
    'project:01',
    'project:1e3',
    'project:a',
    'repository:a',
    'repository:/a',
    'repository:a/',
    'user:1',
    'execution:0',
    'executions:1',
    'x',
    'constructor:1',
  ])('not %j', (text) => expect(parseTopic(text)).toBeNull());
});

describe('who hears of an event', () => {
  it('needs the permission to read its list', () => {
    expect(isFor(event('artifact.pushed'), project)).toBe(true);
    expect(isFor(event('robot.created'), project)).toBe(false);
    expect(isFor(event('artifact.pushed', {}, 8), project)).toBe(false);
    expect(permissionForEvent('constructor.x')).toBe('log:list');
    expect(permissionForEvent('something-new.happened')).toBe('log:list');
  });

  it('of a repository needs its name too', () => {
    const repository = { ...project, repository: 'team/web' };
    expect(isFor(event('artifact.pushed', { repository: 'team/web' }), repository)).toBe(true);
    expect(isFor(event('artifact.pushed', { repository: 'team/web2' }), repository)).toBe(false);
    expect(isFor(event('project.updated'), repository)).toBe(false);
  });

  it("of one's own is whoever it is about", () => {
    const own: Subscription = { topic: 'user:me', userId: 5, allowed: new Set() };
    expect(isFor(event('member.created', { userId: 5 }), own)).toBe(true);
    expect(isFor(event('member.created', { userId: 6 }), own)).toBe(false);
    expect(isFor(event('artifact.pushed'), own)).toBe(false);
  });

  it('of a run hears of that run only', () => {
    const run: Subscription = { topic: 'execution:5', execution: 5, allowed: new Set() };
    expect(isFor(event('execution.updated', { executionId: 5 }), run)).toBe(true);
    expect(isFor(event('execution.updated', { executionId: 6 }), run)).toBe(false);
    expect(isFor(event('artifact.pushed', { executionId: 5 }), run)).toBe(false);
    expect(isFor(event('execution.updated', { executionId: 6 }), { ...run, execution: 'all' })).toBe(true);
    expect(isFor(event('robot.created'), { ...run, execution: 'all' })).toBe(false);
  });

  it('sees data and topics, never what audit says', () => {
    const own: Subscription = { topic: 'user:me', userId: 5, allowed: new Set() };
    const live = liveEvent(event('project.updated', { userId: 5 }), [project, own], '1.2.3');
    expect(live).toEqual({
      id: '1.2.3',
      name: 'project.updated',
      occurred_at: NOW.toISOString(),
      topics: ['project:7', 'user:me'],
      project_id: 7,
      data: { userId: 5 },
    });
    expect(liveEvent(event('robot.created'), [project, own], '1.2.3')).toBeNull();
  });
});

describe('ids', () => {
  it('come back as they went out, for an hour', () => {
    const id = eventId({ transaction: '18446744073709551', id: 42 }, NOW);
    expect(parseEventId(id, NOW, 3600)).toEqual({ transaction: '18446744073709551', id: 42 });
    expect(parseEventId(id, new Date(NOW.getTime() + 3_599_000), 3600)).not.toBeNull();
    expect(parseEventId(id, new Date(NOW.getTime() + 3_600_000), 3600)).toBeNull();
  });

  it.each(['', 'x', '1.2', '1.2.3.4', '-1.2.3', '1e3.2.3', `${'9'.repeat(20)}.1.1`, '1.2.\n3'])('not %j', (id) =>
    expect(parseEventId(id, NOW, 3600)).toBeNull(),
  );

  it('are ordered by transaction first', () => {
    expect(isAfter({ transaction: '10', id: 1 }, { transaction: '9', id: 5 })).toBe(true);
    expect(isAfter({ transaction: '9', id: 5 }, { transaction: '9', id: 5 })).toBe(false);
  });
});

it('a frame is one event whatever its data', () => {
  const live = liveEvent(event('artifact.pushed', { tag: 'a\r\n\ndata: {}\nid: 9' }), [project], '1.2.3');
  const text = live ? frame(live) : '';
  expect(text.trimEnd().split(/\r\n|\r|\n/)).toHaveLength(2);
});
