import { z } from 'zod';
import { execution, task } from '../execution/execution.schema.ts';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import { executionStop } from './job-monitor.schema.ts';

const params = z.strictObject({ execution_id: pathId });
const read = { kind: 'system', permission: 'jobservice-monitor:list' } as const;
const act = { kind: 'system', permission: 'jobservice-monitor:stop' } as const;
const tag = 'jobservice';

export const listExecutions = endpoint({
  id: 'listExecutions',
  method: 'GET',
  path: '/executions',
  tag,
  summary: 'List the runs of all kinds of work',
  access: read,
  response: z.array(execution),
  status: 200,
  list: {
    filters: {
      vendor_type: 'text',
      vendor_id: 'number',
      status: 'text',
      trigger: 'text',
      created_by: 'text',
      creation_time: 'time',
    },
    sorts: ['id', 'vendor_type', 'status', 'creation_time', 'start_time', 'end_time', 'update_time'],
    defaultSort: '-id',
  },
  errors: [],
});

export const getExecution = endpoint({
  id: 'getExecution',
  method: 'GET',
  path: '/executions/{execution_id}',
  tag,
  summary: 'Show a run',
  access: read,
  params,
  response: execution,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const stopExecution = endpoint({
  id: 'stopExecution',
  method: 'PUT',
  path: '/executions/{execution_id}',
  tag,
  summary: 'Stop a run; one that has ended stays as it is',
  access: act,
  params,
  body: executionStop,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const rerunExecution = endpoint({
  id: 'rerunExecution',
  method: 'POST',
  path: '/executions/{execution_id}/rerun',
  tag,
  summary: 'Do again what an ended run was asked to do',
  access: act,
  // It starts work of any kind, for which robots and tokens need the permission of that kind.
  interactive: true,
  params,
  body: z.strictObject({}).optional(),
  status: 201,
  errors: ['NOT_FOUND', 'PRECONDITION'],
});

export const listExecutionTasks = endpoint({
  id: 'listExecutionTasks',
  method: 'GET',
  path: '/executions/{execution_id}/tasks',
  tag,
  summary: 'List the tasks of a run',
  access: read,
  params,
  response: z.array(task),
  status: 200,
  list: {
    filters: { status: 'text' },
    sorts: ['id', 'status', 'creation_time', 'start_time', 'end_time', 'update_time'],
    defaultSort: 'id',
  },
  errors: ['NOT_FOUND'],
});

export const getExecutionTaskLog = endpoint({
  id: 'getExecutionTaskLog',
  method: 'GET',
  path: '/executions/{execution_id}/tasks/{task_id}/log',
  tag,
  summary: 'Read the log of a task',
  access: read,
  params: params.extend({ task_id: pathId }),
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: ['NOT_FOUND'],
});
