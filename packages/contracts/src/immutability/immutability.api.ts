import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { artifactParams, pathId, projectParams } from '../wire/fields.ts';
import {
  artifactHold,
  artifactHoldRequest,
  coveredTag,
  immutablePreviewRequest,
  immutableRule,
  immutableRuleRequest,
  immutableRuleUpdate,
} from './immutability.schema.ts';

const RULES = '/projects/{project_name_or_id}/immutabletagrules';
const ruleParams = projectParams.extend({ immutable_rule_id: pathId });

export const listImmutableRules = endpoint({
  id: 'listImmuRules',
  method: 'GET',
  path: RULES,
  tag: 'immutable',
  summary: 'List the immutability rules of a project',
  access: { kind: 'project', permission: 'immutable-tag:list' },
  params: projectParams,
  response: z.array(immutableRule),
  status: 200,
  list: { filters: { id: 'number', disabled: 'boolean' }, sorts: ['id', 'priority'], defaultSort: 'id' },
  errors: [],
});

export const createImmutableRule = endpoint({
  id: 'createImmuRule',
  method: 'POST',
  path: RULES,
  tag: 'immutable',
  summary: 'Make the tags immutable that a rule covers',
  access: { kind: 'project', permission: 'immutable-tag:create' },
  params: projectParams,
  body: immutableRuleRequest,
  status: 201,
  errors: ['CONFLICT', 'PRECONDITION'],
});

export const updateImmutableRule = endpoint({
  id: 'updateImmuRule',
  method: 'PUT',
  path: `${RULES}/{immutable_rule_id}`,
  tag: 'immutable',
  summary: 'Change, enable or disable an immutability rule',
  access: { kind: 'project', permission: 'immutable-tag:update' },
  params: ruleParams,
  body: immutableRuleUpdate,
  status: 200,
  errors: ['CONFLICT'],
});

export const deleteImmutableRule = endpoint({
  id: 'deleteImmuRule',
  method: 'DELETE',
  path: `${RULES}/{immutable_rule_id}`,
  tag: 'immutable',
  summary: 'Delete an immutability rule',
  access: { kind: 'project', permission: 'immutable-tag:delete' },
  params: ruleParams,
  status: 200,
  errors: [],
});

/** Decided by the same expressions as the rule itself, so that what is shown is what will be kept. */
export const previewImmutableRule = endpoint({
  id: 'previewImmutableRule',
  method: 'POST',
  path: `${RULES}/preview`,
  tag: 'immutable',
  summary: 'List the tags a rule would cover',
  access: { kind: 'project', permission: 'immutable-tag:list' },
  params: projectParams,
  body: immutablePreviewRequest,
  response: z.array(coveredTag),
  status: 200,
  list: { filters: { repository_name: 'text', tag: 'text' }, sorts: ['push_time', 'tag'], defaultSort: '-push_time' },
  errors: [],
});

const HOLDS = '/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/holds';

export const listArtifactHolds = endpoint({
  id: 'listArtifactHolds',
  method: 'GET',
  path: HOLDS,
  tag: 'immutable',
  summary: 'List the locks and legal holds on an artifact',
  access: { kind: 'project', permission: 'artifact-hold:list' },
  params: artifactParams,
  response: z.array(artifactHold),
  status: 200,
  list: { filters: { kind: 'text' }, sorts: ['id'], defaultSort: 'id' },
  errors: [],
});

export const createArtifactHold = endpoint({
  id: 'createArtifactHold',
  method: 'POST',
  path: HOLDS,
  tag: 'immutable',
  summary: 'Lock an artifact until a time, or put it under legal hold',
  access: { kind: 'project', permission: 'artifact-hold:create' },
  params: artifactParams,
  body: artifactHoldRequest,
  status: 201,
  errors: [],
});

export const deleteArtifactHold = endpoint({
  id: 'deleteArtifactHold',
  method: 'DELETE',
  path: `${HOLDS}/{hold_id}`,
  tag: 'immutable',
  summary: 'Release a legal hold',
  access: { kind: 'project', permission: 'artifact-hold:delete' },
  params: artifactParams.extend({ hold_id: pathId }),
  status: 200,
  errors: ['PRECONDITION'],
});
