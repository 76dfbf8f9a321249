import * as z from 'zod/mini';
import { listSearch, searchChoice, searchFlag } from '../../shared/list/list-search.ts';

/** What the list of projects keeps in the address. */
export const projectSearch = z.object({
  ...listSearch,
  visibility: searchChoice(['public', 'private']),
  create: searchFlag,
});
