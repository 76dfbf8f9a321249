import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId, repositoryParams } from '../wire/fields.ts';
import { checkTagName, isDigest } from '../wire/names.ts';

/** Tags and digests one request may name; more are reached by `matching`. */
const MAX_NAMED = 1000;
const MAX_LABELS = 20;
const MAX_FILTER = 1024;

const labelIds = z.array(pathId).max(MAX_LABELS).prefault([]);

/** Which artifacts: those of tags, by digest, or of all tags a list shows under a filter; and what changes on them. */
export const bulkLabelRequest = z
  .strictObject({
    add: labelIds,
    remove: labelIds,
    tags: z
      .array(z.string().refine((value) => checkTagName(value) === null, { error: 'is not a tag' }))
      .max(MAX_NAMED)
      .prefault([]),
    digests: z
      .array(z.string().refine(isDigest, { error: 'is not a digest' }))
      .max(MAX_NAMED)
      .prefault([]),
    matching: z.strictObject({ kind: z.literal('tags'), q: z.string().max(MAX_FILTER) }).optional(),
    /** Changes nothing, and says what would change. */
    dry_run: z.boolean().prefault(false),
  })
  .refine((body) => body.tags.length + body.digests.length > 0 || body.matching !== undefined || body.dry_run, {
    error: 'must name tags, digests or a filter',
  })
  .refine((body) => !body.add.some((id) => body.remove.includes(id)), {
    path: ['remove'],
    error: 'must not name a label that is added',
  })
  .meta({ id: 'BulkLabelReq' });

export const bulkLabelResult = z
  .object({
    artifacts: z.int(),
    /** Tags of these artifacts that were not selected: they show the labels too. */
    other_tags: z.int(),
    /** Labels put on and taken off; what was so already is not counted. */
    added: z.int(),
    removed: z.int(),
  })
  .meta({ id: 'BulkLabelResult' });

/** In batches: what was done stays done when the request breaks off, and doing it again does the rest. */
export const labelArtifacts = endpoint({
  id: 'labelArtifacts',
  method: 'POST',
  path: '/projects/{project_name}/repositories/{repository_name}/labelings',
  tag: 'artifact',
  summary: 'Put labels on many artifacts and take others off',
  access: { kind: 'project', permission: 'artifact-label:create' },
  changesContent: { unless: { dry_run: [true] } },
  params: repositoryParams,
  body: bulkLabelRequest,
  response: bulkLabelResult,
  status: 200,
  errors: ['PRECONDITION'],
});
