import { z } from 'zod';
import type { ListSpec } from '../wire/endpoint.ts';
import { endpoint } from '../wire/endpoint.ts';
import { projectName } from '../wire/fields.ts';
import { auditLog, auditLogEventType, auditLogExt } from './audit.schema.ts';

const projectParams = z.strictObject({ project_name: projectName });

const sorts = ['id', 'op_time'];

const basic = {
  filters: {
    id: 'number',
    username: 'text',
    resource: 'text',
    resource_type: 'text',
    operation: 'text',
    op_time: 'time',
  },
  sorts,
  defaultSort: '-op_time',
} as const satisfies ListSpec;

const extended = {
  filters: {
    ...basic.filters,
    operation_description: 'text',
    operation_result: 'boolean',
    actor_kind: 'text',
    credential_kind: 'text',
    client_address: 'text',
    request_id: 'text',
    status: 'number',
  },
  sorts,
  defaultSort: '-op_time',
} as const satisfies ListSpec;

export const listAuditLogs = endpoint({
  id: 'listAuditLogs',
  method: 'GET',
  path: '/audit-logs',
  tag: 'auditlog',
  summary: 'List what was done, in the older short form',
  access: { kind: 'system', permission: 'audit-log:list' },
  response: z.array(auditLog),
  status: 200,
  list: { ...basic, filters: { ...basic.filters, project_id: 'number' } },
  errors: [],
});

export const listAuditLogExts = endpoint({
  id: 'listAuditLogExts',
  method: 'GET',
  path: '/auditlog-exts',
  tag: 'auditlog',
  summary: 'List what was done, by whom, from where and with which result',
  access: { kind: 'system', permission: 'audit-log:list' },
  response: z.array(auditLogExt),
  status: 200,
  list: { ...extended, filters: { ...extended.filters, project_id: 'number' } },
  errors: [],
});

export const listAuditLogEventTypes = endpoint({
  id: 'listAuditLogEventTypes',
  method: 'GET',
  path: '/auditlog-exts/events',
  tag: 'auditlog',
  summary: 'List the kinds of events the audit log knows',
  access: { kind: 'system', permission: 'audit-log:list' },
  response: z.array(auditLogEventType),
  status: 200,
  errors: [],
});

export const getLogs = endpoint({
  id: 'getLogs',
  method: 'GET',
  path: '/projects/{project_name}/logs',
  tag: 'project',
  summary: 'List what was done in a project, in the older short form',
  access: { kind: 'project', permission: 'log:list' },
  params: projectParams,
  response: z.array(auditLog),
  status: 200,
  list: basic,
  errors: [],
});

export const getLogExts = endpoint({
  id: 'getLogExts',
  method: 'GET',
  path: '/projects/{project_name}/auditlog-exts',
  tag: 'project',
  summary: 'List what was done in a project, by whom, from where and with which result',
  access: { kind: 'project', permission: 'log:list' },
  params: projectParams,
  response: z.array(auditLogExt),
  status: 200,
  list: extended,
  errors: [],
});
