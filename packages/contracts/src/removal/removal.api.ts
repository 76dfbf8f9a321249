import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, projectParams, repositoryParams } from '../wire/fields.ts';
import {
  removalPreview,
  removalRequest,
  removalResult,
  removalRun,
  removalRunItem,
  removalRunOperation,
} from './removal.schema.ts';

const REMOVALS = '/projects/{project_name}/repositories/{repository_name}/removals';
const RUNS = `${REMOVALS}/runs`;
const runParams = repositoryParams.extend({ removal_id: pathId });

/** Changes nothing. What it says is decided as the removal itself decides, at the same moment for everything. */
export const previewRemoval = endpoint({
  id: 'previewRemoval',
  method: 'POST',
  path: `${REMOVALS}/preview`,
  tag: 'removal',
  summary: 'Show what a deletion takes along, what stays and why, and the bytes it frees',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: repositoryParams,
  body: removalRequest,
  response: removalPreview,
  status: 200,
  errors: ['PRECONDITION'],
});

/** In batches: what was done stays done when the request breaks off, and doing it again does the rest. */
export const removeContent = endpoint({
  id: 'removeContent',
  method: 'POST',
  path: REMOVALS,
  tag: 'removal',
  summary: 'Delete many tags or artifacts at once',
  access: { kind: 'project', permission: 'artifact:delete' },
  changesContent: true,
  params: repositoryParams,
  body: removalRequest,
  response: removalResult,
  status: 200,
  errors: ['PRECONDITION'],
});

/** What is selected is fixed when the run begins: what is pushed meanwhile stays. */
export const startRemoval = endpoint({
  id: 'startRemoval',
  method: 'POST',
  path: RUNS,
  tag: 'removal',
  summary: 'Delete very many tags or artifacts in the background',
  access: { kind: 'project', permission: 'artifact:delete' },
  changesContent: true,
  params: repositoryParams,
  body: removalRequest,
  response: removalRun,
  status: 201,
  errors: ['CONFLICT', 'PRECONDITION'],
});

const runList = {
  filters: { status: 'text', created_by: 'text' },
  sorts: ['id', 'creation_time'],
  defaultSort: '-id',
} as const;

export const listRemovalRuns = endpoint({
  id: 'listRemovalRuns',
  method: 'GET',
  path: RUNS,
  tag: 'removal',
  summary: 'List the deletions in the background of a repository',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: repositoryParams,
  response: z.array(removalRun),
  status: 200,
  list: runList,
  errors: [],
});

/** Of repositories that are gone too. */
export const listProjectRemovalRuns = endpoint({
  id: 'listProjectRemovalRuns',
  method: 'GET',
  path: '/projects/{project_name_or_id}/removals/runs',
  tag: 'removal',
  summary: 'List the deletions in the background of a project',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: projectParams,
  response: z.array(removalRun),
  status: 200,
  list: runList,
  errors: [],
});

export const getRemovalRun = endpoint({
  id: 'getRemovalRun',
  method: 'GET',
  path: `${RUNS}/{removal_id}`,
  tag: 'removal',
  summary: 'Show how far a deletion in the background is',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: runParams,
  response: removalRun,
  status: 200,
  errors: [],
});

export const listRemovalRunItems = endpoint({
  id: 'listRemovalRunItems',
  method: 'GET',
  path: `${RUNS}/{removal_id}/kept`,
  tag: 'removal',
  summary: 'List what a deletion in the background left, and why',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: runParams,
  response: z.array(removalRunItem),
  status: 200,
  list: { filters: { reason: 'text' }, sorts: ['id'], defaultSort: 'id' },
  errors: [],
});

/** A retry is a run of its own over what stayed; it is the answer. */
export const operateRemovalRun = endpoint({
  id: 'operateRemovalRun',
  method: 'PATCH',
  path: `${RUNS}/{removal_id}`,
  tag: 'removal',
  summary: 'Stop a deletion in the background, or try again what it left',
  access: { kind: 'project', permission: 'artifact:delete' },
  changesContent: { unless: { action: ['stop'] } },
  params: runParams,
  body: removalRunOperation,
  response: removalRun,
  status: 200,
  errors: ['CONFLICT', 'PRECONDITION'],
});
