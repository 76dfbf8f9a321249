import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createProjectMember,
  type getProjectMember,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { roleOf } from '../access/index.ts';
import { auditEntry } from '../audit/index.ts';
import { GroupService } from '../group/index.ts';
import { type Caller, type ListRequest, Page, type ProjectRef } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { lastAdminObstacle, roleObstacle, subjectOf } from './member.rules.ts';
import { type Member, MemberStore, type NewMember } from './member.store.ts';

/** Finds the account of a name nobody here has, in one identity source or any; null when there is nobody. */
export type AccountFinder = (username: string, sourceId: number | undefined) => Promise<number | null>;

type MemberAnswer = AnswerOf<typeof getProjectMember>;

/** Who has which role in a project (PRJ-6). */
@Injectable()
export class MemberService {
  readonly #store: MemberStore;
  readonly #groups: GroupService;

  constructor(store: MemberStore, groups: GroupService) {
    this.#store = store;
    this.#groups = groups;
  }

  async list(project: ProjectRef, name: string | undefined, request: ListRequest): Promise<Page<MemberAnswer>> {
    const { rows, total } = await this.#store.list(project.id, name, request);
    return new Page(rows.map(viewOf), total);
  }

  async get(project: ProjectRef, memberId: number): Promise<MemberAnswer> {
    const member = await this.#store.find(project.id, memberId);
    if (!member) throw missing(memberId);
    return viewOf(member);
  }

  /**
   * Gives a user or group a role. Throws NOT_FOUND for an unknown one, CONFLICT for a member, FORBIDDEN for a role that is
   * more than the caller's credential. Who has no account here yet is asked of `elsewhere` (LDAP-3).
   */
  async add(
    caller: Caller,
    project: ProjectRef,
    body: BodyOf<typeof createProjectMember>,
    elsewhere: AccountFinder = () => Promise.resolve(null),
  ): Promise<number> {
    const subject = subjectOf(body);
    requireMayGive(caller, project, body.role_id);
    const add = (who: NewMember) =>
      this.#store.add(project.id, who, body.role_id, (added) =>
        memberEvent('member.created', 'create', caller, project, added, {
          after: { role: roleOf(added.roleId) },
          status: 201,
        }),
      );
    const who = 'group' in subject ? { groupId: (await this.#groups.resolve(caller, subject.group)).id } : subject;
    const isOfSource = 'sourceId' in who && who.sourceId !== undefined;
    let member = isOfSource ? null : await add(who);
    if (!member && 'username' in who) {
      const userId = await elsewhere(who.username, who.sourceId);
      if (userId !== null) member = await add({ userId });
    }
    if (!member) throw new AppError('NOT_FOUND', 'There is no such user or group; check the name or id.');
    return member.id;
  }

  async changeRole(caller: Caller, project: ProjectRef, memberId: number, roleId: number): Promise<void> {
    requireMayGive(caller, project, roleId);
    return this.#change(caller, project, memberId, roleId, (member) =>
      memberEvent('member.updated', 'update', caller, project, member, {
        before: { role: roleOf(member.roleId) },
        after: { role: roleOf(roleId) },
      }),
    );
  }

  remove(caller: Caller, project: ProjectRef, memberId: number): Promise<void> {
    return this.#change(caller, project, memberId, null, (member) =>
      memberEvent('member.deleted', 'delete', caller, project, member, { before: { role: roleOf(member.roleId) } }),
    );
  }

  async #change(
    { principal }: Caller,
    project: ProjectRef,
    memberId: number,
    roleId: number | null,
    eventOf: (member: Member) => DomainEvent,
  ): Promise<void> {
    const isSysadmin = principal.kind === 'user' && principal.isSysadmin;
    const check = (adminIds: readonly number[]) => {
      const obstacle = lastAdminObstacle(adminIds, memberId, roleId, isSysadmin);
      if (obstacle !== null) throw new AppError('PRECONDITION', obstacle);
    };
    if (!(await this.#store.change(project.id, memberId, roleId, check, eventOf))) throw missing(memberId);
  }
}

function requireMayGive({ principal }: Caller, project: ProjectRef, roleId: number): void {
  const obstacle = roleObstacle(principal, project, roleId);
  if (obstacle !== null) throw new AppError('FORBIDDEN', obstacle);
}

function viewOf(member: Member): MemberAnswer {
  return {
    id: member.id,
    project_id: member.projectId,
    entity_id: member.entityId,
    entity_type: member.entityType,
    entity_name: member.entityName,
    role_id: member.roleId,
    role_name: roleOf(member.roleId) ?? '',
  };
}

function memberEvent(
  name: string,
  operation: string,
  caller: Caller,
  project: ProjectRef,
  member: Member,
  change: { before?: object; after?: object; status?: number },
): DomainEvent {
  return {
    name,
    projectId: project.id,
    data: {
      projectId: project.id,
      memberId: member.id,
      ...(member.entityType === 'u'
        ? { userId: member.entityId, username: member.entityName }
        : { groupId: member.entityId, groupName: member.entityName }),
    },
    audit: auditEntry(caller, {
      resourceType: 'member',
      resource: `${project.name}/${member.entityName}`,
      operation,
      ...change,
    }),
  };
}

function missing(memberId: number): AppError {
  return new AppError('NOT_FOUND', `The project has no member ${memberId}.`);
}
