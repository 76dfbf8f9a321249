import { describe, expect, it } from 'vitest';
import {
  PROJECT_ACTIONS,
  PUBLIC_PROJECT_PERMISSIONS,
  ROBOT_PROJECT_PERMISSIONS,
  ROBOT_SYSTEM_PERMISSIONS,
  type Role,
  ROLE_IDS,
  ROLE_PERMISSIONS,
  ROLES_BY_STRENGTH,
  SYSTEM_ACTIONS,
} from './permissions.ts';

/** Harbor's table of roles as it is published: C create, R read, U update, D delete, L list, other actions in words. */
const TABLE = `
  resource            | projectAdmin          | maintainer            | developer           | guest    | limitedGuest
  project             | R U D                 | R                     | R                   | R        | R
  member              | C R U D L             | R L                   | R L                 | R L      | -
  metadata            | C R U D               | R                     | -                   | -        | -
  configuration       | R U                   | R                     | R                   | R        | R
  log                 | L                     | -                     | -                   | -        | -
  label               | C R U D L             | C R U D L             | R L                 | R L      | -
  quota               | R                     | R                     | R                   | R        | R
  repository          | C R U D L pull push   | C R U D L pull push   | C R U L pull push   | R L pull | R L pull
  artifact            | C R D L               | C R D L               | C R L               | R L      | R L
  artifact-addition   | R                     | R                     | R                   | R        | R
  artifact-label      | C D                   | C D                   | C D                 | -        | -
  tag                 | C D L                 | C D L                 | C L                 | L        | L
  accessory           | L                     | L                     | L                   | L        | L
  tag-retention       | C R U D L operate     | C R U D L operate     | C R U D L operate   | -        | -
  immutable-tag       | C U D L               | C U D L               | -                   | -        | -
  artifact-hold       | C D L                 | C L                   | L                   | -        | -
  robot               | C R U D L             | R L                   | R L                 | R L      | -
  notification-policy | C R U D L             | R L                   | -                   | -        | -
  scan                | C R stop              | C R stop              | R                   | R        | R
  sbom                | C R stop              | C R stop              | R                   | R        | R
  scanner             | C R                   | R                     | R                   | R        | R
  preheat-policy      | C R U D L             | -                     | -                   | -        | -
  export-cve          | C R L                 | C R L                 | C R L               | -        | -
`;

/** What Harbor does not have, in the same form. */
const OWN = `
  federation          | C R U D L             | R L                   | -                   | -        | -
  trash               | U D L                 | U L                   | -                   | -        | -
`;

const LETTERS: Readonly<Record<string, string>> = { C: 'create', R: 'read', U: 'update', D: 'delete', L: 'list' };

function cells(line: string): string[] {
  return line.split('|').map((cell) => cell.trim());
}

function actions(cell: string): string[] {
  return cell === '-' ? [] : cell.split(' ').map((word) => LETTERS[word] ?? word);
}

const [head = '', ...lines] = `${TABLE.trim()}\n${OWN.trim()}`.split('\n');
const roles = cells(head).slice(1) as Role[];

describe.each(lines.map((line) => cells(line)))('%s', (resource = '', ...columns) => {
  it.each(roles.map((role, index) => [role, columns[index] ?? ''] as const))('%s: %s', (role, cell) => {
    const held = [...ROLE_PERMISSIONS[role]]
      .filter((permission) => permission.startsWith(`${resource}:`))
      .map((permission) => permission.slice(resource.length + 1));
    expect(held.sort()).toEqual(actions(cell).sort());
  });
});

it('has no resource outside the table', () => {
  expect(Object.keys(PROJECT_ACTIONS).sort()).toEqual(lines.map((line) => cells(line)[0] ?? '').sort());
});

it('keeps the role ids of the wire', () => {
  expect(ROLE_IDS).toEqual({ projectAdmin: 1, developer: 2, guest: 3, maintainer: 4, limitedGuest: 5 });
  expect([...ROLES_BY_STRENGTH].sort()).toEqual(Object.keys(ROLE_IDS).sort());
});

it('lets everyone do in a public project what Harbor lets them', () => {
  expect([...PUBLIC_PROJECT_PERMISSIONS].sort()).toEqual(
    [
      'project:read',
      'label:read',
      'label:list',
      'repository:list',
      'repository:pull',
      'scan:read',
      'scanner:read',
      'tag:list',
      'artifact:read',
      'artifact:list',
      'artifact-addition:read',
      'accessory:list',
    ].sort(),
  );
});

it('lets robots hold only permissions that exist, and never settings or quota writes of a project', () => {
  const known = (all: object, some: object) =>
    Object.entries(some as Record<string, string[]>).every(([resource, list]) =>
      list.every((action) => (all as Record<string, readonly string[]>)[resource]?.includes(action)),
    );
  expect(known(PROJECT_ACTIONS, ROBOT_PROJECT_PERMISSIONS)).toBe(true);
  expect(known(SYSTEM_ACTIONS, ROBOT_SYSTEM_PERMISSIONS)).toBe(true);
  expect(ROBOT_SYSTEM_PERMISSIONS).not.toHaveProperty('configuration');
  expect(ROBOT_PROJECT_PERMISSIONS).not.toHaveProperty('configuration');
  expect(ROBOT_PROJECT_PERMISSIONS['tag-retention']).not.toContain('operate');
  expect(ROBOT_PROJECT_PERMISSIONS.robot).not.toContain('update');
});
