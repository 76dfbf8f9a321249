import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import { checkProjectName, MAX_NAME_LENGTH, named } from '../wire/names.ts';
import { restoredProject, trashItem } from './trash.schema.ts';

const itemParams = z.strictObject({ item_id: pathId });

/** Whoever deleted a project sees it here; administrators see all. */
export const listTrashedProjects = endpoint({
  id: 'listTrashedProjects',
  method: 'GET',
  path: '/trash/projects',
  tag: 'trash',
  summary: 'List the deleted projects that the caller may restore',
  access: { kind: 'signed-in' },
  response: z.array(trashItem),
  status: 200,
  list: {
    filters: {
      id: 'number',
      title: 'text',
      deleted_by: 'text',
      bytes: 'number',
      deleted_at: 'time',
      expires_at: 'time',
    },
    sorts: ['deleted_at', 'expires_at', 'bytes', 'title'],
    defaultSort: '-deleted_at',
  },
  errors: [],
});

/** Who deleted the project, or an administrator. Throws CONFLICT when its name is taken and no other is given. */
export const restoreProject = endpoint({
  id: 'restoreProject',
  method: 'POST',
  path: '/trash/projects/{item_id}/restoration',
  tag: 'trash',
  summary: 'Restore a deleted project with members, robots, settings and content',
  access: { kind: 'signed-in' },
  changesContent: true,
  params: itemParams,
  body: z
    .strictObject({
      /** Another name; its repositories are called by it then. */
      name: named(checkProjectName).max(MAX_NAME_LENGTH).optional(),
    })
    .meta({ id: 'ProjectRestorationReq' }),
  response: restoredProject,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const purgeProject = endpoint({
  id: 'purgeProject',
  method: 'DELETE',
  path: '/trash/projects/{item_id}',
  tag: 'trash',
  summary: 'Delete a deleted project for good',
  access: { kind: 'system', permission: 'trash:delete' },
  changesContent: true,
  params: itemParams,
  status: 202,
  errors: ['NOT_FOUND'],
});
