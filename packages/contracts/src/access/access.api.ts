import { endpoint } from '../wire/endpoint.ts';
import { accessExplanation, accessQuestion } from './access.schema.ts';

/**
 * In a project for everyone who may list its members; at system level, about any robot, and about tokens of others, for
 * administrators; about oneself for everyone.
 */
export const explainAccess = endpoint({
  id: 'explainAccess',
  method: 'GET',
  path: '/access/explain',
  tag: 'access',
  summary: 'Explain why a user or robot has, or lacks, a permission',
  access: { kind: 'object', system: 'user:read', project: 'member:list' },
  query: accessQuestion,
  response: accessExplanation,
  status: 200,
  errors: ['NOT_FOUND'],
});
