import { endpoint } from '../wire/endpoint.ts';
import { statistics } from './statistics.schema.ts';

export const getStatistic = endpoint({
  id: 'getStatistic',
  method: 'GET',
  path: '/statistics',
  tag: 'statistic',
  summary: 'Count the projects and repositories the caller may see',
  access: { kind: 'signed-in' },
  response: statistics,
  status: 200,
  errors: [],
});
