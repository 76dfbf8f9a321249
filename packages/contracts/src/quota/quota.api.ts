import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, queryId } from '../wire/fields.ts';
import { quota, quotaUpdate } from './quota.schema.ts';

const params = z.strictObject({ id: pathId });

export const listQuotas = endpoint({
  id: 'listQuotas',
  method: 'GET',
  path: '/quotas',
  tag: 'quota',
  summary: 'List the quotas of all projects',
  access: { kind: 'system', permission: 'quota:list' },
  query: z.strictObject({ reference: z.enum(['project']).optional(), reference_id: queryId.optional() }),
  response: z.array(quota),
  status: 200,
  list: {
    filters: { name: 'text' },
    sorts: ['id', 'name', 'hard.storage', 'used.storage', 'creation_time', 'update_time'],
    defaultSort: '-creation_time',
  },
  errors: [],
});

export const getQuota = endpoint({
  id: 'getQuota',
  method: 'GET',
  path: '/quotas/{id}',
  tag: 'quota',
  summary: 'Show a quota',
  access: { kind: 'system', permission: 'quota:read' },
  params,
  response: quota,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateQuota = endpoint({
  id: 'updateQuota',
  method: 'PUT',
  path: '/quotas/{id}',
  tag: 'quota',
  summary: 'Change the storage limit of a project',
  access: { kind: 'system', permission: 'quota:update' },
  params,
  body: quotaUpdate,
  status: 200,
  errors: ['NOT_FOUND'],
});
