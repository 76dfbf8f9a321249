import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { parseStrictInteger, pathId, projectParams, queryId } from '../wire/fields.ts';
import { projectQuota, quota, quotaReminder, quotaUpdate } from './quota.schema.ts';

const params = z.strictObject({ id: pathId });

/** Days to look back. */
const queryDays = z.preprocess(
  (value: number | string) => (typeof value === 'string' ? parseStrictInteger(value) : value),
  z.int('must be a whole number of days').min(1).max(366),
);

export const listQuotas = endpoint({
  id: 'listQuotas',
  method: 'GET',
  path: '/quotas',
  finalSlash: true,
  tag: 'quota',
  summary: 'List the quotas of all projects',
  access: { kind: 'system', permission: 'quota:list' },
  query: z.strictObject({ reference: z.enum(['project']).optional(), reference_id: queryId.optional() }),
  response: z.array(quota),
  status: 200,
  list: {
    filters: { name: 'text' },
    sorts: ['id', 'name', 'hard.storage', 'used.storage', 'hard.count', 'used.count', 'creation_time', 'update_time'],
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
  summary: 'Change the limits of a project',
  access: { kind: 'system', permission: 'quota:update' },
  params,
  body: quotaUpdate,
  status: 200,
  errors: ['NOT_FOUND'],
});

/** Outside the base, as in Harbor. A run of the job monitor of kind QUOTA_PROOF. */
export const syncQuota = endpoint({
  id: 'syncQuota',
  method: 'POST',
  path: '/api/internal/syncquota',
  base: '',
  tag: 'quota',
  summary: 'Count anew what every project holds, in the background; a usage that is not right is set right',
  access: { kind: 'system', permission: 'quota:update' },
  // Harbor has it for administrators themselves.
  interactive: true,
  body: z.strictObject({}).optional(),
  status: 200,
  errors: ['CONFLICT'],
});

export const listQuotaReminders = endpoint({
  id: 'listQuotaReminders',
  method: 'GET',
  path: '/users/current/quota-reminders',
  tag: 'quota',
  summary: 'Show the projects nearly full, or full, whose quota the signed-in user may see; 20 at most',
  access: { kind: 'signed-in' },
  response: z.array(quotaReminder),
  status: 200,
  errors: ['FORBIDDEN'],
});

export const getProjectQuota = endpoint({
  id: 'getProjectQuota',
  method: 'GET',
  path: '/projects/{project_name_or_id}/quota',
  tag: 'quota',
  summary: 'Show the quota of a project, how its usage grew and when it will be full',
  access: { kind: 'project', permission: 'quota:read' },
  params: projectParams,
  query: z.strictObject({ days: queryDays.default(90) }),
  response: projectQuota,
  status: 200,
  errors: ['NOT_FOUND'],
});
