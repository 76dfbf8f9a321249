import { getCurrentUserPermissions, type ProjectPermission } from '@moorage/contracts';
import { useQuery } from '@tanstack/react-query';
import { objectQuery } from '../api/query.ts';
import { useCurrentUser } from '../session/session.queries.ts';

export interface ProjectAccess {
  /** Whether the answer is there; until then nothing is allowed and nothing should be called denied. */
  readonly known: boolean;
  readonly can: (permission: ProjectPermission) => boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** What the caller may do in a project, as the server says it. Anonymous visitors may change nothing. */
export function useProjectAccess(projectId: number | undefined): ProjectAccess {
  const user = useCurrentUser();
  const { data } = useQuery({
    ...objectQuery(getCurrentUserPermissions, { query: { scope: `/project/${projectId}`, relative: true } }),
    enabled: projectId !== undefined && user !== null,
    staleTime: 60_000,
    select: (rows) => new Set(rows.map((row) => `${row.resource}:${row.action}`)),
  });
  const allowed: ReadonlySet<string> = data ?? NONE;
  return { known: user === null || data !== undefined, can: (permission) => allowed.has(permission) };
}
