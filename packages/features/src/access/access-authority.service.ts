import type { ProjectPermission, SystemPermission } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import type { Principal, ProjectRef } from '../http/index.ts';
import { decideInProject, decideInSystem, grantCoversEveryProject, holdsGrants } from './access.rules.ts';
import { AccessStore } from './access.store.ts';

/** Answers the identity rooms, which stand below this one (see the authority room). */
@Injectable()
export class AccessAuthority extends Authority {
  readonly #store: AccessStore;

  constructor(store: AccessStore) {
    super();
    this.#store = store;
  }

  findProjectsByName(names: readonly string[]): Promise<readonly ProjectRef[]> {
    return this.#store.findProjects({ names });
  }

  findProjectsById(ids: readonly number[]): Promise<readonly ProjectRef[]> {
    return this.#store.findProjects({ ids });
  }

  async permissionsIn(
    principal: Principal,
    projects: readonly ProjectRef[],
    asked: readonly ProjectPermission[],
  ): Promise<ReadonlyMap<number, ReadonlySet<ProjectPermission>>> {
    const needsRoles = principal.kind === 'user' && !principal.isSysadmin && projects.length > 0;
    const ids = projects.map((project) => project.id);
    const bindings = needsRoles ? await this.#store.listBindingsIn(principal.id, ids) : new Map();
    return new Map(
      projects.map((project) => {
        const held = asked.filter(
          (permission) => decideInProject(principal, project, bindings.get(project.id) ?? [], permission).allowed,
        );
        return [project.id, new Set(held)];
      }),
    );
  }

  holdsEverywhere(principal: Principal, permission: ProjectPermission): boolean {
    if (principal.kind === 'user') {
      const { narrowed } = principal;
      return narrowed
        ? narrowed.isSysadmin && grantCoversEveryProject(narrowed.grants, permission)
        : principal.isSysadmin;
    }
    return holdsGrants(principal) && grantCoversEveryProject(principal.grants, permission);
  }

  holdsInSystem(principal: Principal, permission: SystemPermission): boolean {
    return decideInSystem(principal, permission).allowed;
  }
}
