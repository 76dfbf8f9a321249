import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { login, userExistence } from './session.schema.ts';

const FORM_OR_JSON = ['application/x-www-form-urlencoded', 'application/json'] as const;

export const signIn = endpoint({
  id: 'signIn',
  method: 'POST',
  base: '',
  path: '/c/login',
  tag: 'session',
  summary: 'Start a session; answers with the session cookie',
  access: { kind: 'public' },
  body: login,
  consumes: FORM_OR_JSON,
  status: 200,
  errors: ['UNAUTHORIZED', 'SECOND_FACTOR_REQUIRED', 'FORBIDDEN', 'TOO_MANY_REQUESTS'],
});

export const signOut = endpoint({
  id: 'signOut',
  method: 'GET',
  base: '',
  path: '/c/log_out',
  tag: 'session',
  summary: 'End the session',
  access: { kind: 'public' },
  status: 200,
  errors: ['CSRF_TOKEN_INVALID'],
});

export const userExists = endpoint({
  id: 'userExists',
  method: 'POST',
  base: '',
  path: '/c/userExists',
  tag: 'session',
  summary: 'Tell whether a user name or e-mail address is taken; only while self-registration is on',
  access: { kind: 'public' },
  body: userExistence,
  consumes: FORM_OR_JSON,
  response: z.boolean(),
  status: 200,
  errors: ['PRECONDITION', 'TOO_MANY_REQUESTS'],
});
