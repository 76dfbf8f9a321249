import { z } from 'zod';
import type { ListSpec } from '../wire/endpoint.ts';
import { endpoint } from '../wire/endpoint.ts';
import { artifactParams, projectParams, queryFlag, repositoryParams } from '../wire/fields.ts';
import { artifact } from './artifact.schema.ts';

const ARTIFACTS = '/projects/{project_name}/repositories/{repository_name}/artifacts';

/**
 * Names of the additions of Harbor's API; which an artifact has depends on its type (ART-6). `vulnerabilities` needs a
 * scanner: none has it.
 */
export const ADDITIONS = [
  'build_history',
  'vulnerabilities',
  'values.yaml',
  'readme.md',
  'dependencies',
  'sbom',
  'license',
  'files',
] as const;

/** What an artifact is shown with (ART-2). `with_signature` is of older Harbor clients and changes nothing. */
const assembly = {
  with_tag: queryFlag.prefault(true),
  with_label: queryFlag.prefault(false),
  with_scan_overview: queryFlag.prefault(false),
  with_sbom_overview: queryFlag.prefault(false),
  with_signature: queryFlag.prefault(false),
  with_immutable_status: queryFlag.prefault(false),
  with_accessory: queryFlag.prefault(false),
  with_inherited_accessory: queryFlag.prefault(false),
};

const headers = {
  'X-Accept-Vulnerabilities': 'Media types of wanted scan reports; changes nothing without a scanner.',
};

/** `tags=*`, `tags=nil`, `labels=(1 2)` and `base=*` as in Harbor (QRY-2). */
const list = {
  filters: {
    id: 'number',
    type: 'text',
    media_type: 'text',
    manifest_media_type: 'text',
    artifact_type: 'text',
    repository_id: 'number',
    repository_name: 'text',
    digest: 'text',
    size: 'number',
    push_time: 'time',
    pull_time: 'time',
    tags: 'text',
    labels: 'number',
    base: 'text',
  },
  sorts: ['id', 'type', 'digest', 'size', 'push_time', 'pull_time'],
  defaultSort: '-push_time',
  keyset: true,
} as const satisfies ListSpec;

export const listArtifacts = endpoint({
  id: 'listArtifacts',
  method: 'GET',
  path: ARTIFACTS,
  tag: 'artifact',
  summary: 'List the artifacts of a repository',
  access: { kind: 'project', permission: 'artifact:list' },
  headers,
  params: repositoryParams,
  query: z.strictObject(assembly),
  response: z.array(artifact),
  status: 200,
  list,
  errors: [],
});

export const listArtifactsOfProject = endpoint({
  id: 'listArtifactsOfProject',
  method: 'GET',
  path: '/projects/{project_name_or_id}/artifacts',
  tag: 'project',
  summary: 'List the artifacts of all repositories of a project',
  access: { kind: 'project', permission: 'artifact:list' },
  headers,
  params: projectParams,
  query: z.strictObject({ ...assembly, latest_in_repository: queryFlag.prefault(false) }),
  response: z.array(artifact),
  status: 200,
  list,
  errors: [],
});

export const getArtifact = endpoint({
  id: 'getArtifact',
  method: 'GET',
  path: `${ARTIFACTS}/{reference}`,
  tag: 'artifact',
  summary: 'Show an artifact by tag or digest',
  access: { kind: 'project', permission: 'artifact:read' },
  headers,
  params: artifactParams,
  // Harbor's description has page and page_size here; they page nothing.
  query: z.strictObject({ ...assembly, page: z.string().max(20).optional(), page_size: z.string().max(20).optional() }),
  response: artifact,
  status: 200,
  errors: [],
});

export const deleteArtifact = endpoint({
  id: 'deleteArtifact',
  method: 'DELETE',
  path: `${ARTIFACTS}/{reference}`,
  tag: 'artifact',
  summary: 'Delete an artifact with its tags and accessories',
  access: { kind: 'project', permission: 'artifact:delete' },
  changesContent: true,
  params: artifactParams,
  status: 200,
  errors: ['PRECONDITION', 'VIOLATE_FOREIGN_KEY_CONSTRAINT'],
});

/**
 * JSON for `build_history`, `dependencies` and `files`, text for the others. NOT_FOUND for what the artifact's type or
 * content does not have; PRECONDITION for content that goes beyond the limits of what is read.
 */
export const getAddition = endpoint({
  id: 'getAddition',
  method: 'GET',
  path: `${ARTIFACTS}/{reference}/additions/{addition}`,
  tag: 'artifact',
  summary: 'Show an addition of an artifact, such as its build history',
  access: { kind: 'project', permission: 'artifact-addition:read' },
  params: artifactParams.extend({ addition: z.enum(ADDITIONS) }),
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: ['PRECONDITION'],
});
