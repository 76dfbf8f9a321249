import { AppError, type ProjectPermission, type SystemPermission } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { Principal, ProjectRef } from '../http/index.ts';
import { type AccessDecision, decideInProject, decideInSystem, type RoleBinding } from './access.rules.ts';
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

  /** Throws UNAUTHORIZED or FORBIDDEN with the reason when the permission is lacking. */
  requireInSystem(principal: Principal, permission: SystemPermission): void {
    refuseUnless(principal, this.decideInSystem(principal, permission));
  }
}

function refuseUnless(principal: Principal, decision: AccessDecision): void {
  if (decision.allowed) return;
  const text = decision.reasons.map((reason) => reason.text).join(' ');
  throw new AppError(principal.kind === 'anonymous' ? 'UNAUTHORIZED' : 'FORBIDDEN', text);
}
