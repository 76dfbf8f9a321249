import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createUserGroup,
  GROUP_TYPES,
  type getUserGroup,
  type listUserGroupRoles,
  ROLE_IDS,
  type Role,
  type searchUserGroups,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type Caller, type ListRequest, Page } from '../http/index.ts';
import { normalizeDn } from './dn.rules.ts';
import { groupEvent } from './group.events.ts';
import { type GroupRow, groupOf, type NewGroup, sourceKindOf } from './group.rules.ts';
import { GroupStore } from './group.store.ts';

type GroupAnswer = AnswerOf<typeof getUserGroup>;

/** What a caller names a group by, to give it a role. */
export interface GroupReference {
  readonly id?: number | undefined;
  readonly group_name?: string | undefined;
  readonly group_type?: number | undefined;
  readonly ldap_group_dn?: string | undefined;
  readonly source_id?: number | undefined;
}

/** User groups: those of identity sources, and those managed here (GRP-1). */
@Injectable()
export class GroupService {
  readonly #store: GroupStore;

  constructor(store: GroupStore) {
    this.#store = store;
  }

  async list(
    selection: { dn?: string | undefined; name?: string | undefined; userId?: number | undefined },
    request: ListRequest,
  ): Promise<Page<GroupAnswer>> {
    const dnKey = selection.dn ? normalizeDn(selection.dn) : undefined;
    // What is no DN is no group's.
    if (dnKey === null) return new Page([], 0);
    const { rows, total } = await this.#store.list(
      { dnKey, name: selection.name || undefined, userId: selection.userId },
      request,
    );
    return new Page(rows.map(viewOf), total);
  }

  /** Finds groups for a picker: by whole name, or by a part of it and with its DN when `fuzzy`. */
  async search(
    name: string,
    fuzzy: boolean,
    request: ListRequest,
  ): Promise<Page<AnswerOf<typeof searchUserGroups>[number]>> {
    const { rows, total } = await this.#store.search(name, fuzzy, request);
    return new Page(
      rows.map((row) => ({
        id: row.id,
        group_name: row.name,
        group_type: row.type,
        ...(row.sourceId === null ? {} : { source_id: row.sourceId }),
        ...(fuzzy && row.dn !== '' ? { ldap_group_dn: row.dn } : {}),
      })),
      total,
    );
  }

  async get(id: number): Promise<GroupAnswer> {
    return viewOf(await this.#find(id));
  }

  /** Creates a group; throws BAD_REQUEST for a group without what its type needs, and CONFLICT for one that is there. */
  async create(caller: Caller, body: BodyOf<typeof createUserGroup>): Promise<number> {
    return (await this.#create(caller, await this.#withSource(groupOf(body)))).id;
  }

  /** Changes what a group is called. A group known by its name to a source cannot be renamed here. */
  async rename(caller: Caller, id: number, name: string): Promise<void> {
    const renamed = await this.#store.rename(id, (group) => {
      if (name !== group.name && (group.type === GROUP_TYPES.oidc || group.type === GROUP_TYPES.authProxy)) {
        throw new AppError('BAD_REQUEST', 'group_name: the identity source names this group; create another one.');
      }
      const key = group.type === GROUP_TYPES.ldap ? group.key : name;
      const change = { before: { group_name: group.name }, after: { group_name: name } };
      return { name, key, event: groupEvent('update', caller, { ...group, name }, change) };
    });
    if (!renamed) throw missing(id);
  }

  async delete(caller: Caller, id: number): Promise<void> {
    if (!(await this.#store.delete(id, (group) => groupEvent('delete', caller, group)))) throw missing(id);
  }

  /** The projects in which the group has a role. */
  async roles(id: number, request: ListRequest): Promise<Page<AnswerOf<typeof listUserGroupRoles>[number]>> {
    await this.#find(id);
    const { rows, total } = await this.#store.roles(id, request);
    return new Page(
      rows.map((row) => ({ ...row, role_name: ROLE_NAMES.get(row.role_id) ?? '' })),
      total,
    );
  }

  /**
   * The group a reference means, for giving it a role. A group of an identity source that is not known yet is created, as
   * its members come with their next sign-in; a managed one must be there. Throws BAD_REQUEST and NOT_FOUND.
   */
  async resolve(caller: Caller, reference: GroupReference): Promise<GroupRow> {
    if (reference.id) return this.#find(reference.id);
    const type = reference.group_type || (reference.ldap_group_dn ? GROUP_TYPES.ldap : 0);
    if (type === 0) {
      throw new AppError('BAD_REQUEST', 'member_group: name the group by id, by ldap_group_dn, or by name and type.');
    }
    const wanted = await this.#withSource(
      groupOf({
        group_type: type,
        group_name: reference.group_name,
        ldap_group_dn: reference.ldap_group_dn,
        source_id: reference.source_id,
      }),
    );
    const found = await this.#store.findSame(wanted);
    if (found) return found;
    if (type === GROUP_TYPES.managed) {
      throw new AppError('NOT_FOUND', 'member_group: there is no such group; ask an administrator to create it.');
    }
    return this.#create(caller, wanted);
  }

  /** Groups of the first source of a kind are kept under none: under its id they would be others, which nobody is ever in. */
  async #withSource(group: NewGroup): Promise<NewGroup> {
    const kind = sourceKindOf(group.type);
    if (group.sourceId === null || kind === null) return group;
    const standing = await this.#store.standingOf(group.sourceId, kind);
    if (standing === 'none') {
      throw new AppError(
        'BAD_REQUEST',
        `source_id: no identity source of kind ${kind} has this id; leave it out for the first one.`,
      );
    }
    return standing === 'first' ? { ...group, sourceId: null } : group;
  }

  #create(caller: Caller, group: NewGroup): Promise<GroupRow> {
    return this.#store.create(group, (created) =>
      groupEvent('create', caller, created, {
        after: { group_name: created.name, group_type: created.type, ldap_group_dn: created.dn },
      }),
    );
  }

  async #find(id: number): Promise<GroupRow> {
    const group = await this.#store.find(id);
    if (!group) throw missing(id);
    return group;
  }
}

const ROLE_NAMES = new Map<number, string>((Object.keys(ROLE_IDS) as Role[]).map((role) => [ROLE_IDS[role], role]));

function viewOf(group: GroupRow): GroupAnswer {
  return {
    id: group.id,
    group_name: group.name,
    group_type: group.type,
    ldap_group_dn: group.dn,
    ...(group.sourceId === null ? {} : { source_id: group.sourceId }),
    member_count: group.memberCount,
  };
}

/** NOT_FOUND for a group that is not there. */
export function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no user group ${id}; list them for the ids.`);
}
