import { endpoint } from '../wire/endpoint.ts';
import { issuedToken, keySet, tokenForm, tokenQuery } from './token.schema.ts';

/** Public: anonymous callers get a token for what everyone may pull. Without scope and credentials: 401 (TOK-1). */
export const getToken = endpoint({
  id: 'getToken',
  method: 'GET',
  base: '',
  path: '/service/token',
  tag: 'token',
  summary: 'Issue a registry token for what the caller both asks for and may do',
  access: { kind: 'public' },
  query: tokenQuery,
  response: issuedToken,
  raw: true,
  status: 200,
  errors: ['UNAUTHORIZED', 'TOO_MANY_REQUESTS'],
});

export const postToken = endpoint({
  id: 'postToken',
  method: 'POST',
  base: '',
  path: '/service/token',
  tag: 'token',
  summary: 'Issue a registry token for a password or a refresh token (OAuth 2 form)',
  access: { kind: 'public' },
  body: tokenForm,
  consumes: ['application/x-www-form-urlencoded'],
  response: issuedToken,
  raw: true,
  status: 200,
  errors: ['UNAUTHORIZED', 'TOO_MANY_REQUESTS'],
});

export const getTokenKeys = endpoint({
  id: 'getTokenKeys',
  method: 'GET',
  base: '',
  path: '/service/token/jwks',
  tag: 'token',
  summary: 'Show the public keys that verify registry tokens',
  access: { kind: 'public' },
  response: keySet,
  status: 200,
  errors: [],
});
