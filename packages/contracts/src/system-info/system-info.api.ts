import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { generalInfo, overallHealth, systemVolumes } from './system-info.schema.ts';

/** Answers `Pong` as text and touches nothing. */
export const getPing = endpoint({
  id: 'getPing',
  method: 'GET',
  path: '/ping',
  tag: 'ping',
  summary: 'Tell that the API answers',
  access: { kind: 'public' },
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: [],
});

/** Answers 200 also when unhealthy, as Harbor does (HLT-1); `/readyz` is the one that answers 503. */
export const getHealth = endpoint({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  tag: 'health',
  summary: 'Show whether each component works; reasons are for system administrators only',
  access: { kind: 'public' },
  response: overallHealth,
  status: 200,
  errors: [],
});

export const getSystemInfo = endpoint({
  id: 'getSystemInfo',
  method: 'GET',
  path: '/systeminfo',
  tag: 'systeminfo',
  summary: 'Show what this installation is and how one signs in to it',
  access: { kind: 'public' },
  response: generalInfo,
  status: 200,
  errors: [],
});

export const getVolumes = endpoint({
  id: 'getVolumes',
  method: 'GET',
  path: '/systeminfo/volumes',
  tag: 'systeminfo',
  summary: 'Show size and free space of the storage',
  access: { kind: 'system', permission: 'system-volumes:read' },
  response: systemVolumes,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const getApiVersion = endpoint({
  id: 'getApiVersion',
  method: 'GET',
  base: '',
  path: '/api/version',
  tag: 'systeminfo',
  summary: 'Show the version of the API',
  access: { kind: 'public' },
  response: z.object({ version: z.string() }),
  status: 200,
  errors: [],
});
