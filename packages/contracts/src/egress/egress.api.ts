import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { egressCheck, egressCheckRequest, egressRefusal } from './egress.schema.ts';

export const listEgressRefusals = endpoint({
  id: 'listEgressRefusals',
  method: 'GET',
  path: '/egress/refusals',
  tag: 'egress',
  summary: 'List the outgoing connections that were refused, and why',
  access: { kind: 'system', permission: 'egress:read' },
  response: z.array(egressRefusal),
  status: 200,
  list: {
    filters: { purpose: 'text', host: 'text', port: 'number', address: 'text', reason: 'text', last_at: 'time' },
    sorts: ['id', 'last_at', 'hits', 'host'],
    defaultSort: '-last_at',
  },
  errors: [],
});

export const checkEgress = endpoint({
  id: 'checkEgress',
  method: 'POST',
  path: '/egress/check',
  tag: 'egress',
  summary: 'Say whether the server may call an address; nothing is sent to it',
  access: { kind: 'system', permission: 'egress:read' },
  body: egressCheckRequest,
  response: egressCheck,
  status: 200,
  errors: [],
});
