import { z } from 'zod';
import { annotations } from '../artifact/artifact.schema.ts';
import { project } from '../project/project.schema.ts';
import { time } from '../wire/fields.ts';

export const searchRepository = z
  .object({
    project_id: z.int(),
    project_name: z.string(),
    project_public: z.boolean(),
    /** Full name, project first. */
    repository_name: z.string(),
    pull_count: z.int(),
    artifact_count: z.int(),
  })
  .meta({ id: 'SearchRepository' });

/** At most 100 of each kind, best matches first, all readable by the caller. */
export const searchResult = z
  .object({ project: z.array(project), repository: z.array(searchRepository) })
  .meta({ id: 'Search' });
export type SearchResult = z.infer<typeof searchResult>;

export const foundArtifact = z
  .object({
    id: z.int(),
    project_id: z.int(),
    project_name: z.string(),
    project_public: z.boolean(),
    /** Full name, project first. */
    repository_name: z.string(),
    digest: z.string(),
    type: z.string(),
    size: z.int(),
    push_time: time,
    pushed_by: z.string(),
    /** The newest ten. */
    tags: z.array(z.string()),
    labels: z.array(z.string()),
    annotations,
  })
  .meta({ id: 'FoundArtifact' });
export type FoundArtifact = z.infer<typeof foundArtifact>;
