import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { pathId, projectParams } from '../wire/fields.ts';
import {
  purgeResult,
  restorationPreview,
  restorationRequest,
  restorationResult,
  trashItem,
  trashSummary,
} from './trash.schema.ts';

const TRASH = '/projects/{project_name_or_id}/trash';
const itemParams = projectParams.extend({ item_id: pathId });

const list = {
  filters: {
    id: 'number',
    kind: 'text',
    repository: 'text',
    digest: 'text',
    title: 'text',
    reason: 'text',
    deleted_by: 'text',
    execution_id: 'number',
    bytes: 'number',
    deleted_at: 'time',
    expires_at: 'time',
  },
  sorts: ['deleted_at', 'expires_at', 'bytes', 'title'],
  defaultSort: '-deleted_at',
} as const satisfies ListSpec;

export const listTrash = endpoint({
  id: 'listTrash',
  method: 'GET',
  path: TRASH,
  tag: 'trash',
  summary: 'List what was deleted in a project and can be restored',
  access: { kind: 'project', permission: 'trash:list' },
  params: projectParams,
  response: z.array(trashItem),
  status: 200,
  list,
  errors: [],
});

export const getTrashSummary = endpoint({
  id: 'getTrashSummary',
  method: 'GET',
  path: `${TRASH}/summary`,
  tag: 'trash',
  summary: "Show how much a project's trash holds",
  access: { kind: 'project', permission: 'trash:list' },
  params: projectParams,
  response: trashSummary,
  status: 200,
  errors: [],
});

export const getTrashItem = endpoint({
  id: 'getTrashItem',
  method: 'GET',
  path: `${TRASH}/{item_id}`,
  tag: 'trash',
  summary: 'Show one item of the trash',
  access: { kind: 'project', permission: 'trash:list' },
  params: itemParams,
  response: trashItem,
  status: 200,
  errors: [],
});

/** Changes nothing: what would come back, and every conflict there is. */
export const previewRestoration = endpoint({
  id: 'previewRestoration',
  method: 'POST',
  path: `${TRASH}/{item_id}/restoration/preview`,
  tag: 'trash',
  summary: 'Show what restoring an item would bring back, and what conflicts',
  access: { kind: 'project', permission: 'trash:list' },
  params: itemParams,
  body: restorationRequest,
  response: restorationPreview,
  status: 200,
  errors: ['CONFLICT'],
});

export const restoreTrashItem = endpoint({
  id: 'restoreTrashItem',
  method: 'POST',
  path: `${TRASH}/{item_id}/restoration`,
  tag: 'trash',
  summary: 'Restore a tag, artifact or repository',
  access: { kind: 'project', permission: 'trash:update' },
  changesContent: true,
  params: itemParams,
  body: restorationRequest,
  response: restorationResult,
  status: 200,
  errors: ['CONFLICT'],
});

export const purgeTrashItem = endpoint({
  id: 'purgeTrashItem',
  method: 'DELETE',
  path: `${TRASH}/{item_id}`,
  tag: 'trash',
  summary: 'Delete an item of the trash for good',
  access: { kind: 'project', permission: 'trash:delete' },
  changesContent: true,
  params: itemParams,
  status: 200,
  errors: ['CONFLICT'],
});

export const purgeTrash = endpoint({
  id: 'purgeTrash',
  method: 'DELETE',
  path: TRASH,
  tag: 'trash',
  summary: "Empty a project's trash for good",
  access: { kind: 'project', permission: 'trash:delete' },
  changesContent: true,
  params: projectParams,
  response: purgeResult,
  status: 200,
  errors: [],
});

export const listAllTrash = endpoint({
  id: 'listAllTrash',
  method: 'GET',
  path: '/trash',
  tag: 'trash',
  summary: 'List the trash of all projects, deleted ones included',
  access: { kind: 'system', permission: 'trash:list' },
  response: z.array(trashItem),
  status: 200,
  list: { ...list, filters: { ...list.filters, project_id: 'number', project_name: 'text' } },
  errors: [],
});

export const purgeAllTrash = endpoint({
  id: 'purgeAllTrash',
  method: 'DELETE',
  path: '/trash',
  tag: 'trash',
  summary: 'Empty the trash of all projects for good, deleted projects included',
  access: { kind: 'system', permission: 'trash:delete' },
  changesContent: true,
  response: purgeResult,
  status: 200,
  errors: [],
});
