import { z } from 'zod';
import { project } from '../project/project.schema.ts';

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
