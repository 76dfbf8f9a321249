import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import { gcHistory, gcScheduleUpdate } from './garbage-collection.schema.ts';

const params = z.strictObject({ gc_id: pathId });
const tag = 'gc';

export const getGCHistory = endpoint({
  id: 'getGCHistory',
  method: 'GET',
  path: '/system/gc',
  tag,
  summary: 'List the collections',
  access: { kind: 'system', permission: 'garbage-collection:list' },
  response: z.array(gcHistory),
  status: 200,
  list: {
    filters: { id: 'number', creation_time: 'time' },
    sorts: ['id', 'creation_time', 'update_time'],
    defaultSort: '-id',
  },
  errors: [],
});

export const getGCSchedule = endpoint({
  id: 'getGCSchedule',
  method: 'GET',
  path: '/system/gc/schedule',
  tag,
  summary: 'Show when garbage is collected',
  access: { kind: 'system', permission: 'garbage-collection:read' },
  response: gcHistory,
  status: 200,
  errors: [],
});

export const createGCSchedule = endpoint({
  id: 'createGCSchedule',
  method: 'POST',
  path: '/system/gc/schedule',
  tag,
  summary: 'Collect garbage now (type Manual), or set when it is collected',
  access: { kind: 'system', permission: 'garbage-collection:create' },
  body: gcScheduleUpdate,
  status: 201,
  errors: ['CONFLICT', 'PRECONDITION'],
});

export const updateGCSchedule = endpoint({
  id: 'updateGCSchedule',
  method: 'PUT',
  path: '/system/gc/schedule',
  tag,
  summary: 'Change when garbage is collected; type None: no more by itself',
  access: { kind: 'system', permission: 'garbage-collection:update' },
  body: gcScheduleUpdate,
  status: 200,
  errors: ['CONFLICT', 'PRECONDITION'],
});

export const getGC = endpoint({
  id: 'getGC',
  method: 'GET',
  path: '/system/gc/{gc_id}',
  tag,
  summary: 'Show a collection',
  access: { kind: 'system', permission: 'garbage-collection:read' },
  params,
  response: gcHistory,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const stopGC = endpoint({
  id: 'stopGC',
  method: 'PUT',
  path: '/system/gc/{gc_id}',
  tag,
  summary: 'Stop a collection; what it has removed stays removed',
  access: { kind: 'system', permission: 'garbage-collection:stop' },
  params,
  body: z.strictObject({}).optional(),
  status: 200,
  errors: ['NOT_FOUND'],
});

export const getGCLog = endpoint({
  id: 'getGCLog',
  method: 'GET',
  path: '/system/gc/{gc_id}/log',
  tag,
  summary: 'Read the log of a collection',
  access: { kind: 'system', permission: 'garbage-collection:read' },
  params,
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: ['NOT_FOUND'],
});
