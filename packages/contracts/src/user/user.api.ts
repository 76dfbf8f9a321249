import { z } from 'zod';
import { permission } from '../permission/permission.schema.ts';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, queryFlag, queryText } from '../wire/fields.ts';
import {
  checklist,
  passwordChange,
  robotReminder,
  user,
  userCreation,
  userProfile,
  userSearchItem,
  userSysadminFlag,
} from './user.schema.ts';

const params = z.strictObject({ user_id: pathId });

export const listUsers = endpoint({
  id: 'listUsers',
  method: 'GET',
  path: '/users',
  tag: 'user',
  summary: 'List users',
  access: { kind: 'system', permission: 'user:list' },
  response: z.array(user),
  status: 200,
  list: {
    filters: {
      user_id: 'number',
      username: 'text',
      email: 'text',
      realname: 'text',
      comment: 'text',
      creation_time: 'time',
      update_time: 'time',
    },
    sorts: ['user_id', 'username', 'email', 'realname', 'creation_time', 'update_time'],
    defaultSort: 'username',
  },
  errors: [],
});

/** Public because of self-registration; the room asks for `user:create` unless that is on. */
export const createUser = endpoint({
  id: 'createUser',
  method: 'POST',
  path: '/users',
  tag: 'user',
  summary: 'Create a user, or register oneself',
  access: { kind: 'public' },
  body: userCreation,
  status: 201,
  errors: ['UNAUTHORIZED', 'FORBIDDEN', 'CONFLICT', 'TOO_MANY_REQUESTS'],
});

export const getCurrentUserInfo = endpoint({
  id: 'getCurrentUserInfo',
  method: 'GET',
  path: '/users/current',
  tag: 'user',
  summary: 'Show the signed-in user',
  access: { kind: 'signed-in' },
  response: user,
  status: 200,
  errors: ['FORBIDDEN'],
});

export const searchUsers = endpoint({
  id: 'searchUsers',
  method: 'GET',
  path: '/users/search',
  tag: 'user',
  summary: 'Find users by name, for member pickers',
  access: { kind: 'signed-in' },
  query: z.strictObject({ username: z.string().min(1).max(255) }),
  response: z.array(userSearchItem),
  status: 200,
  list: { filters: {}, sorts: ['username'], defaultSort: 'username' },
  errors: [],
});

export const getCurrentUserPermissions = endpoint({
  id: 'getCurrentUserPermissions',
  method: 'GET',
  path: '/users/current/permissions',
  tag: 'user',
  summary: 'List what the caller may do in a scope such as /project/1',
  access: { kind: 'signed-in' },
  query: z.strictObject({ scope: queryText.optional(), relative: queryFlag.optional() }),
  response: z.array(permission),
  status: 200,
  errors: [],
});

export const getChecklist = endpoint({
  id: 'getChecklist',
  method: 'GET',
  path: '/users/current/checklist',
  tag: 'user',
  summary: 'Show which first steps the signed-in user has done',
  access: { kind: 'signed-in' },
  response: checklist,
  status: 200,
  errors: ['FORBIDDEN'],
});

export const listRobotReminders = endpoint({
  id: 'listRobotReminders',
  method: 'GET',
  path: '/users/current/robot-reminders',
  tag: 'robot',
  summary: 'Show the robots in the care of the signed-in user that expire soon or expired lately; 20 at most',
  access: { kind: 'signed-in' },
  response: z.array(robotReminder),
  status: 200,
  errors: ['FORBIDDEN'],
});

export const getUser = endpoint({
  id: 'getUser',
  method: 'GET',
  path: '/users/{user_id}',
  tag: 'user',
  summary: 'Show a user',
  access: { kind: 'self', permission: 'user:read' },
  params,
  response: user,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateUserProfile = endpoint({
  id: 'updateUserProfile',
  method: 'PUT',
  path: '/users/{user_id}',
  tag: 'user',
  summary: 'Change e-mail address, full name and comment of a user',
  access: { kind: 'self', permission: 'user:update' },
  params,
  body: userProfile,
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const deleteUser = endpoint({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/users/{user_id}',
  tag: 'user',
  summary: 'Delete a user; neither the first administrator nor oneself',
  access: { kind: 'system', permission: 'user:delete' },
  params,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const setUserSysAdmin = endpoint({
  id: 'setUserSysAdmin',
  method: 'PUT',
  path: '/users/{user_id}/sysadmin',
  tag: 'user',
  summary: 'Make a user a system administrator, or end that',
  access: { kind: 'system', permission: 'user:update' },
  params,
  body: userSysadminFlag,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const updateUserPassword = endpoint({
  id: 'updateUserPassword',
  method: 'PUT',
  path: '/users/{user_id}/password',
  tag: 'user',
  summary: "Change a user's password; ends the user's other sessions",
  access: { kind: 'self', permission: 'user:update' },
  interactive: true,
  params,
  body: passwordChange,
  status: 200,
  errors: ['NOT_FOUND', 'TOO_MANY_REQUESTS'],
});
