import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { artifactParams } from '../wire/fields.ts';
import { accessory, imageConfig, referrer } from './artifact.schema.ts';

const ARTIFACT = '/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}';

export const listAccessories = endpoint({
  id: 'listAccessories',
  method: 'GET',
  path: `${ARTIFACT}/accessories`,
  tag: 'artifact',
  summary: 'List the accessories of an artifact',
  access: { kind: 'project', permission: 'accessory:list' },
  params: artifactParams,
  response: z.array(accessory),
  status: 200,
  list: {
    filters: { id: 'number', type: 'text', digest: 'text', size: 'number', creation_time: 'time' },
    sorts: ['id', 'type', 'size', 'creation_time'],
    defaultSort: '-creation_time',
  },
  errors: [],
});

export const listReferrers = endpoint({
  id: 'listReferrers',
  method: 'GET',
  path: `${ARTIFACT}/referrers`,
  tag: 'artifact',
  summary: 'List what names an artifact as its subject: signatures, attestations, SBOMs and others',
  access: { kind: 'project', permission: 'accessory:list' },
  params: artifactParams,
  response: z.array(referrer),
  status: 200,
  list: {
    filters: { artifact_type: 'text', digest: 'text', size: 'number', push_time: 'time' },
    sorts: ['artifact_type', 'size', 'push_time'],
    defaultSort: '-push_time',
  },
  errors: [],
});

export const getArtifactManifest = endpoint({
  id: 'getArtifactManifest',
  method: 'GET',
  path: `${ARTIFACT}/manifest`,
  tag: 'artifact',
  summary: "Download an artifact's manifest, byte by byte as it was pushed",
  access: { kind: 'project', permission: 'artifact:read' },
  params: artifactParams,
  status: 200,
  raw: true,
  produces: 'application/octet-stream',
  errors: [],
});

export const getArtifactConfig = endpoint({
  id: 'getArtifactConfig',
  method: 'GET',
  path: `${ARTIFACT}/config`,
  tag: 'artifact',
  summary: "Show an image's configuration and layers",
  access: { kind: 'project', permission: 'artifact:read' },
  params: artifactParams,
  response: imageConfig,
  status: 200,
  errors: ['PRECONDITION'],
});
