import { AppError, type ProjectPermission, type SystemPermission } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { Principal, ProjectRef } from '../http/index.ts';
import {
  type AccessDecision,
  decideInProject,
  decideInSystem,
  type RoleBinding,
  tokenCoversInSystem,
} from './access.rules.ts';
import { AccessStore } from './access.store.ts';

/** Answers every permission question of the API, /v2, the token service and the portal, and says why. */
@Injectable()
export class AccessService {
  readonly #store: AccessStore;

  constructor(store: AccessStore) {
    this.#store = store;
  }

  /** A live project by name or id (PRJ-1); null when there is none. Says nothing about rights. */
  findProject(nameOrId: string, asName = false): Promise<ProjectRef | null> {
    return this.#store.findProject(nameOrId, asName);
  }

  /** The roles that bind a principal to a project; none for robots, whose rights are grants. */
  async bindings(principal: Principal, project: ProjectRef): Promise<readonly RoleBinding[]> {
    return principal.kind === 'user' && !principal.isSysadmin ? this.#store.listBindings(principal.id, project.id) : [];
  }

  async decideInProject(
    principal: Principal,
    project: ProjectRef,
    permission: ProjectPermission,
  ): Promise<AccessDecision> {
    return decideInProject(principal, project, await this.bindings(principal, project), permission);
  }

  decideInSystem(principal: Principal, permission: SystemPermission): AccessDecision {
    return decideInSystem(principal, permission);
  }

  /** Throws UNAUTHORIZED or FORBIDDEN with the reason when the permission is lacking. */
  async requireInProject(principal: Principal, project: ProjectRef, permission: ProjectPermission): Promise<void> {
    refuseUnless(principal, await this.decideInProject(principal, project, permission));
  }

  /**
   * The project a path names, when the principal holds the permission there. Who may not even read the project gets one
   * and the same refusal whether it exists or not; only a system administrator gets NOT_FOUND (API-4).
   */
  async requireProject(
    principal: Principal,
    nameOrId: string,
    asName: boolean,
    permission: ProjectPermission,
  ): Promise<ProjectRef> {
    const project = await this.findProject(nameOrId, asName);
    if (!project) {
      if (principal.kind === 'user' && principal.isSysadmin)
        throw new AppError('NOT_FOUND', `There is no project ${JSON.stringify(nameOrId)}; check the name.`);
      throw hidden(principal, permission);
    }
    const bindings = await this.bindings(principal, project);
    const decision = decideInProject(principal, project, bindings, permission);
    if (decision.allowed) return project;
    if (!decideInProject(principal, project, bindings, 'project:read').allowed) throw hidden(principal, permission);
    throw refusal(principal, decision);
  }

  /** Whether the credential the principal acts through may be used for this at all; whether he may is another question. */
  tokenCoversInSystem(principal: Principal, permission: SystemPermission): boolean {
    return tokenCoversInSystem(principal, permission);
  }

  /** Throws UNAUTHORIZED or FORBIDDEN with the reason when the permission is lacking. */
  requireInSystem(principal: Principal, permission: SystemPermission): void {
    refuseUnless(principal, this.decideInSystem(principal, permission));
  }
}

function refuseUnless(principal: Principal, decision: AccessDecision): void {
  if (!decision.allowed) throw refusal(principal, decision);
}

function refusal(principal: Principal, decision: AccessDecision): AppError {
  return new AppError(
    principal.kind === 'anonymous' ? 'UNAUTHORIZED' : 'FORBIDDEN',
    decision.reasons.map((reason) => reason.text).join(' '),
  );
}

function hidden(principal: Principal, permission: ProjectPermission): AppError {
  return principal.kind === 'anonymous'
    ? new AppError('UNAUTHORIZED', 'Sign in to see this project.')
    : new AppError(
        'FORBIDDEN',
        `You do not have ${permission} in this project, or it does not exist. Ask a project admin to add you.`,
      );
}
