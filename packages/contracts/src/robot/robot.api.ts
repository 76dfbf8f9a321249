import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import {
  robot,
  robotCreated,
  robotCreation,
  robotPermissionUses,
  robotSecret,
  robotSecretChange,
  robotUpdate,
} from './robot.schema.ts';

const params = z.strictObject({ robot_id: pathId });

/** Without `Level` and `ProjectID` in q: system robots. A project's robots: `q=Level=project,ProjectID=7`. */
export const listRobots = endpoint({
  id: 'listRobot',
  method: 'GET',
  path: '/robots',
  tag: 'robot',
  summary: 'List the robots of the system or of a project',
  access: { kind: 'object', system: 'robot:list', project: 'robot:list' },
  response: z.array(robot),
  status: 200,
  list: {
    filters: {
      Level: 'text',
      ProjectID: 'number',
      id: 'number',
      name: 'text',
      description: 'text',
      disable: 'boolean',
      duration: 'number',
      expires_at: 'number',
      expired: 'boolean',
      creation_time: 'time',
      update_time: 'time',
      last_used_at: 'time',
    },
    sorts: ['id', 'name', 'disable', 'duration', 'expires_at', 'creation_time', 'update_time', 'last_used_at'],
    defaultSort: '-creation_time',
  },
  errors: ['NOT_FOUND'],
});

export const createRobot = endpoint({
  id: 'createRobot',
  method: 'POST',
  path: '/robots',
  tag: 'robot',
  summary: 'Create a robot; its secret is shown in this answer only',
  access: { kind: 'object', system: 'robot:create', project: 'robot:create' },
  body: robotCreation,
  response: robotCreated,
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT', 'DENIED'],
});

export const getRobot = endpoint({
  id: 'getRobotByID',
  method: 'GET',
  path: '/robots/{robot_id}',
  tag: 'robot',
  summary: 'Show a robot',
  access: { kind: 'object', system: 'robot:read', project: 'robot:read' },
  params,
  response: robot,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const getRobotPermissionUses = endpoint({
  id: 'getRobotPermissionUses',
  method: 'GET',
  path: '/robots/{robot_id}/permission-uses',
  tag: 'robot',
  summary: 'Show which of its permissions a robot has used, and when last',
  access: { kind: 'object', system: 'robot:read', project: 'robot:read' },
  params,
  response: robotPermissionUses,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateRobot = endpoint({
  id: 'updateRobot',
  method: 'PUT',
  path: '/robots/{robot_id}',
  tag: 'robot',
  summary: "Change a robot's description, life, permissions or whether it is disabled",
  access: { kind: 'object', system: 'robot:update', project: 'robot:update' },
  params,
  body: robotUpdate,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT', 'DENIED'],
});

export const refreshRobotSecret = endpoint({
  id: 'refreshSec',
  method: 'PATCH',
  path: '/robots/{robot_id}',
  tag: 'robot',
  summary: 'Give a robot a new secret; the old one may work on for some hours',
  access: { kind: 'object', system: 'robot:update', project: 'robot:update' },
  params,
  body: robotSecretChange,
  response: robotSecret,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const deleteRobot = endpoint({
  id: 'deleteRobot',
  method: 'DELETE',
  path: '/robots/{robot_id}',
  tag: 'robot',
  summary: 'Delete a robot; its credentials end at once',
  access: { kind: 'object', system: 'robot:delete', project: 'robot:delete' },
  params,
  status: 200,
  errors: ['NOT_FOUND'],
});
