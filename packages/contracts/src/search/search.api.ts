import { z } from 'zod';
import { endpoint, type ListSpec } from '../wire/endpoint.ts';
import { foundArtifact, searchResult } from './search.schema.ts';

export const search = endpoint({
  id: 'search',
  method: 'GET',
  path: '/search',
  tag: 'search',
  summary: 'Find projects and repositories by part of their name, among those the caller may see',
  access: { kind: 'public' },
  query: z.strictObject({ q: z.string().max(255) }),
  response: searchResult,
  status: 200,
  errors: [],
});

/**
 * `annotation=key=value` or `annotation=key`; `digest=~sha256:1a2b` its beginning; `label` by name. Tags and names of
 * repositories and projects in full or, with `=~`, in part.
 */
const artifacts = {
  filters: {
    project: 'text',
    repository: 'text',
    tag: 'text',
    digest: 'text',
    label: 'text',
    annotation: 'text',
    type: 'text',
    push_time: 'time',
  },
  sorts: ['push_time'],
  defaultSort: '-push_time',
  keyset: true,
} as const satisfies ListSpec;

export const searchArtifacts = endpoint({
  id: 'searchArtifacts',
  method: 'GET',
  path: '/search/artifacts',
  tag: 'search',
  summary:
    'Find artifacts of all projects by project, repository, tag, digest, label or annotation, among those the caller may see',
  access: { kind: 'public' },
  response: z.array(foundArtifact),
  status: 200,
  list: artifacts,
  errors: [],
});
