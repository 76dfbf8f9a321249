import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, projectParams } from '../wire/fields.ts';
import { memberCreation, projectMember, roleRequest } from './member.schema.ts';

const params = projectParams.extend({ mid: pathId });

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
    filters: { entity_name: 'text', entity_type: 'text', role_id: 'number' },
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
  errors: ['CONFLICT'],
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
