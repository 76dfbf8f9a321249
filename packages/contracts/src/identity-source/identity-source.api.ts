import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import {
  identitySource,
  identitySourceCreation,
  identitySourceDraft,
  identitySourceUpdate,
  signInOptions,
  sourceTest,
} from './identity-source.schema.ts';

const params = z.strictObject({ source_id: pathId });

export const getSignInOptions = endpoint({
  id: 'getSignInOptions',
  method: 'GET',
  path: '/signin-options',
  tag: 'session',
  summary: 'Show the ways to sign in',
  access: { kind: 'public' },
  response: signInOptions,
  status: 200,
  errors: [],
});

export const listIdentitySources = endpoint({
  id: 'listIdentitySources',
  method: 'GET',
  path: '/identity-sources',
  tag: 'identity-source',
  summary: 'List identity sources',
  access: { kind: 'system', permission: 'configuration:read' },
  response: z.array(identitySource),
  status: 200,
  list: {
    filters: { id: 'number', kind: 'text', name: 'text', enabled: 'boolean' },
    sorts: ['id', 'kind', 'name', 'position', 'creation_time', 'update_time'],
    defaultSort: 'position',
  },
  errors: [],
});

export const createIdentitySource = endpoint({
  id: 'createIdentitySource',
  method: 'POST',
  path: '/identity-sources',
  tag: 'identity-source',
  summary: 'Add an identity source',
  access: { kind: 'system', permission: 'configuration:update' },
  body: identitySourceCreation,
  status: 201,
  errors: ['CONFLICT'],
});

/** Stands before `/identity-sources/{source_id}`. */
export const testIdentitySource = endpoint({
  id: 'testIdentitySource',
  method: 'POST',
  path: '/identity-sources/test',
  tag: 'identity-source',
  summary: 'Try settings before they are saved',
  access: { kind: 'system', permission: 'configuration:update' },
  body: identitySourceDraft,
  response: sourceTest,
  status: 200,
  errors: ['NOT_FOUND', 'PRECONDITION'],
});

export const getIdentitySource = endpoint({
  id: 'getIdentitySource',
  method: 'GET',
  path: '/identity-sources/{source_id}',
  tag: 'identity-source',
  summary: 'Show an identity source',
  access: { kind: 'system', permission: 'configuration:read' },
  params,
  response: identitySource,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateIdentitySource = endpoint({
  id: 'updateIdentitySource',
  method: 'PUT',
  path: '/identity-sources/{source_id}',
  tag: 'identity-source',
  summary: 'Change an identity source; what is not named stays as it is',
  access: { kind: 'system', permission: 'configuration:update' },
  params,
  body: identitySourceUpdate,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const deleteIdentitySource = endpoint({
  id: 'deleteIdentitySource',
  method: 'DELETE',
  path: '/identity-sources/{source_id}',
  tag: 'identity-source',
  summary: 'Remove an identity source; its accounts stay and cannot sign in through it any more',
  access: { kind: 'system', permission: 'configuration:update' },
  params,
  status: 200,
  errors: ['NOT_FOUND', 'PRECONDITION'],
});
