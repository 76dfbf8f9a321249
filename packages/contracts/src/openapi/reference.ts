import type { Endpoint, EndpointAccess } from '../wire/endpoint.ts';
import { ERRORS } from '../wire/errors.ts';
import {
  PROJECT_ACTIONS,
  type ProjectPermission,
  PUBLIC_PROJECT_PERMISSIONS,
  ROBOT_PROJECT_PERMISSIONS,
  ROBOT_SYSTEM_PERMISSIONS,
  type Role,
  ROLE_IDS,
  ROLE_PERMISSIONS,
  ROLES_BY_STRENGTH,
} from '../wire/permissions.ts';
import { fullPath } from './openapi.ts';

const NOTE = 'This page is generated (`npm run gen`); do not edit it.';

/** The page of error codes, ordered by status. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS)
    .sort(([a, x], [b, y]) => x.status - y.status || (a < b ? -1 : 1))
    .map(([code, row]) => [`\`${code}\``, String(row.status), row.title, row.help]);
  return page(
    'Errors',
    'Every refusal of `/api`, `/c` and `/service/token` is `{"errors": [{"code", "message"}]}`. Programs branch on `code`; the message names the field or object and the next step. Refusals of `/v2` are those of the OCI distribution specification.',
    table(['Code', 'Status', 'Meaning', 'What to do'], rows),
  );
}

/** The page of roles, public projects, robots and the permission of each operation. */
export function permissionsPage(endpoints: readonly Endpoint[]): string {
  const roles = ROLES_BY_STRENGTH.toReversed();
  const operations = endpoints.map((endpoint) => [
    `\`${endpoint.method} ${fullPath(endpoint)}\``,
    accessText(endpoint.access),
  ]);
  return page(
    'Permissions',
    'A permission is `resource:action`. System administrators have all of them. A member has those of the role, everyone those below "public" in a public project.',
    '## Roles in a project',
    table(['Permission', ...roles.map((role) => `${role} (${ROLE_IDS[role]})`), 'public'], roleRows(roles)),
    '## What robots may hold',
    'In projects:',
    table(['Resource', 'Actions'], robotRows(ROBOT_PROJECT_PERMISSIONS)),
    'At system level:',
    table(['Resource', 'Actions'], robotRows(ROBOT_SYSTEM_PERMISSIONS)),
    '## What each operation needs',
    table(['Operation', 'Needs'], operations),
  );
}

function roleRows(roles: readonly Role[]): string[][] {
  return Object.entries(PROJECT_ACTIONS).flatMap(([resource, actions]) =>
    actions.map((action) => {
      const permission = `${resource}:${action}` as ProjectPermission;
      const sets = [...roles.map((role) => ROLE_PERMISSIONS[role]), PUBLIC_PROJECT_PERMISSIONS];
      return [`\`${permission}\``, ...sets.map((set) => (set.has(permission) ? 'yes' : '–'))];
    }),
  );
}

function robotRows(permissions: Readonly<Record<string, readonly string[]>>): string[][] {
  return Object.entries(permissions).map(([resource, actions]) => [`\`${resource}\``, actions.join(', ')]);
}

function accessText(access: EndpointAccess): string {
  switch (access.kind) {
    case 'public':
      return 'nothing; shows what the caller may see';
    case 'signed-in':
      return 'sign-in';
    case 'system':
      return `\`${access.permission}\` at system level`;
    case 'project':
      return `\`${access.permission}\` in the project`;
    case 'self':
      return `to be that user, or \`${access.permission}\` at system level`;
    case 'object':
      return `\`${access.project}\` in the object's project${access.system === undefined ? '' : `, or \`${access.system}\` at system level`}`;
  }
}

function page(title: string, ...parts: readonly string[]): string {
  return [`# ${title}`, NOTE, ...parts].join('\n\n').concat('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
