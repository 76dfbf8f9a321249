import { AppError, type ProjectPermission } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import type { Principal, ProjectRef } from '../http/index.ts';
import { askedAgain, type NamedGrant, type RobotRow } from './robot.rules.ts';
import type { NewGrant } from './robot.store.ts';
import { type AskedGrant, delegatedBy } from './robot-grant.rules.ts';

export type RobotAction = 'create' | 'read' | 'update' | 'delete' | 'list';

/** Who may do what to robots, and which permissions somebody may hand on to one (S49). */
@Injectable()
export class RobotRightService {
  readonly #authority: Authority;

  constructor(authority: Authority) {
    this.#authority = authority;
  }

  /** Throws FORBIDDEN unless the principal may do this to robots of the system. */
  requireInSystem(principal: Principal, action: RobotAction): void {
    if (this.#authority.holdsInSystem(principal, `robot:${action}`)) return;
    throw new AppError('FORBIDDEN', `Robots of the system need robot:${action} at system level: ask an administrator.`);
  }

  /**
   * The project in which the principal may do this to robots. Who may not gets one answer whether it exists or not;
   * only somebody with the right everywhere is told NOT_FOUND.
   */
  async requireInProject(
    principal: Principal,
    by: { readonly name: string } | { readonly id: number },
    action: RobotAction,
  ): Promise<ProjectRef> {
    const [project] =
      'name' in by
        ? await this.#authority.findProjectsByName([by.name])
        : await this.#authority.findProjectsById([by.id]);
    if (project && (await this.#holds(principal, project, `robot:${action}`))) return project;
    if (!project && this.#authority.holdsEverywhere(principal, `robot:${action}`)) {
      throw new AppError('NOT_FOUND', 'There is no such project; check its name or id.');
    }
    throw new AppError('FORBIDDEN', `You do not have robot:${action} in this project, or it does not exist.`);
  }

  /** Throws NOT_FOUND when the principal may not even see the robot, FORBIDDEN when only this is missing. */
  async requireOn(principal: Principal, robot: RobotRow | null, id: number, action: RobotAction): Promise<RobotRow> {
    const hidden = () => new AppError('NOT_FOUND', `There is no robot with the id ${id} that you may see.`);
    if (!robot) throw hidden();
    if (robot.projectId === null) {
      if (!this.#authority.holdsInSystem(principal, 'robot:read')) throw hidden();
      this.requireInSystem(principal, action);
      return robot;
    }
    const project = { id: robot.projectId, name: robot.projectName ?? '', isPublic: false };
    const permission: ProjectPermission = `robot:${action}`;
    const held = (await this.#authority.permissionsIn(principal, [project], ['robot:read', permission])).get(
      project.id,
    );
    if (!held?.has('robot:read')) throw hidden();
    if (!held.has(permission)) throw new AppError('FORBIDDEN', `You do not have ${permission} in this project.`);
    return robot;
  }

  /**
   * The grants with project ids, when the principal holds every permission in them: nobody makes a robot that may do more
   * than he may himself. Throws FORBIDDEN, and for administrators BAD_REQUEST for a project that does not exist.
   */
  async delegate(principal: Principal, asked: readonly AskedGrant[]): Promise<NewGrant[]> {
    const names = asked.flatMap((grant) =>
      grant.kind === 'project' && grant.projectName !== null ? [grant.projectName] : [],
    );
    const projects = await this.#authority.findProjectsByName(names);
    const permissions = [...new Set(asked.flatMap((grant) => (grant.kind === 'project' ? grant.permissions : [])))];
    const held = await this.#authority.permissionsIn(principal, projects, permissions.map(delegatedBy));
    const byName = new Map(projects.map((project) => [project.name, project]));
    return asked.map((grant): NewGrant => {
      if (grant.kind === 'system') {
        requireAll(
          grant.permissions,
          (permission) => this.#authority.holdsInSystem(principal, permission),
          'the system',
        );
        return { kind: 'system', projectId: null, access: grant.permissions };
      }
      const { projectName: name } = grant;
      if (name === null) {
        requireAll(
          grant.permissions,
          (permission) => this.#authority.holdsEverywhere(principal, delegatedBy(permission)),
          'every project',
        );
        return { kind: 'project', projectId: null, access: grant.permissions };
      }
      const project = byName.get(name);
      if (!project && this.#authority.holdsEverywhere(principal, 'project:read')) {
        throw new AppError('BAD_REQUEST', `permissions: there is no project ${JSON.stringify(name)}.`);
      }
      const own = project && held.get(project.id);
      requireAll(grant.permissions, (permission) => own?.has(delegatedBy(permission)) ?? false, `project ${name}`);
      return { kind: 'project', projectId: (project as ProjectRef).id, access: grant.permissions };
    });
  }

  /**
   * Throws FORBIDDEN unless the principal could give all of these: whoever can become what holds them has them (S49).
   * Credentials that were narrowed, or a trust rule, must not lead to more than they hold.
   */
  async requireHeld(principal: Principal, grants: readonly NamedGrant[]): Promise<void> {
    await this.delegate(principal, grants.map(askedAgain));
  }

  async #holds(principal: Principal, project: ProjectRef, permission: ProjectPermission): Promise<boolean> {
    const held = await this.#authority.permissionsIn(principal, [project], [permission]);
    return held.get(project.id)?.has(permission) ?? false;
  }
}

function requireAll<P extends string>(
  permissions: readonly P[],
  holds: (permission: P) => boolean,
  where: string,
): void {
  const missing = permissions.filter((permission) => !holds(permission));
  if (missing.length === 0) return;
  throw new AppError(
    'FORBIDDEN',
    `permissions: you can only give what you hold yourself; for ${where} you lack ${missing.join(', ')}.`,
  );
}
