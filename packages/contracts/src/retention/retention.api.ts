import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import {
  harborRetentionPolicy,
  harborRetentionPolicyRequest,
  retentionExecution,
  retentionExecutionRequest,
  retentionMetadata,
  retentionOperation,
  retentionTask,
} from './retention.schema.ts';

const policyParams = z.strictObject({ id: pathId });
const executionParams = policyParams.extend({ eid: pathId });

export const getRetentionMetadata = endpoint({
  id: 'getRentenitionMetadata',
  method: 'GET',
  path: '/retentions/metadatas',
  tag: 'Retention',
  summary: 'List the templates and selectors of retention rules',
  access: { kind: 'signed-in' },
  response: retentionMetadata,
  status: 200,
  errors: [],
});

export const createRetention = endpoint({
  id: 'createRetention',
  method: 'POST',
  path: '/retentions',
  tag: 'Retention',
  summary: 'Make the retention policy of a project',
  access: { kind: 'object', project: 'tag-retention:create' },
  body: harborRetentionPolicyRequest,
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const getRetention = endpoint({
  id: 'getRetention',
  method: 'GET',
  path: '/retentions/{id}',
  tag: 'Retention',
  summary: 'Show a retention policy',
  access: { kind: 'object', project: 'tag-retention:read' },
  params: policyParams,
  response: harborRetentionPolicy,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateRetention = endpoint({
  id: 'updateRetention',
  method: 'PUT',
  path: '/retentions/{id}',
  tag: 'Retention',
  summary: 'Change a retention policy',
  access: { kind: 'object', project: 'tag-retention:update' },
  params: policyParams,
  body: harborRetentionPolicyRequest,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const deleteRetention = endpoint({
  id: 'deleteRetention',
  method: 'DELETE',
  path: '/retentions/{id}',
  tag: 'Retention',
  summary: 'Delete a retention policy',
  access: { kind: 'object', project: 'tag-retention:delete' },
  params: policyParams,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const triggerRetentionExecution = endpoint({
  id: 'triggerRetentionExecution',
  method: 'POST',
  path: '/retentions/{id}/executions',
  tag: 'Retention',
  summary: 'Run a retention policy now, or only see what it would do',
  access: { kind: 'object', project: 'tag-retention:operate' },
  changesContent: { unless: { dry_run: [true] } },
  params: policyParams,
  body: retentionExecutionRequest,
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT', 'PRECONDITION'],
});

export const listRetentionExecutions = endpoint({
  id: 'listRetentionExecutions',
  method: 'GET',
  path: '/retentions/{id}/executions',
  tag: 'Retention',
  summary: 'List the runs of a retention policy',
  access: { kind: 'object', project: 'tag-retention:list' },
  params: policyParams,
  response: z.array(retentionExecution),
  status: 200,
  list: { filters: { status: 'text', trigger: 'text' }, sorts: ['id'], defaultSort: '-id' },
  errors: ['NOT_FOUND'],
});

export const operateRetentionExecution = endpoint({
  id: 'operateRetentionExecution',
  method: 'PATCH',
  path: '/retentions/{id}/executions/{eid}',
  tag: 'Retention',
  summary: 'Stop a run of a retention policy',
  access: { kind: 'object', project: 'tag-retention:operate' },
  params: executionParams,
  body: retentionOperation,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const listRetentionTasks = endpoint({
  id: 'listRetentionTasks',
  method: 'GET',
  path: '/retentions/{id}/executions/{eid}/tasks',
  tag: 'Retention',
  summary: 'List what a run did, repository by repository',
  access: { kind: 'object', project: 'tag-retention:list' },
  params: executionParams,
  response: z.array(retentionTask),
  status: 200,
  list: { filters: { status: 'text' }, sorts: ['id'], defaultSort: 'id' },
  errors: ['NOT_FOUND'],
});

export const getRetentionTaskLog = endpoint({
  id: 'getRetentionTaskLog',
  method: 'GET',
  path: '/retentions/{id}/executions/{eid}/tasks/{tid}',
  tag: 'Retention',
  summary: 'Read what a run decided in one repository',
  access: { kind: 'object', project: 'tag-retention:read' },
  params: executionParams.extend({ tid: pathId }),
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: ['NOT_FOUND'],
});
