import * as z from 'zod/mini';
import { listSearch, searchChoice, searchNumber, searchText } from '../../shared/list/list-search.ts';

/** What the list of a project's repositories keeps in the address. */
export const repositoryListSearch = z.object(listSearch);

/** What a repository's page keeps in the address: its view, and that view's list. */
export const repositorySearch = z.object({
  ...listSearch,
  view: searchChoice(['artifacts', 'activity', 'about']),
  /** Artifacts: which are tagged. */
  tagged: searchChoice(['tagged', 'untagged']),
  /** Artifacts: ids of labels they all have, with commas between. */
  labels: searchText,
  /** Artifacts and tags: of this type only. */
  type: searchText,
  /** Tags: pushed by this account. */
  by: searchText,
  /** Tags: running here, `os/architecture`. */
  platform: searchText,
  /** Tags: with the label of this id. */
  label: searchText,
  /** Tags: kept by a rule, or not. */
  kept: searchChoice(['true', 'false']),
  /** Activity: of this tag alone. */
  tag: searchText,
  /** Tags: by their last pull. */
  pulled: searchChoice(['week', 'not30', 'not90', 'never']),
  /** A deletion in the background that is followed. */
  removal: searchNumber,
});
export type RepositorySearch = z.infer<typeof repositorySearch>;
