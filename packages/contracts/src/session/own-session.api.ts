import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import { userSession } from './own-session.schema.ts';

/** Not `session`, the tag of signing in: nobody reaches these before he has signed in. */
const tag = 'user-session';
const sessionId = z.uuid();
const ofUser = z.strictObject({ user_id: pathId });
const list: ListSpec = {
  filters: { creation_time: 'time', last_seen_at: 'time', address: 'text' },
  sorts: ['creation_time', 'last_seen_at', 'expires_at'],
  defaultSort: '-last_seen_at',
};

export const listOwnSessions = endpoint({
  id: 'listOwnSessions',
  method: 'GET',
  path: '/users/current/sessions',
  tag,
  summary: "List one's own portal sessions",
  access: { kind: 'signed-in' },
  interactive: true,
  response: z.array(userSession),
  status: 200,
  list,
  errors: ['FORBIDDEN'],
});

export const endOtherSessions = endpoint({
  id: 'endOtherSessions',
  method: 'DELETE',
  path: '/users/current/sessions',
  tag,
  summary: "End all one's own portal sessions but this one",
  access: { kind: 'signed-in' },
  interactive: true,
  status: 200,
  errors: ['FORBIDDEN'],
});

export const endOwnSession = endpoint({
  id: 'endOwnSession',
  method: 'DELETE',
  path: '/users/current/sessions/{session_id}',
  tag,
  summary: "End one of one's own portal sessions",
  access: { kind: 'signed-in' },
  interactive: true,
  params: z.strictObject({ session_id: sessionId }),
  status: 200,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const listUserSessions = endpoint({
  id: 'listUserSessions',
  method: 'GET',
  path: '/users/{user_id}/sessions',
  tag,
  summary: "List a user's portal sessions",
  access: { kind: 'system', permission: 'user:read' },
  params: ofUser,
  response: z.array(userSession),
  status: 200,
  list,
  errors: [],
});

export const endUserSessions = endpoint({
  id: 'endUserSessions',
  method: 'DELETE',
  path: '/users/{user_id}/sessions',
  tag,
  summary: "End all of a user's portal sessions",
  access: { kind: 'system', permission: 'user:update' },
  interactive: true,
  params: ofUser,
  status: 200,
  errors: [],
});

export const endUserSession = endpoint({
  id: 'endUserSession',
  method: 'DELETE',
  path: '/users/{user_id}/sessions/{session_id}',
  tag,
  summary: "End one of a user's portal sessions",
  access: { kind: 'system', permission: 'user:update' },
  interactive: true,
  params: ofUser.extend({ session_id: sessionId }),
  status: 200,
  errors: ['NOT_FOUND'],
});
