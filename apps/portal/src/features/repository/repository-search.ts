import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';

/** What the list of a project's repositories keeps in the address. */
export const repositoryListSearch = z.object(listSearch);

/** What a repository's page keeps in the address: its view, and that view's list. */
export const repositorySearch = z.object({
  ...listSearch,
  view: searchChoice(['artifacts', 'about']),
  /** Artifacts: which are tagged. */
  tagged: searchChoice(['tagged', 'untagged']),
  /** Artifacts and tags: of this type only. */
  type: searchText,
});
export type RepositorySearch = z.infer<typeof repositorySearch>;
