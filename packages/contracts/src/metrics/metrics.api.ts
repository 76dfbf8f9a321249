import { endpoint } from '../wire/endpoint.ts';

/** For Prometheus: the text exposition format 0.0.4. Scrape it with a system robot that holds `metrics:read`. */
export const getMetrics = endpoint({
  id: 'getMetrics',
  method: 'GET',
  base: '',
  path: '/metrics',
  tag: 'metrics',
  summary: 'Show counters and gauges of this process, and of queue and outbox, for Prometheus',
  access: { kind: 'system', permission: 'metrics:read' },
  status: 200,
  raw: true,
  produces: 'text/plain; version=0.0.4',
  errors: [],
});
