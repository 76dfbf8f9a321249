import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';

/** What a list of deleted things keeps in the address. */
export const trashSearch = z.object({
  ...listSearch,
  kind: searchChoice(['tag', 'artifact', 'repository', 'project']),
  reason: searchText,
});
export type TrashSearch = z.infer<typeof trashSearch>;
