import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { artifactParams } from '../wire/fields.ts';
import { artifactComparison, artifactPulls, artifactStorage } from './artifact-insight.schema.ts';

const ARTIFACT = '/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}';

export const getArtifactPulls = endpoint({
  id: 'getArtifactPulls',
  method: 'GET',
  path: `${ARTIFACT}/pulls`,
  tag: 'artifact',
  summary: 'Show how often an artifact was pulled on each of the last days (UTC), at most 90',
  access: { kind: 'project', permission: 'artifact:read' },
  params: artifactParams,
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).prefault(90) }),
  response: artifactPulls,
  status: 200,
  errors: [],
});

export const getArtifactStorage = endpoint({
  id: 'getArtifactStorage',
  method: 'GET',
  path: `${ARTIFACT}/storage`,
  tag: 'artifact',
  summary: 'Show which bytes of an artifact are its own, and who shares its layers',
  access: { kind: 'project', permission: 'artifact:read' },
  params: artifactParams,
  response: artifactStorage,
  status: 200,
  errors: [],
});

/** Needs to read both. */
export const compareArtifacts = endpoint({
  id: 'compareArtifacts',
  method: 'GET',
  path: `${ARTIFACT}/compare`,
  tag: 'artifact',
  summary: 'Compare two artifacts: layers, configuration, labels, annotations and size',
  access: { kind: 'project', permission: 'artifact:read' },
  params: artifactParams,
  query: z.strictObject({
    /** `project/repository:tag` or `project/repository@digest`. */
    with: z.string().min(1).max(1024),
    /** Of indexes, for example `linux/arm64/v8`; the first that both have unless given. */
    platform: z.string().max(255).optional(),
  }),
  response: artifactComparison,
  status: 200,
  errors: ['PRECONDITION'],
});
