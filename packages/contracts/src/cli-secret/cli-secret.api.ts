import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import { checkPassword, named } from '../wire/names.ts';

const params = z.strictObject({ user_id: pathId });

/** A chosen secret, or none to have one made (OIDC-7, AUTH-7). */
const cliSecretRequest = z
  .strictObject({
    secret: z.preprocess((value) => (value === '' ? undefined : value), named(checkPassword).optional()),
  })
  .meta({ id: 'OIDCCliSecretReq' });

export const setCliSecret = endpoint({
  id: 'setCliSecret',
  method: 'PUT',
  path: '/users/{user_id}/cli_secret',
  tag: 'user',
  summary: 'Set the CLI secret of a user who signs in through a provider; a generated one is shown this once',
  access: { kind: 'self', permission: 'user:update' },
  interactive: true,
  params,
  body: cliSecretRequest,
  response: z.object({ secret: z.string().optional() }).meta({ id: 'OIDCCliSecret' }),
  status: 200,
  errors: ['NOT_FOUND', 'PRECONDITION'],
});

export const deleteCliSecret = endpoint({
  id: 'deleteCliSecret',
  method: 'DELETE',
  path: '/users/{user_id}/cli_secret',
  tag: 'user',
  summary: 'Remove the CLI secret of a user',
  access: { kind: 'self', permission: 'user:update' },
  interactive: true,
  params,
  status: 200,
  errors: ['NOT_FOUND'],
});
