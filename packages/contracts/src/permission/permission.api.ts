import { endpoint } from '../wire/endpoint.ts';
import { permissions } from './permission.schema.ts';

/** The list at system kind is shown to system administrators only. */
export const getPermissions = endpoint({
  id: 'getPermissions',
  method: 'GET',
  path: '/permissions',
  tag: 'permissions',
  summary: 'List the permissions robots may be given',
  access: { kind: 'signed-in' },
  response: permissions,
  status: 200,
  errors: ['FORBIDDEN'],
});
