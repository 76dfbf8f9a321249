import { z } from 'zod';
import { sentBackTime, time } from '../wire/fields.ts';
import { MAX_REPOSITORY_DESCRIPTION_LENGTH } from '../wire/names.ts';

export const repository = z
  .object({
    id: z.int(),
    project_id: z.int(),
    /** Full name, project first. */
    name: z.string(),
    /** Markdown. */
    description: z.string(),
    artifact_count: z.int(),
    pull_count: z.int(),
    creation_time: time,
    update_time: time,
    tag_count: z.int().optional(),
    last_push_time: time.optional(),
  })
  .meta({ id: 'Repository' });
export type Repository = z.infer<typeof repository>;

/** The whole repository, as clients send it back; only the description is taken. */
export const repositoryUpdate = z
  .strictObject({
    id: z.int().optional(),
    project_id: z.int().optional(),
    name: z.string().max(512).optional(),
    description: z.string().max(MAX_REPOSITORY_DESCRIPTION_LENGTH).optional(),
    artifact_count: z.int().optional(),
    pull_count: z.int().optional(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
    tag_count: z.int().optional(),
    last_push_time: sentBackTime,
  })
  .meta({ id: 'RepositoryReq' });
