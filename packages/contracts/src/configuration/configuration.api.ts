import { endpoint } from '../wire/endpoint.ts';
import { configurations, configurationUpdate } from './configuration.schema.ts';

export const getConfigurations = endpoint({
  id: 'getConfigurations',
  method: 'GET',
  path: '/configurations',
  tag: 'configure',
  summary: 'Show the settings',
  access: { kind: 'system', permission: 'configuration:read' },
  response: configurations,
  status: 200,
  errors: [],
});

export const updateConfigurations = endpoint({
  id: 'updateConfigurations',
  method: 'PUT',
  path: '/configurations',
  tag: 'configure',
  summary: 'Change settings; those not named stay as they are',
  access: { kind: 'system', permission: 'configuration:update' },
  body: configurationUpdate,
  status: 200,
  errors: [],
});
