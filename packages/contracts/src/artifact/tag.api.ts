import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { artifactParams, queryFlag, repositoryParams, tagName } from '../wire/fields.ts';
import { newTag, repositoryTag, tag, tagFacets } from './artifact.schema.ts';

const REPOSITORY = '/projects/{project_name}/repositories/{repository_name}';
const TAGS = `${REPOSITORY}/artifacts/{reference}/tags`;

export const listTags = endpoint({
  id: 'listTags',
  method: 'GET',
  path: TAGS,
  tag: 'artifact',
  summary: 'List the tags of an artifact',
  access: { kind: 'project', permission: 'tag:list' },
  params: artifactParams,
  query: z.strictObject({ with_signature: queryFlag.prefault(false), with_immutable_status: queryFlag.default(false) }),
  response: z.array(tag),
  status: 200,
  list: {
    filters: { id: 'number', name: 'text', push_time: 'time', pull_time: 'time' },
    sorts: ['id', 'name', 'push_time', 'pull_time'],
    defaultSort: '-push_time',
  },
  errors: [],
});

export const createTag = endpoint({
  id: 'createTag',
  method: 'POST',
  path: TAGS,
  tag: 'artifact',
  summary: 'Put another tag on an artifact',
  access: { kind: 'project', permission: 'tag:create' },
  changesContent: true,
  params: artifactParams,
  body: newTag,
  status: 201,
  errors: ['METHOD_NOT_ALLOWED', 'CONFLICT', 'PRECONDITION'],
});

export const deleteTag = endpoint({
  id: 'deleteTag',
  method: 'DELETE',
  path: `${TAGS}/{tag_name}`,
  tag: 'artifact',
  summary: 'Take a tag off an artifact; the artifact stays',
  access: { kind: 'project', permission: 'tag:delete' },
  changesContent: true,
  params: artifactParams.extend({ tag_name: tagName }),
  status: 200,
  errors: ['PRECONDITION'],
});

/** `labels=(1 2)` as in lists of artifacts; `platform=linux/arm64/v8`; `pull_time=[~x]` includes what was never pulled. */
const repositoryTags = {
  filters: {
    name: 'text',
    digest: 'text',
    type: 'text',
    size: 'number',
    push_time: 'time',
    pull_time: 'time',
    pushed_by: 'text',
    platform: 'text',
    labels: 'number',
    immutable: 'boolean',
  },
  sorts: ['name', 'version', 'size', 'type', 'push_time', 'pull_time'],
  defaultSort: '-push_time',
  keyset: true,
} as const satisfies ListSpec;

export const listRepositoryTags = endpoint({
  id: 'listRepositoryTags',
  method: 'GET',
  path: `${REPOSITORY}/tags`,
  tag: 'artifact',
  summary: 'List the tags of a repository, each with its artifact',
  access: { kind: 'project', permission: 'tag:list' },
  params: repositoryParams,
  query: z.strictObject({ with_label: queryFlag.prefault(false) }),
  response: z.array(repositoryTag),
  status: 200,
  list: repositoryTags,
  errors: [],
});

/** Takes the `q` of {@link listRepositoryTags}. */
export const listTagFacets = endpoint({
  id: 'listTagFacets',
  method: 'GET',
  path: `${REPOSITORY}/tags/facets`,
  tag: 'artifact',
  summary: 'Count the tags of a repository by type, platform, pusher and label',
  access: { kind: 'project', permission: 'tag:list' },
  params: repositoryParams,
  query: z.strictObject({ q: z.string().max(2048).optional() }),
  response: tagFacets,
  status: 200,
  errors: [],
});

export const TAG_FILTERS: ListSpec = repositoryTags;
