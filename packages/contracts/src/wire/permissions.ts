/**
 * Resources and actions of a project, as in Harbor. `metadata`, `configuration` and the policy resources stand here
 * from the start because the role matrix is one table.
 */
export const PROJECT_ACTIONS = {
  project: ['read', 'update', 'delete'],
  member: ['create', 'read', 'update', 'delete', 'list'],
  metadata: ['create', 'read', 'update', 'delete', 'list'],
  configuration: ['read', 'update'],
  log: ['list'],
  label: ['create', 'read', 'update', 'delete', 'list'],
  quota: ['read'],
  repository: ['create', 'read', 'update', 'delete', 'list', 'pull', 'push'],
  artifact: ['create', 'read', 'delete', 'list'],
  'artifact-addition': ['read'],
  'artifact-label': ['create', 'delete'],
  tag: ['create', 'delete', 'list'],
  accessory: ['list'],
  'tag-retention': ['create', 'read', 'update', 'delete', 'list', 'operate'],
  'immutable-tag': ['create', 'update', 'delete', 'list'],
  /** Locks and legal holds on single artifacts; not in Harbor. */
  'artifact-hold': ['create', 'delete', 'list'],
  /** What was deleted: seeing, restoring and purging it; not in Harbor. */
  trash: ['update', 'delete', 'list'],
  robot: ['create', 'read', 'update', 'delete', 'list'],
  federation: ['create', 'read', 'update', 'delete', 'list'],
  'notification-policy': ['create', 'read', 'update', 'delete', 'list'],
  scan: ['create', 'read', 'stop'],
  sbom: ['create', 'read', 'stop'],
  scanner: ['create', 'read'],
  'preheat-policy': ['create', 'read', 'update', 'delete', 'list'],
  'export-cve': ['create', 'read', 'list'],
} as const;

/** Resources and actions of the whole installation. */
export const SYSTEM_ACTIONS = {
  'audit-log': ['list'],
  catalog: ['read'],
  configuration: ['read', 'update'],
  egress: ['read'],
  project: ['create', 'list'],
  user: ['create', 'read', 'update', 'delete', 'list'],
  'user-group': ['create', 'read', 'update', 'delete', 'list'],
  'ldap-user': ['create', 'list'],
  registry: ['create', 'read', 'update', 'delete', 'list'],
  replication: ['create', 'read', 'list'],
  'replication-adapter': ['list'],
  'replication-policy': ['create', 'read', 'update', 'delete', 'list'],
  'garbage-collection': ['create', 'read', 'update', 'list', 'stop'],
  'scan-all': ['create', 'read', 'update', 'stop'],
  'system-volumes': ['read'],
  metrics: ['read'],
  'purge-audit': ['create', 'read', 'update', 'list', 'stop'],
  'export-cve': ['create', 'read'],
  'jobservice-monitor': ['list', 'stop'],
  'security-hub': ['read', 'list'],
  'preheat-instance': ['create', 'read', 'update', 'delete', 'list'],
  scanner: ['create', 'read', 'update', 'delete', 'list'],
  label: ['create', 'read', 'update', 'delete'],
  quota: ['read', 'update', 'list'],
  trash: ['update', 'delete', 'list'],
  robot: ['create', 'read', 'update', 'delete', 'list'],
  federation: ['create', 'read', 'update', 'delete', 'list'],
} as const;

type Pairs<T extends Record<string, readonly string[]>> = { [R in keyof T & string]: `${R}:${T[R][number]}` }[keyof T &
  string];

/** `<resource>:<action>` inside a project. */
export type ProjectPermission = Pairs<typeof PROJECT_ACTIONS>;
/** `<resource>:<action>` at system scope. */
export type SystemPermission = Pairs<typeof SYSTEM_ACTIONS>;

/** Role ids of the wire. */
export const ROLE_IDS = { projectAdmin: 1, developer: 2, guest: 3, maintainer: 4, limitedGuest: 5 } as const;
export type Role = keyof typeof ROLE_IDS;

/** Roles from weakest to strongest; the strongest of several is the one shown. */
export const ROLES_BY_STRENGTH = [
  'limitedGuest',
  'guest',
  'developer',
  'maintainer',
  'projectAdmin',
] as const satisfies readonly Role[];

