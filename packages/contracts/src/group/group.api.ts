import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { pathId, queryText } from '../wire/fields.ts';
import {
  userGroup,
  userGroupCreation,
  userGroupMember,
  userGroupMemberCreation,
  userGroupRename,
  userGroupRole,
  userGroupSearchItem,
} from './group.schema.ts';

const params = z.strictObject({ group_id: pathId });
const memberParams = params.extend({ user_id: pathId });
const list = {
  filters: { id: 'number', group_name: 'text', group_type: 'number', ldap_group_dn: 'text' },
  sorts: ['id', 'group_name', 'group_type'],
  defaultSort: 'group_name',
} as const satisfies ListSpec;

export const listUserGroups = endpoint({
  id: 'listUserGroups',
  method: 'GET',
  path: '/usergroups',
  tag: 'usergroup',
  summary: 'List user groups',
  access: { kind: 'system', permission: 'user-group:list' },
  query: z.strictObject({
    ldap_group_dn: queryText.optional(),
    /** Part of the name. */
    group_name: queryText.optional(),
  }),
  response: z.array(userGroup),
  status: 200,
  list,
  errors: [],
});

export const createUserGroup = endpoint({
  id: 'createUserGroup',
  method: 'POST',
  path: '/usergroups',
  tag: 'usergroup',
  summary: 'Create a user group',
  access: { kind: 'system', permission: 'user-group:create' },
  body: userGroupCreation,
  status: 201,
  errors: ['CONFLICT'],
});

/** Stands before `/usergroups/{group_id}`, which would match it too. */
export const searchUserGroups = endpoint({
  id: 'searchUserGroups',
  method: 'GET',
  path: '/usergroups/search',
  tag: 'usergroup',
  summary: 'Find user groups by name, for member pickers',
  access: { kind: 'signed-in' },
  query: z.strictObject({ groupname: z.string().min(1).max(255) }),
  response: z.array(userGroupSearchItem),
  status: 200,
  list: { filters: {}, sorts: ['group_name'], defaultSort: 'group_name' },
  errors: [],
});

export const getUserGroup = endpoint({
  id: 'getUserGroup',
  method: 'GET',
  path: '/usergroups/{group_id}',
  tag: 'usergroup',
  summary: 'Show a user group',
  access: { kind: 'system', permission: 'user-group:read' },
  params,
  response: userGroup,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateUserGroup = endpoint({
  id: 'updateUserGroup',
  method: 'PUT',
  path: '/usergroups/{group_id}',
  tag: 'usergroup',
  summary: 'Rename a user group',
  access: { kind: 'system', permission: 'user-group:update' },
  params,
  body: userGroupRename,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const deleteUserGroup = endpoint({
  id: 'deleteUserGroup',
  method: 'DELETE',
  path: '/usergroups/{group_id}',
  tag: 'usergroup',
  summary: 'Delete a user group and the roles it gives',
  access: { kind: 'system', permission: 'user-group:delete' },
  params,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const listUserGroupMembers = endpoint({
  id: 'listUserGroupMembers',
  method: 'GET',
  path: '/usergroups/{group_id}/members',
  tag: 'usergroup',
  summary: 'List who belongs to a user group',
  access: { kind: 'system', permission: 'user-group:read' },
  params,
  response: z.array(userGroupMember),
  status: 200,
  list: {
    filters: { user_id: 'number', username: 'text', creation_time: 'time' },
    sorts: ['user_id', 'username', 'creation_time'],
    defaultSort: 'username',
  },
  errors: ['NOT_FOUND'],
});

export const addUserGroupMember = endpoint({
  id: 'addUserGroupMember',
  method: 'POST',
  path: '/usergroups/{group_id}/members',
  tag: 'usergroup',
  summary: 'Put a user into a managed group',
  access: { kind: 'system', permission: 'user-group:update' },
  params,
  body: userGroupMemberCreation,
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT', 'PRECONDITION'],
});

export const removeUserGroupMember = endpoint({
  id: 'removeUserGroupMember',
  method: 'DELETE',
  path: '/usergroups/{group_id}/members/{user_id}',
  tag: 'usergroup',
  summary: 'Take a user out of a managed group',
  access: { kind: 'system', permission: 'user-group:update' },
  params: memberParams,
  status: 200,
  errors: ['NOT_FOUND', 'PRECONDITION'],
});

export const listUserGroupRoles = endpoint({
  id: 'listUserGroupRoles',
  method: 'GET',
  path: '/usergroups/{group_id}/roles',
  tag: 'usergroup',
  summary: 'List the projects in which a user group has a role',
  access: { kind: 'system', permission: 'user-group:read' },
  params,
  response: z.array(userGroupRole),
  status: 200,
  list: {
    filters: { project_id: 'number', project_name: 'text', role_id: 'number' },
    sorts: ['project_id', 'project_name', 'role_id'],
    defaultSort: 'project_name',
  },
  errors: ['NOT_FOUND'],
});

export const listGroupsOfUser = endpoint({
  id: 'listGroupsOfUser',
  method: 'GET',
  path: '/users/{user_id}/groups',
  tag: 'usergroup',
  summary: 'List the user groups a user belongs to',
  access: { kind: 'self', permission: 'user:read' },
  params: z.strictObject({ user_id: pathId }),
  response: z.array(userGroup),
  status: 200,
  list,
  errors: [],
});
