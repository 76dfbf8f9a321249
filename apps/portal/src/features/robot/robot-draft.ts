import { type Grant, permissionsOf } from '../../shared/permission/permission.rules.ts';
import type { NewRobot } from './robot.queries.ts';

/** What the wizard collects. */
export interface RobotDraft {
  readonly name: string;
  readonly description: string;
  /** Days; -1 for never. */
  readonly duration: number;
  readonly projectGrants: ReadonlySet<Grant>;
  readonly systemGrants: ReadonlySet<Grant>;
  /** System robots: names of projects, or `*` alone for every one. */
  readonly namespaces: readonly string[];
}

export const LIVES = [30, 90, 180, 365, -1] as const;

/** Ninety days and every project, until something else is chosen. */
export const EMPTY_DRAFT: RobotDraft = {
  name: '',
  description: '',
  duration: 90,
  projectGrants: new Set(),
  systemGrants: new Set(),
  namespaces: ['*'],
};

/** What is asked of the server for a draft: a robot of `project`, or of the system when that is null. */
export function robotOf(draft: RobotDraft, project: string | null): NewRobot {
  return {
    name: draft.name,
    description: draft.description,
    level: project === null ? 'system' : 'project',
    duration: draft.duration,
    permissions: permissionsOf({
      system: draft.systemGrants,
      project: draft.projectGrants,
      namespaces: project === null ? draft.namespaces : [project],
    }),
  };
}
