import type { Robot, RobotPermission } from '@moorage/contracts';

/** Resource and action, as one word. */
export type Grant = `${string}:${string}`;

export const PRESETS = ['pull', 'push', 'full'] as const;
export type Preset = (typeof PRESETS)[number];

const PULL: readonly Grant[] = ['repository:pull', 'repository:list', 'tag:list', 'artifact:read', 'artifact:list'];
const PUSH: readonly Grant[] = [...PULL, 'repository:push', 'repository:read', 'tag:create'];

/** What a preset stands for; `full` is all that the offer holds. */
export function grantsOfPreset(preset: Preset, offer: readonly Grant[]): ReadonlySet<Grant> {
  const wanted = preset === 'full' ? offer : preset === 'push' ? PUSH : PULL;
  return new Set(wanted.filter((grant) => offer.includes(grant)));
}

/** The preset that a choice equals, or null for one of its own. */
export function presetOfGrants(chosen: ReadonlySet<Grant>, offer: readonly Grant[]): Preset | null {
  return (
    PRESETS.find((preset) => {
      const grants = grantsOfPreset(preset, offer);
      return grants.size === chosen.size && [...grants].every((grant) => chosen.has(grant));
    }) ?? null
  );
}

export interface MatrixRow {
  readonly resource: string;
  readonly grants: readonly { readonly action: string; readonly grant: Grant }[];
}

/** The offer by resource, for a matrix; `repository` first, because that is what robots are for. */
export function matrixOf(offer: readonly Grant[]): MatrixRow[] {
  const rows = new Map<string, { action: string; grant: Grant }[]>();
  for (const grant of offer) {
    const [resource = '', action = ''] = grant.split(':');
    const row = rows.get(resource) ?? [];
    row.push({ action, grant });
    rows.set(resource, row);
  }
  const first = ['repository', 'artifact', 'tag'];
  const rank = (resource: string) => (first.includes(resource) ? first.indexOf(resource) : first.length);
  return [...rows]
    .map(([resource, grants]) => ({ resource, grants }))
    .sort((a, b) => rank(a.resource) - rank(b.resource) || a.resource.localeCompare(b.resource, 'en'));
}

export function grantsOfOffer(offer: readonly { resource: string; action: string }[] | undefined): Grant[] {
  return (offer ?? []).map(({ resource, action }): Grant => `${resource}:${action}`);
}

/** The permissions of the wire for a choice. System grants stand under `/`, project grants under each named project. */
export function permissionsOf(input: {
  readonly system: ReadonlySet<Grant>;
  readonly project: ReadonlySet<Grant>;
  /** Project names, or `*` for every one. */
  readonly namespaces: readonly string[];
}): RobotPermission[] {
  const permissions: RobotPermission[] = [];
  if (input.system.size > 0) permissions.push({ kind: 'system', namespace: '/', access: accessOf(input.system) });
  if (input.project.size > 0) {
    for (const namespace of input.namespaces) {
      permissions.push({ kind: 'project', namespace, access: accessOf(input.project) });
    }
  }
  return permissions;
}

function accessOf(grants: ReadonlySet<Grant>) {
  return [...grants].map((grant) => {
    const [resource = '', action = ''] = grant.split(':');
    return { resource, action };
  });
}

/** How many single rights a robot holds, and in how many projects; -1 stands for all projects. */
export function extentOf(robot: Pick<Robot, 'permissions'>): { grants: number; projects: number } {
  const grants = new Set(
    robot.permissions.flatMap((entry) =>
      entry.access.map(({ resource, action }) => `${entry.kind}:${resource}:${action}`),
    ),
  );
  const namespaces = robot.permissions.filter((entry) => entry.kind === 'project').map((entry) => entry.namespace);
  return { grants: grants.size, projects: namespaces.includes('*') ? -1 : new Set(namespaces).size };
}
