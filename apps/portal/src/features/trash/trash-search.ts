import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';

/** What a list of deleted things keeps in the address. */
export const trashSearch = z.object({
  ...listSearch,
  kind: searchChoice(['tag', 'artifact', 'repository', 'project']),
  reason: searchText,
});
/** The same of a project, which also lists what was removed in the background. */
export const projectTrashSearch = z.object({ ...trashSearch.shape, view: searchChoice(['removals']) });
export type TrashSearch = z.infer<typeof trashSearch>;