const ALL_PROJECT = Object.entries(PROJECT_ACTIONS).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}:${action}`),
);

function permissions(...rows: readonly string[]): ReadonlySet<ProjectPermission> {
  const set = new Set<ProjectPermission>();
  for (const row of rows) {
    const [resource, actions = ''] = row.split(' ', 2) as [string, string?];
    for (const action of actions.split(',')) {
      const permission = `${resource}:${action}`;
      if (!ALL_PROJECT.includes(permission))
        throw new Error(`the role table names an unknown permission: ${permission}`);
      set.add(permission as ProjectPermission);
    }
  }
  return set;
}

/** What each role may do in its project. This is Harbor's matrix, row by row. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<ProjectPermission>>> = {
  projectAdmin: permissions(
    'project read,update,delete',
    'member create,read,update,delete,list',
    'metadata create,read,update,delete',
    'configuration read,update',
    'log list',
    'label create,read,update,delete,list',
    'quota read',
    'repository create,read,update,delete,list,pull,push',
    'artifact create,read,delete,list',
    'artifact-addition read',
    'artifact-label create,delete',
    'tag create,delete,list',
    'accessory list',
    'tag-retention create,read,update,delete,list,operate',
    'immutable-tag create,update,delete,list',
    'artifact-hold create,delete,list',
    'trash update,delete,list',
    'robot create,read,update,delete,list',
    'federation create,read,update,delete,list',
    'notification-policy create,read,update,delete,list',
    'scan create,read,stop',
    'sbom create,read,stop',
    'scanner create,read',
    'preheat-policy create,read,update,delete,list',
    'export-cve create,read,list',
  ),
  maintainer: permissions(
    'project read',
    'member read,list',
    'metadata read',
    'configuration read',
    'label create,read,update,delete,list',
    'quota read',
    'repository create,read,update,delete,list,pull,push',
    'artifact create,read,delete,list',
    'artifact-addition read',
    'artifact-label create,delete',
    'tag create,delete,list',
    'accessory list',
    'tag-retention create,read,update,delete,list,operate',
    'immutable-tag create,update,delete,list',
    'artifact-hold create,list',
    'trash update,list',
    'robot read,list',
    'federation read,list',
    'notification-policy read,list',
    'scan create,read,stop',
    'sbom create,read,stop',
    'scanner read',
    'export-cve create,read,list',
  ),
  developer: permissions(
    'project read',
    'member read,list',
    'configuration read',
    'label read,list',
    'quota read',
    'repository create,read,update,list,pull,push',
    'artifact create,read,list',
    'artifact-addition read',
    'artifact-label create,delete',
    'tag create,list',
    'artifact-hold list',
    'accessory list',
    'tag-retention create,read,update,delete,list,operate',
    'robot read,list',
    'scan read',
    'sbom read',
    'scanner read',
    'export-cve create,read,list',
  ),
  guest: permissions(
    'project read',
    'member read,list',
    'configuration read',
    'label read,list',
    'quota read',
    'repository read,list,pull',
    'artifact read,list',
    'artifact-addition read',
    'tag list',
    'accessory list',
    'robot read,list',
    'scan read',
    'sbom read',
    'scanner read',
  ),
  limitedGuest: permissions(
    'project read',
    'configuration read',
    'quota read',
    'repository read,list,pull',
    'artifact read,list',
    'artifact-addition read',
    'tag list',
    'accessory list',
    'scan read',
    'sbom read',
    'scanner read',
  ),
};

/** What everyone, also without sign-in, may do in a public project (RBAC-1). */
export const PUBLIC_PROJECT_PERMISSIONS: ReadonlySet<ProjectPermission> = permissions(
  'project read',
  'label read,list',
  'repository list,pull',
  'scan read',
  'scanner read',
  'tag list',
  'artifact read,list',
  'artifact-addition read',
  'accessory list',
);

/** Permissions a robot may hold at system kind (ROB-2). */
export const ROBOT_SYSTEM_PERMISSIONS = {
  'audit-log': ['list'],
  'preheat-instance': ['create', 'read', 'update', 'delete', 'list'],
  project: ['create', 'list'],
  'replication-policy': ['create', 'read', 'update', 'delete', 'list'],
  replication: ['create', 'read', 'list'],
  'replication-adapter': ['list'],
  registry: ['create', 'read', 'update', 'delete', 'list'],
  'scan-all': ['create', 'read', 'update', 'stop'],
  'system-volumes': ['read'],
  metrics: ['read'],
  'garbage-collection': ['create', 'read', 'update', 'list', 'stop'],
  'purge-audit': ['create', 'read', 'update', 'list', 'stop'],
  'jobservice-monitor': ['list', 'stop'],
  scanner: ['create', 'read', 'update', 'delete', 'list'],
  label: ['create', 'read', 'update', 'delete'],
  'security-hub': ['read', 'list'],
  catalog: ['read'],
  quota: ['read', 'update', 'list'],
  robot: ['create', 'read', 'delete', 'list'],
  user: ['create', 'read', 'update', 'delete', 'list'],
  'ldap-user': ['create', 'list'],
  'user-group': ['create', 'read', 'update', 'delete', 'list'],
} as const;

/** Permissions a robot may hold at project kind (ROB-3). */
export const ROBOT_PROJECT_PERMISSIONS = {
  log: ['list'],
  project: ['read', 'update', 'delete'],
  metadata: ['create', 'read', 'update', 'delete', 'list'],
  repository: ['read', 'update', 'delete', 'list', 'pull', 'push'],
  artifact: ['create', 'read', 'delete', 'list'],
  scan: ['create', 'read', 'stop'],
  sbom: ['create', 'read', 'stop'],
  tag: ['create', 'delete', 'list'],
  accessory: ['list'],
  'artifact-addition': ['read'],
  'artifact-label': ['create', 'delete'],
  scanner: ['create', 'read'],
  'preheat-policy': ['create', 'read', 'update', 'delete', 'list'],
  'immutable-tag': ['create', 'update', 'delete', 'list'],
  'notification-policy': ['create', 'read', 'update', 'delete', 'list'],
  'tag-retention': ['create', 'read', 'update', 'delete', 'list'],
  label: ['create', 'read', 'update', 'delete', 'list'],
  quota: ['read'],
  robot: ['create', 'read', 'delete', 'list'],
  'export-cve': ['create', 'read'],
  member: ['create', 'read', 'update', 'delete', 'list'],
} as const;
