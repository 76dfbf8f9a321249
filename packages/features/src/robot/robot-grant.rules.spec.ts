import {
  ROBOT_PROJECT_PERMISSIONS,
  ROLE_PERMISSIONS,
  type ProjectPermission,
  type RobotPermission,
} from '@moorage/contracts';
import { describe, expect, it } from 'vitest';
import { delegatedBy, expiryOf, readGrants, refuseDuration } from './robot-grant.rules.ts';

const entry = (kind: 'system' | 'project', namespace: string, ...pairs: string[]): RobotPermission => ({
  kind,
  namespace,
  access: pairs.map((pair) => {
    const [resource = '', action = ''] = pair.split(':');
    return { resource, action };
  }),
});

describe('readGrants', () => {
  it('joins entries for one namespace, sorted and once each (ROB-1)', () => {
    expect(
      readGrants('system', [
        entry('project', 'web', 'repository:push', 'repository:pull'),
        entry('system', '/', 'project:list'),
        entry('project', 'web', 'tag:list', 'repository:push'),
        entry('project', '*', 'repository:pull'),
      ]),
    ).toEqual([
      { kind: 'project', projectName: 'web', permissions: ['repository:pull', 'repository:push', 'tag:list'] },
      { kind: 'system', permissions: ['project:list'] },
      { kind: 'project', projectName: null, permissions: ['repository:pull'] },
    ]);
  });

  it.each([
    ['nothing', 'system', []],
    ['an entry without access', 'project', [entry('project', 'web')]],
    ['what is not in the lists', 'project', [entry('project', 'web', 'repository:shell')]],
    ['configuration, which no robot holds (ROB-2)', 'system', [entry('system', '/', 'configuration:update')]],
    ['a system permission at kind project', 'system', [entry('project', 'web', 'user:list')]],
    ['tag-retention:operate (ROB-3)', 'project', [entry('project', 'web', 'tag-retention:operate')]],
    ['a name of Object.prototype', 'project', [entry('project', 'web', '__proto__:constructor')]],
    ['kind system in a project', 'system', [entry('system', 'web', 'project:list')]],
    ['kind project without a project', 'system', [entry('project', '/', 'repository:pull')]],
    [
      'two projects for a project robot',
      'project',
      [entry('project', 'a', 'tag:list'), entry('project', 'b', 'tag:list')],
    ],
    ['every project for a project robot (S49)', 'project', [entry('project', '*', 'repository:pull')]],
    ['system permissions for a project robot (S49)', 'project', [entry('system', '/', 'project:create')]],
  ] as const)('refuses %s', (_what, level, entries) => {
    expect(() => readGrants(level, entries)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });
});

describe('delegatedBy', () => {
  it('lets project administrators hand on everything a robot can hold', () => {
    const all = Object.entries(ROBOT_PROJECT_PERMISSIONS).flatMap(([resource, actions]) =>
      actions.map((action) => `${resource}:${action}` as ProjectPermission),
    );
    expect(all.filter((permission) => !ROLE_PERMISSIONS.projectAdmin.has(delegatedBy(permission)))).toEqual([]);
  });
});

describe('life', () => {
  it('is limited by the policy, if there is one', () => {
    expect(refuseDuration(-1, -1)).toBeNull();
    expect(refuseDuration(90, 90)).toBeNull();
    expect(refuseDuration(91, 90)).toContain('at most 90 days');
    expect(refuseDuration(-1, 90)).toContain('at most 90 days');
  });

  it('counts from creation; one beyond the calendar never ends', () => {
    const created = new Date('2026-01-01T00:00:00Z');
    expect(expiryOf(created, 30)?.toISOString()).toBe('2026-01-31T00:00:00.000Z');
    expect(expiryOf(created, -1)).toBeNull();
    expect(expiryOf(created, 2 ** 31 - 2)).toBeNull();
  });
});
