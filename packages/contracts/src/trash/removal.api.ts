import { endpoint } from '../wire/endpoint.ts';
import { repositoryParams } from '../wire/fields.ts';
import { removalPreview, removalRequest, removalResult } from './trash.schema.ts';

const REMOVALS = '/projects/{project_name}/repositories/{repository_name}/removals';

/** Changes nothing. What it says is decided as the removal itself decides, at the same moment for everything. */
export const previewRemoval = endpoint({
  id: 'previewRemoval',
  method: 'POST',
  path: `${REMOVALS}/preview`,
  tag: 'trash',
  summary: 'Show what a deletion takes along, what stays and why, and the bytes it frees',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: repositoryParams,
  body: removalRequest,
  response: removalPreview,
  status: 200,
  errors: ['PRECONDITION'],
});

/** In batches: what was done stays done when the request breaks off, and doing it again does the rest. */
export const removeContent = endpoint({
  id: 'removeContent',
  method: 'POST',
  path: REMOVALS,
  tag: 'trash',
  summary: 'Delete many tags or artifacts at once',
  access: { kind: 'project', permission: 'artifact:delete' },
  changesContent: true,
  params: repositoryParams,
  body: removalRequest,
  response: removalResult,
  status: 200,
  errors: ['PRECONDITION'],
});
