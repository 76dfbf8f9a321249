import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import { personalToken, personalTokenCreated, personalTokenCreation } from './personal-token.schema.ts';

const params = z.strictObject({ token_id: pathId });
const ofUser = z.strictObject({ user_id: pathId });
const list: ListSpec = {
  filters: { name: 'text', creation_time: 'time', expires_at: 'number', last_used_at: 'time' },
  sorts: ['id', 'name', 'creation_time', 'expires_at', 'last_used_at'],
  defaultSort: '-creation_time',
};

export const listPersonalTokens = endpoint({
  id: 'listPersonalTokens',
  method: 'GET',
  path: '/users/current/tokens',
  tag: 'personal-token',
  summary: "List one's own personal access tokens",
  access: { kind: 'signed-in' },
  response: z.array(personalToken),
  status: 200,
  list,
  errors: ['FORBIDDEN'],
});

export const createPersonalToken = endpoint({
  id: 'createPersonalToken',
  method: 'POST',
  path: '/users/current/tokens',
  tag: 'personal-token',
  summary: 'Create a personal access token; it is shown in this answer only',
  access: { kind: 'signed-in' },
  interactive: true,
  body: personalTokenCreation,
  response: personalTokenCreated,
  status: 201,
  errors: ['FORBIDDEN', 'CONFLICT', 'DENIED'],
});

export const getPersonalToken = endpoint({
  id: 'getPersonalToken',
  method: 'GET',
  path: '/users/current/tokens/{token_id}',
  tag: 'personal-token',
  summary: "Show one of one's own personal access tokens",
  access: { kind: 'signed-in' },
  params,
  response: personalToken,
  status: 200,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

/** A token may delete itself; other tokens are deleted from the portal, or with the password. */
export const deletePersonalToken = endpoint({
  id: 'deletePersonalToken',
  method: 'DELETE',
  path: '/users/current/tokens/{token_id}',
  tag: 'personal-token',
  summary: "Delete one of one's own personal access tokens; it ends at once",
  access: { kind: 'signed-in' },
  params,
  status: 200,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const listUserTokens = endpoint({
  id: 'listUserTokens',
  method: 'GET',
  path: '/users/{user_id}/tokens',
  tag: 'personal-token',
  summary: "List a user's personal access tokens",
  access: { kind: 'self', permission: 'user:read' },
  params: ofUser,
  response: z.array(personalToken),
  status: 200,
  list,
  errors: ['NOT_FOUND'],
});

export const deleteUserToken = endpoint({
  id: 'deleteUserToken',
  method: 'DELETE',
  path: '/users/{user_id}/tokens/{token_id}',
  tag: 'personal-token',
  summary: "Delete a user's personal access token; it ends at once",
  access: { kind: 'self', permission: 'user:update' },
  interactive: true,
  params: ofUser.extend({ token_id: pathId }),
  status: 200,
  errors: ['NOT_FOUND'],
});
