import {
  addUserGroupMember,
  createUserGroup,
  deleteUserGroup,
  getUserGroup,
  listGroupsOfUser,
  listUserGroupMembers,
  listUserGroupRoles,
  listUserGroups,
  removeUserGroupMember,
  searchUserGroups,
  updateUserGroup,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { GroupService } from './group.service.ts';
import { GroupMembershipService } from './group-membership.service.ts';

/** `/usergroups`. The search stands before `/usergroups/{group_id}`, which would match it too. */
@Controller()
export class GroupController {
  readonly #groups: GroupService;
  readonly #memberships: GroupMembershipService;
  readonly #authority: Authority;

  constructor(groups: GroupService, memberships: GroupMembershipService, authority: Authority) {
    this.#groups = groups;
    this.#memberships = memberships;
    this.#authority = authority;
  }

  @Serve(listUserGroups)
  list(@Input() { query, list }: Call<typeof listUserGroups>) {
    return this.#groups.list({ dn: query.ldap_group_dn, name: query.group_name }, list);
  }

  @Serve(searchUserGroups)
  search(@Input() { caller, query, list }: Call<typeof searchUserGroups>) {
    const fuzzy = this.#authority.holdsInSystem(caller.principal, 'user-group:list');
    return this.#groups.search(query.groupname, fuzzy, list);
  }

  @Serve(createUserGroup)
  async create(@Input() { caller, body }: Call<typeof createUserGroup>) {
    return new Created(await this.#groups.create(caller, body));
  }

  @Serve(getUserGroup)
  get(@Input() { params }: Call<typeof getUserGroup>) {
    return this.#groups.get(params.group_id);
  }

  @Serve(updateUserGroup)
  update(@Input() { caller, params, body }: Call<typeof updateUserGroup>) {
    return this.#groups.rename(caller, params.group_id, body.group_name);
  }

  @Serve(deleteUserGroup)
  delete(@Input() { caller, params }: Call<typeof deleteUserGroup>) {
    return this.#groups.delete(caller, params.group_id);
  }

  @Serve(listUserGroupMembers)
  listMembers(@Input() { params, list }: Call<typeof listUserGroupMembers>) {
    return this.#memberships.list(params.group_id, list);
  }

  @Serve(addUserGroupMember)
  async addMember(@Input() { caller, params, body }: Call<typeof addUserGroupMember>) {
    return new Created(await this.#memberships.add(caller, params.group_id, body));
  }

  @Serve(removeUserGroupMember)
  removeMember(@Input() { caller, params }: Call<typeof removeUserGroupMember>) {
    return this.#memberships.remove(caller, params.group_id, params.user_id);
  }

  @Serve(listUserGroupRoles)
  listRoles(@Input() { params, list }: Call<typeof listUserGroupRoles>) {
    return this.#groups.roles(params.group_id, list);
  }

  @Serve(listGroupsOfUser)
  listOfUser(@Input() { params, list }: Call<typeof listGroupsOfUser>) {
    return this.#groups.list({ userId: params.user_id }, list);
  }
}
