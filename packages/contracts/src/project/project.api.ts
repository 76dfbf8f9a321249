import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { projectParams, queryFlag } from '../wire/fields.ts';
import {
  METADATA_KEYS,
  type MetadataKey,
  metadataEntry,
  project,
  projectCreation,
  projectDeletable,
  projectMetadata,
  projectSummary,
  projectUpdate,
} from './project.schema.ts';

const metadataParams = projectParams.extend({ meta_name: z.enum(METADATA_KEYS as [MetadataKey, ...MetadataKey[]]) });

export const listProjects = endpoint({
  id: 'listProjects',
  method: 'GET',
  path: '/projects',
  tag: 'project',
  summary: 'List the projects the caller may see',
  access: { kind: 'public' },
  query: z.strictObject({
    /** Part of the name. */
    name: z.string().max(255).optional(),
    public: queryFlag.optional(),
    owner: z.string().max(255).optional(),
    with_detail: queryFlag.prefault(true),
  }),
  response: z.array(project),
  status: 200,
  list: {
    filters: {
      project_id: 'number',
      name: 'text',
      public: 'boolean',
      owner: 'text',
      owner_id: 'number',
      creation_time: 'time',
      update_time: 'time',
    },
    sorts: ['project_id', 'name', 'creation_time', 'update_time', 'repo_count', 'last_push_time', 'storage_used'],
    defaultSort: 'name',
  },
  errors: [],
});

export const headProject = endpoint({
  id: 'headProject',
  method: 'HEAD',
  path: '/projects',
  tag: 'project',
  summary: 'Tell whether a project exists that the caller may see',
  access: { kind: 'public' },
  query: z.strictObject({ project_name: z.string().min(1).max(255) }),
  status: 200,
  errors: ['NOT_FOUND'],
});

/** Who may create projects is a setting (PRJ-2); robots need `project:create` at system level. The room asks. */
export const createProject = endpoint({
  id: 'createProject',
  method: 'POST',
  path: '/projects',
  tag: 'project',
  summary: 'Create a project; its creator becomes its admin',
  access: { kind: 'signed-in' },
  headers: { 'X-Resource-Name-In-Location': 'true: the Location holds the name instead of the id.' },
  body: projectCreation,
  status: 201,
  errors: ['FORBIDDEN', 'CONFLICT'],
});

export const getProject = endpoint({
  id: 'getProject',
  method: 'GET',
  path: '/projects/{project_name_or_id}',
  tag: 'project',
  summary: 'Show a project',
  access: { kind: 'project', permission: 'project:read' },
  params: projectParams,
  response: project,
  status: 200,
  errors: [],
});

export const updateProject = endpoint({
  id: 'updateProject',
  method: 'PUT',
  path: '/projects/{project_name_or_id}',
  tag: 'project',
  summary: "Change a project's metadata or allow-list",
  access: { kind: 'project', permission: 'project:update' },
  params: projectParams,
  body: projectUpdate,
  status: 200,
  errors: [],
});

export const deleteProject = endpoint({
  id: 'deleteProject',
  method: 'DELETE',
  path: '/projects/{project_name_or_id}',
  tag: 'project',
  summary: 'Delete a project; it goes to the trash',
  access: { kind: 'project', permission: 'project:delete' },
  changesContent: true,
  params: projectParams,
  /** `force`: also when it holds repositories, which go with it. */
  query: z.strictObject({ force: queryFlag.prefault(false) }),
  status: 200,
  errors: ['PRECONDITION'],
});

export const getProjectDeletable = endpoint({
  id: 'getProjectDeletable',
  method: 'GET',
  path: '/projects/{project_name_or_id}/_deletable',
  tag: 'project',
  summary: 'Tell whether a project can be deleted, and what is in the way',
  access: { kind: 'project', permission: 'project:delete' },
  params: projectParams,
  response: projectDeletable,
  status: 200,
  errors: [],
});

export const getProjectSummary = endpoint({
  id: 'getProjectSummary',
  method: 'GET',
  path: '/projects/{project_name_or_id}/summary',
  tag: 'project',
  summary: 'Show the counts and the quota of a project',
  access: { kind: 'project', permission: 'project:read' },
  params: projectParams,
  response: projectSummary,
  status: 200,
  errors: [],
});

export const listProjectMetadatas = endpoint({
  id: 'listProjectMetadatas',
  method: 'GET',
  path: '/projects/{project_name_or_id}/metadatas/',
  tag: 'projectMetadata',
  summary: 'Show all metadata of a project',
  access: { kind: 'project', permission: 'metadata:list' },
  params: projectParams,
  response: projectMetadata,
  status: 200,
  errors: [],
});

export const addProjectMetadatas = endpoint({
  id: 'addProjectMetadatas',
  method: 'POST',
  path: '/projects/{project_name_or_id}/metadatas/',
  tag: 'projectMetadata',
  summary: 'Add one metadata value to a project',
  access: { kind: 'project', permission: 'metadata:create' },
  params: projectParams,
  body: metadataEntry,
  status: 200,
  errors: ['CONFLICT'],
});

export const getProjectMetadata = endpoint({
  id: 'getProjectMetadata',
  method: 'GET',
  path: '/projects/{project_name_or_id}/metadatas/{meta_name}',
  tag: 'projectMetadata',
  summary: 'Show one metadata value of a project',
  access: { kind: 'project', permission: 'metadata:read' },
  params: metadataParams,
  response: projectMetadata,
  status: 200,
  errors: [],
});

export const updateProjectMetadata = endpoint({
  id: 'updateProjectMetadata',
  method: 'PUT',
  path: '/projects/{project_name_or_id}/metadatas/{meta_name}',
  tag: 'projectMetadata',
  summary: 'Change one metadata value of a project; the key in the body is the one in the path',
  access: { kind: 'project', permission: 'metadata:update' },
  params: metadataParams,
  body: metadataEntry,
  status: 200,
  errors: ['CONFLICT'],
});

export const deleteProjectMetadata = endpoint({
  id: 'deleteProjectMetadata',
  method: 'DELETE',
  path: '/projects/{project_name_or_id}/metadatas/{meta_name}',
  tag: 'projectMetadata',
  summary: 'Remove one metadata value of a project',
  access: { kind: 'project', permission: 'metadata:delete' },
  params: metadataParams,
  status: 200,
  errors: [],
});
