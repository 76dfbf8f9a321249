import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, projectParams, queryId } from '../wire/fields.ts';
import { ldapGroup } from '../ldap/ldap.schema.ts';
import { directoryUser, memberCreation, projectMember, roleRequest } from './member.schema.ts';

const params = projectParams.extend({ mid: pathId });

/** Two characters at least: who adds a member knows whom he means, and nobody reads a directory letter by letter. */
const soughtName = z.string().trim().min(2).max(255);

export const listProjectMembers = endpoint({
  id: 'listProjectMembers',
  method: 'GET',
  path: '/projects/{project_name_or_id}/members',
  tag: 'member',
  summary: 'List the members of a project',
  access: { kind: 'project', permission: 'member:list' },
  params: projectParams,
  query: z.strictObject({
    /** Part of the name. */
    entityname: z.string().max(255).optional(),
  }),
  response: z.array(projectMember),
  status: 200,
  list: {
    filters: { id: 'number', entity_name: 'text', entity_type: 'text', role_id: 'number' },
    sorts: ['id', 'entity_name', 'role_id'],
    defaultSort: 'entity_name',
  },
  errors: [],
});

export const createProjectMember = endpoint({
  id: 'createProjectMember',
  method: 'POST',
  path: '/projects/{project_name_or_id}/members',
  tag: 'member',
  summary: 'Give a user or a group a role in a project',
  access: { kind: 'project', permission: 'member:create' },
  params: projectParams,
  body: memberCreation,
  status: 201,
  errors: ['CONFLICT', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
});

export const getProjectMember = endpoint({
  id: 'getProjectMember',
  method: 'GET',
  path: '/projects/{project_name_or_id}/members/{mid}',
  tag: 'member',
  summary: 'Show a member of a project',
  access: { kind: 'project', permission: 'member:read' },
  params,
  response: projectMember,
  status: 200,
  errors: [],
});

export const updateProjectMember = endpoint({
  id: 'updateProjectMember',
  method: 'PUT',
  path: '/projects/{project_name_or_id}/members/{mid}',
  tag: 'member',
  summary: 'Change the role of a member',
  access: { kind: 'project', permission: 'member:update' },
  params,
  body: roleRequest,
  status: 200,
  errors: ['PRECONDITION'],
});

export const deleteProjectMember = endpoint({
  id: 'deleteProjectMember',
  method: 'DELETE',
  path: '/projects/{project_name_or_id}/members/{mid}',
  tag: 'member',
  summary: 'Remove a member from a project',
  access: { kind: 'project', permission: 'member:delete' },
  params,
  status: 200,
  errors: ['PRECONDITION'],
});

/** For those who may add members: the directories are otherwise open to system administrators only. At most 20. */
export const searchDirectoryUsers = endpoint({
  id: 'searchDirectoryUsers',
  method: 'GET',
  path: '/projects/{project_name_or_id}/directory/users',
  tag: 'member',
  summary: 'Find people of a directory by a part of their name, to make them members',
  access: { kind: 'project', permission: 'member:create' },
  params: projectParams,
  query: z.strictObject({ username: soughtName, source_id: queryId.optional() }),
  response: z.array(directoryUser),
  status: 200,
  errors: ['PRECONDITION', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
});

/** For those who may add members. At most 20. */
export const searchDirectoryGroups = endpoint({
  id: 'searchDirectoryGroups',
  method: 'GET',
  path: '/projects/{project_name_or_id}/directory/groups',
  tag: 'member',
  summary: 'Find groups of a directory by a part of their name, to make them members',
  access: { kind: 'project', permission: 'member:create' },
  params: projectParams,
  query: z.strictObject({ groupname: soughtName, source_id: queryId.optional() }),
  response: z.array(ldapGroup),
  status: 200,
  errors: ['PRECONDITION', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
});
