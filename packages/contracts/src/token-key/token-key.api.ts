import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { tokenKey } from './token-key.schema.ts';

const tag = 'token-key';

export const listTokenKeys = endpoint({
  id: 'listTokenKeys',
  method: 'GET',
  path: '/system/token-keys',
  tag,
  summary: 'Show the keys that sign and verify registry tokens, newest first',
  access: { kind: 'system', permission: 'configuration:read' },
  response: z.array(tokenKey),
  status: 200,
  errors: [],
});

export const rotateTokenKey = endpoint({
  id: 'rotateTokenKey',
  method: 'POST',
  path: '/system/token-keys',
  tag,
  summary: 'Make a new key, which signs in a minute; the present one verifies until its last token is over',
  access: { kind: 'system', permission: 'configuration:update' },
  interactive: true,
  /** Nothing to say; an empty object is taken too. */
  body: z.strictObject({}).optional(),
  response: z.array(tokenKey),
  status: 200,
  errors: ['PRECONDITION'],
});
