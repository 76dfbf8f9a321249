import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { repositoryParams, tagName } from '../wire/fields.ts';
import { revertedTag, tagMove, tagRevert } from './tag-history.schema.ts';

const REPOSITORY = '/projects/{project_name}/repositories/{repository_name}';

const moves = {
  filters: { tag: 'text', operation: 'text', by: 'text', time: 'time', old_digest: 'text', new_digest: 'text' },
  sorts: ['id'],
  defaultSort: '-id',
  keyset: true,
} as const satisfies ListSpec;

export const listTagHistory = endpoint({
  id: 'listTagHistory',
  method: 'GET',
  path: `${REPOSITORY}/tags/{tag_name}/history`,
  tag: 'artifact',
  summary: 'List what a tag has pointed at, newest first, with who moved it; also of a tag that is gone',
  access: { kind: 'project', permission: 'tag:list' },
  params: repositoryParams.extend({ tag_name: tagName }),
  response: z.array(tagMove),
  status: 200,
  list: moves,
  errors: [],
});

export const listRepositoryTagHistory = endpoint({
  id: 'listRepositoryTagHistory',
  method: 'GET',
  path: `${REPOSITORY}/tag-history`,
  tag: 'artifact',
  summary: 'List every move of every tag of a repository, newest first',
  access: { kind: 'project', permission: 'tag:list' },
  params: repositoryParams,
  response: z.array(tagMove),
  status: 200,
  list: moves,
  errors: [],
});

export const revertTag = endpoint({
  id: 'revertTag',
  method: 'POST',
  path: `${REPOSITORY}/tags/{tag_name}/revert`,
  tag: 'artifact',
  summary: 'Point a tag at an artifact it pointed at before',
  // It replaces what a tag points at, as a push does; a new tag (tag:create) never does.
  access: { kind: 'project', permission: 'repository:push' },
  changesContent: true,
  params: repositoryParams.extend({ tag_name: tagName }),
  body: tagRevert,
  response: revertedTag,
  status: 200,
  errors: ['PRECONDITION'],
});
