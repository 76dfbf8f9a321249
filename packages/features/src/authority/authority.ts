import type { ProjectPermission, SystemPermission } from '@moorage/contracts';
import type { Principal, ProjectRef } from '../http/index.ts';

/**
 * What the identity rooms ask about rights and projects. They stand below the access room, which answers; the process
 * binds the two. Every answer is about this moment: nothing is cached here.
 */
export abstract class Authority {
  /** Live projects with these names; absent ones are left out. Constant number of statements. */
  abstract findProjectsByName(names: readonly string[]): Promise<readonly ProjectRef[]>;

  /** Live projects with these ids; absent ones are left out. Constant number of statements. */
  abstract findProjectsById(ids: readonly number[]): Promise<readonly ProjectRef[]>;

  /** Which of the asked permissions the principal holds in each project, by project id. Constant number of statements. */
  abstract permissionsIn(
    principal: Principal,
    projects: readonly ProjectRef[],
    asked: readonly ProjectPermission[],
  ): Promise<ReadonlyMap<number, ReadonlySet<ProjectPermission>>>;

  /** Whether the principal may do this to all projects, also to future ones. */
  abstract holdsEverywhere(principal: Principal, permission: ProjectPermission): boolean;

  abstract holdsInSystem(principal: Principal, permission: SystemPermission): boolean;
}
