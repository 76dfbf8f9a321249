import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { pathId, projectParams } from '../wire/fields.ts';
import {
  federationRule,
  federationRuleCreation,
  federationRuleUpdate,
  federationTry,
  federationVerdict,
} from './federation.schema.ts';

const ruleParams = z.strictObject({ rule_id: pathId });
const projectRuleParams = projectParams.extend({ rule_id: pathId });

const list = {
  filters: {
    id: 'number',
    name: 'text',
    issuer: 'text',
    disable: 'boolean',
    creation_time: 'time',
    last_used_at: 'time',
  },
  sorts: ['id', 'name', 'issuer', 'creation_time', 'update_time', 'last_used_at'],
  defaultSort: 'name',
} as const satisfies ListSpec;

export const listFederationRules = endpoint({
  id: 'listFederationRules',
  method: 'GET',
  path: '/projects/{project_name_or_id}/federation/rules',
  tag: 'federation',
  summary: 'List the trust rules of a project: which jobs get which permissions without a stored secret',
  access: { kind: 'project', permission: 'federation:list' },
  params: projectParams,
  response: z.array(federationRule),
  status: 200,
  list,
  errors: [],
});

export const createFederationRule = endpoint({
  id: 'createFederationRule',
  method: 'POST',
  path: '/projects/{project_name_or_id}/federation/rules',
  tag: 'federation',
  summary: 'Trust the jobs of an issuer under conditions',
  access: { kind: 'project', permission: 'federation:create' },
  params: projectParams,
  body: federationRuleCreation,
  response: federationRule,
  status: 201,
  errors: ['CONFLICT'],
});

export const getFederationRule = endpoint({
  id: 'getFederationRule',
  method: 'GET',
  path: '/projects/{project_name_or_id}/federation/rules/{rule_id}',
  tag: 'federation',
  summary: 'Show a trust rule of a project',
  access: { kind: 'project', permission: 'federation:read' },
  params: projectRuleParams,
  response: federationRule,
  status: 200,
  errors: [],
});

export const updateFederationRule = endpoint({
  id: 'updateFederationRule',
  method: 'PUT',
  path: '/projects/{project_name_or_id}/federation/rules/{rule_id}',
  tag: 'federation',
  summary: 'Change a trust rule of a project; what jobs got by it ends unless only its texts change',
  access: { kind: 'project', permission: 'federation:update' },
  params: projectRuleParams,
  body: federationRuleUpdate,
  status: 200,
  errors: ['CONFLICT'],
});

export const deleteFederationRule = endpoint({
  id: 'deleteFederationRule',
  method: 'DELETE',
  path: '/projects/{project_name_or_id}/federation/rules/{rule_id}',
  tag: 'federation',
  summary: 'Delete a trust rule of a project; what jobs got by it ends at once',
  access: { kind: 'project', permission: 'federation:delete' },
  params: projectRuleParams,
  status: 200,
  errors: [],
});

export const tryFederationToken = endpoint({
  id: 'tryFederationToken',
  method: 'POST',
  path: '/projects/{project_name_or_id}/federation/try',
  tag: 'federation',
  summary: 'Explain whether the token of a job is accepted by the rules of a project, or by a rule not saved yet',
  access: { kind: 'project', permission: 'federation:create' },
  params: projectParams,
  body: federationTry,
  response: federationVerdict,
  status: 200,
  errors: [],
});

export const listSystemFederationRules = endpoint({
  id: 'listSystemFederationRules',
  method: 'GET',
  path: '/federation/rules',
  tag: 'federation',
  summary: 'List the trust rules of the whole registry',
  access: { kind: 'system', permission: 'federation:list' },
  response: z.array(federationRule),
  status: 200,
  list,
  errors: [],
});

export const createSystemFederationRule = endpoint({
  id: 'createSystemFederationRule',
  method: 'POST',
  path: '/federation/rules',
  tag: 'federation',
  summary: 'Trust the jobs of an issuer for several projects, or for the system',
  access: { kind: 'system', permission: 'federation:create' },
  body: federationRuleCreation,
  response: federationRule,
  status: 201,
  errors: ['CONFLICT'],
});

export const getSystemFederationRule = endpoint({
  id: 'getSystemFederationRule',
  method: 'GET',
  path: '/federation/rules/{rule_id}',
  tag: 'federation',
  summary: 'Show a trust rule of the whole registry',
  access: { kind: 'system', permission: 'federation:read' },
  params: ruleParams,
  response: federationRule,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateSystemFederationRule = endpoint({
  id: 'updateSystemFederationRule',
  method: 'PUT',
  path: '/federation/rules/{rule_id}',
  tag: 'federation',
  summary: 'Change a trust rule of the whole registry',
  access: { kind: 'system', permission: 'federation:update' },
  params: ruleParams,
  body: federationRuleUpdate,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const deleteSystemFederationRule = endpoint({
  id: 'deleteSystemFederationRule',
  method: 'DELETE',
  path: '/federation/rules/{rule_id}',
  tag: 'federation',
  summary: 'Delete a trust rule of the whole registry',
  access: { kind: 'system', permission: 'federation:delete' },
  params: ruleParams,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const trySystemFederationToken = endpoint({
  id: 'trySystemFederationToken',
  method: 'POST',
  path: '/federation/try',
  tag: 'federation',
  summary:
    'Explain whether the token of a job is accepted by the rules of the whole registry, or by a rule not saved yet',
  access: { kind: 'system', permission: 'federation:create' },
  body: federationTry,
  response: federationVerdict,
  status: 200,
  errors: [],
});
