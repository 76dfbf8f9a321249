import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { artifactParams, pathId, queryId } from '../wire/fields.ts';
import { label, labelReference, labelRequest, MAX_LABEL_NAME_LENGTH } from './label.schema.ts';

const params = z.strictObject({ label_id: pathId });

/** Global labels show to everyone who is signed in; those of a project to whoever may list its labels. */
export const listLabels = endpoint({
  id: 'listLabels',
  method: 'GET',
  path: '/labels',
  tag: 'label',
  summary: 'List the global labels, or those of a project',
  access: { kind: 'object', system: 'label:read', project: 'label:list' },
  query: z.strictObject({
    /** Part of the name. */
    name: z.string().max(MAX_LABEL_NAME_LENGTH).optional(),
    scope: z.enum(['g', 'p']).optional(),
    /** Needed with scope p; clients send 0 with scope g. */
    project_id: z.union([z.literal('0').transform(() => 0), queryId]).optional(),
  }),
  response: z.array(label),
  status: 200,
  list: {
    filters: {
      id: 'number',
      name: 'text',
      description: 'text',
      color: 'text',
      creation_time: 'time',
      update_time: 'time',
    },
    sorts: ['id', 'name', 'creation_time', 'update_time'],
    defaultSort: 'name',
  },
  errors: ['NOT_FOUND'],
});

export const createLabel = endpoint({
  id: 'createLabel',
  method: 'POST',
  path: '/labels',
  tag: 'label',
  summary: 'Make a label, global or of a project',
  access: { kind: 'object', system: 'label:create', project: 'label:create' },
  body: labelRequest,
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const getLabel = endpoint({
  id: 'getLabelByID',
  method: 'GET',
  path: '/labels/{label_id}',
  tag: 'label',
  summary: 'Show a label',
  access: { kind: 'object', system: 'label:read', project: 'label:read' },
  params,
  response: label,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateLabel = endpoint({
  id: 'updateLabel',
  method: 'PUT',
  path: '/labels/{label_id}',
  tag: 'label',
  summary: 'Change the name, description or colour of a label',
  access: { kind: 'object', system: 'label:update', project: 'label:update' },
  params,
  body: labelRequest,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const deleteLabel = endpoint({
  id: 'deleteLabel',
  method: 'DELETE',
  path: '/labels/{label_id}',
  tag: 'label',
  summary: 'Delete a label; it comes off every artifact',
  access: { kind: 'object', system: 'label:delete', project: 'label:delete' },
  changesContent: true,
  params,
  status: 200,
  errors: ['NOT_FOUND'],
});

const LABELS = '/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/labels';

export const addLabel = endpoint({
  id: 'addLabel',
  method: 'POST',
  path: LABELS,
  tag: 'artifact',
  summary: 'Put a label on an artifact',
  access: { kind: 'project', permission: 'artifact-label:create' },
  changesContent: true,
  params: artifactParams,
  body: labelReference,
  status: 200,
  errors: ['CONFLICT'],
});

export const removeLabel = endpoint({
  id: 'removeLabel',
  method: 'DELETE',
  path: `${LABELS}/{label_id}`,
  tag: 'artifact',
  summary: 'Take a label off an artifact',
  access: { kind: 'project', permission: 'artifact-label:delete' },
  changesContent: true,
  params: artifactParams.extend({ label_id: pathId }),
  status: 200,
  errors: [],
});
