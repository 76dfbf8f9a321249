import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { repositoryParams } from '../wire/fields.ts';

/** Takes along parts, accessories and tags (ART-7). Needs to read the source as well. */
export const copyArtifact = endpoint({
  id: 'CopyArtifact',
  method: 'POST',
  path: '/projects/{project_name}/repositories/{repository_name}/artifacts',
  tag: 'artifact',
  summary: 'Copy an artifact of another repository or project here, with its parts, accessories and tags',
  access: { kind: 'project', permission: 'artifact:create' },
  changesContent: true,
  params: repositoryParams,
  query: z.strictObject({
    /** `project/repository:tag` or `project/repository@digest`. */
    from: z.string().min(1).max(1024),
  }),
  status: 201,
  errors: ['METHOD_NOT_ALLOWED', 'CONFLICT', 'PRECONDITION', 'DENIED'],
});
