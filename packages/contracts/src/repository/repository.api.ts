import { z } from 'zod';
import type { ListSpec } from '../wire/endpoint.ts';
import { endpoint } from '../wire/endpoint.ts';
import { projectName, repositoryParams } from '../wire/fields.ts';
import { repository, repositoryUpdate } from './repository.schema.ts';

const list = {
  filters: {
    repository_id: 'number',
    name: 'text',
    project_id: 'number',
    description: 'text',
    pull_count: 'number',
    creation_time: 'time',
    update_time: 'time',
  },
  sorts: ['name', 'pull_count', 'artifact_count', 'creation_time', 'update_time', 'last_push_time'],
  defaultSort: '-creation_time',
} as const satisfies ListSpec;

export const listAllRepositories = endpoint({
  id: 'listAllRepositories',
  method: 'GET',
  path: '/repositories',
  tag: 'repository',
  summary: 'List the repositories of every project the caller may see',
  access: { kind: 'public' },
  response: z.array(repository),
  status: 200,
  list,
  errors: [],
});

export const listRepositories = endpoint({
  id: 'listRepositories',
  method: 'GET',
  path: '/projects/{project_name}/repositories',
  tag: 'repository',
  summary: 'List the repositories of a project',
  access: { kind: 'project', permission: 'repository:list' },
  params: z.strictObject({ project_name: projectName }),
  response: z.array(repository),
  status: 200,
  list,
  errors: [],
});

export const getRepository = endpoint({
  id: 'getRepository',
  method: 'GET',
  path: '/projects/{project_name}/repositories/{repository_name}',
  tag: 'repository',
  summary: 'Show a repository',
  access: { kind: 'project', permission: 'repository:read' },
  params: repositoryParams,
  response: repository,
  status: 200,
  errors: [],
});

export const updateRepository = endpoint({
  id: 'updateRepository',
  method: 'PUT',
  path: '/projects/{project_name}/repositories/{repository_name}',
  tag: 'repository',
  summary: 'Change the description of a repository',
  access: { kind: 'project', permission: 'repository:update' },
  changesContent: true,
  params: repositoryParams,
  body: repositoryUpdate,
  status: 200,
  errors: [],
});

export const deleteRepository = endpoint({
  id: 'deleteRepository',
  method: 'DELETE',
  path: '/projects/{project_name}/repositories/{repository_name}',
  tag: 'repository',
  summary: 'Delete a repository with all its artifacts',
  access: { kind: 'project', permission: 'repository:delete' },
  changesContent: true,
  params: repositoryParams,
  status: 200,
  errors: ['PRECONDITION'],
});
