import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, projectParams, queryId, queryText } from '../wire/fields.ts';
import { lifecyclePolicy, lifecyclePolicyExport, lifecyclePolicyImport } from './lifecycle-policy.schema.ts';
import {
  projectRetention,
  projectRetentionRequest,
  retentionPreview,
  retentionPreviewRequest,
  retentionRun,
  retentionRunOperation,
} from './retention-policy.schema.ts';
import { retentionExecutionRequest, retentionTask } from './retention.schema.ts';

const RETENTION = '/projects/{project_name_or_id}/retention';
const RUNS = `${RETENTION}/runs`;
const runParams = projectParams.extend({ run_id: pathId });
/** Deep pages cost their depth. */
const MAX_PAGE_SIZE = 1000;

export const getProjectRetention = endpoint({
  id: 'getProjectRetention',
  method: 'GET',
  path: RETENTION,
  tag: 'Retention',
  summary: 'Show the retention policy of a project with every kind of rule',
  access: { kind: 'project', permission: 'tag-retention:read' },
  params: projectParams,
  response: projectRetention,
  status: 200,
  errors: [],
});

export const putProjectRetention = endpoint({
  id: 'putProjectRetention',
  method: 'PUT',
  path: RETENTION,
  tag: 'Retention',
  summary: 'Make or replace the retention policy of a project',
  access: { kind: 'project', permission: 'tag-retention:update' },
  params: projectParams,
  body: projectRetentionRequest,
  response: projectRetention,
  status: 200,
  errors: ['CONFLICT'],
});

export const deleteProjectRetention = endpoint({
  id: 'deleteProjectRetention',
  method: 'DELETE',
  path: RETENTION,
  tag: 'Retention',
  summary: 'Delete the retention policy of a project',
  access: { kind: 'project', permission: 'tag-retention:delete' },
  params: projectParams,
  status: 200,
  errors: [],
});

/** Decided by the same code as a run, so that what is shown is what would happen. */
export const previewRetention = endpoint({
  id: 'previewRetention',
  method: 'POST',
  path: `${RETENTION}/preview`,
  tag: 'Retention',
  summary: 'See what a policy that is not saved yet would keep and delete',
  access: { kind: 'project', permission: 'tag-retention:read' },
  params: projectParams,
  query: z.strictObject({
    /** The moment of an earlier answer, for further pages of it. */
    as_of: z.iso.datetime({ offset: true }).optional(),
    decision: z.enum(['keep', 'delete']).optional(),
    /** Full name. */
    repository_name: queryText.optional(),
    page: queryId.optional(),
    /** At most 1,000. */
    page_size: queryId.pipe(z.int().max(MAX_PAGE_SIZE)).optional(),
  }),
  body: retentionPreviewRequest,
  response: retentionPreview,
  status: 200,
  errors: [],
});

export const importLifecyclePolicy = endpoint({
  id: 'importLifecyclePolicy',
  method: 'POST',
  path: `${RETENTION}/lifecycle-policy/import`,
  tag: 'Retention',
  summary: 'Read a lifecycle policy of Amazon ECR as rules, without saving them',
  access: { kind: 'project', permission: 'tag-retention:read' },
  params: projectParams,
  body: lifecyclePolicy,
  response: lifecyclePolicyImport,
  status: 200,
  errors: [],
});

export const exportLifecyclePolicy = endpoint({
  id: 'exportLifecyclePolicy',
  method: 'GET',
  path: `${RETENTION}/lifecycle-policy`,
  tag: 'Retention',
  summary: 'Write the policy as a lifecycle policy of Amazon ECR, and say what that cannot express',
  access: { kind: 'project', permission: 'tag-retention:read' },
  params: projectParams,
  response: lifecyclePolicyExport,
  status: 200,
  errors: [],
});

export const listRetentionRuns = endpoint({
  id: 'listRetentionRuns',
  method: 'GET',
  path: RUNS,
  tag: 'Retention',
  summary: 'List the runs of the retention policy',
  access: { kind: 'project', permission: 'tag-retention:list' },
  params: projectParams,
  response: z.array(retentionRun),
  status: 200,
  list: { filters: { status: 'text', trigger: 'text' }, sorts: ['id'], defaultSort: '-id' },
  errors: [],
});

export const startRetentionRun = endpoint({
  id: 'startRetentionRun',
  method: 'POST',
  path: RUNS,
  tag: 'Retention',
  summary: 'Run the retention policy now, or only see what it would do',
  access: { kind: 'project', permission: 'tag-retention:operate' },
  changesContent: { unless: { dry_run: [true] } },
  params: projectParams,
  body: retentionExecutionRequest,
  status: 201,
  errors: ['CONFLICT', 'PRECONDITION'],
});

export const getRetentionRun = endpoint({
  id: 'getRetentionRun',
  method: 'GET',
  path: `${RUNS}/{run_id}`,
  tag: 'Retention',
  summary: 'Show a run of the retention policy',
  access: { kind: 'project', permission: 'tag-retention:read' },
  params: runParams,
  response: retentionRun,
  status: 200,
  errors: [],
});

export const operateRetentionRun = endpoint({
  id: 'operateRetentionRun',
  method: 'PATCH',
  path: `${RUNS}/{run_id}`,
  tag: 'Retention',
  summary: 'Stop a run, or confirm or drop one that waits',
  access: { kind: 'project', permission: 'tag-retention:operate' },
  changesContent: { unless: { action: ['stop', 'drop'] } },
  params: runParams,
  body: retentionRunOperation,
  status: 200,
  errors: ['PRECONDITION'],
});

export const listRetentionRunTasks = endpoint({
  id: 'listRetentionRunTasks',
  method: 'GET',
  path: `${RUNS}/{run_id}/tasks`,
  tag: 'Retention',
  summary: 'List what a run did, repository by repository',
  access: { kind: 'project', permission: 'tag-retention:list' },
  params: runParams,
  response: z.array(retentionTask),
  status: 200,
  list: { filters: { status: 'text' }, sorts: ['id'], defaultSort: 'id' },
  errors: [],
});

export const getRetentionRunTaskLog = endpoint({
  id: 'getRetentionRunTaskLog',
  method: 'GET',
  path: `${RUNS}/{run_id}/tasks/{task_id}/log`,
  tag: 'Retention',
  summary: 'Read what a run decided in one repository, tag by tag',
  access: { kind: 'project', permission: 'tag-retention:read' },
  params: runParams.extend({ task_id: pathId }),
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: [],
});
