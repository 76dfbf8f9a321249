import * as z from 'zod/mini';
import { searchChoice, searchText } from '../../shared/list/list-search.ts';

/** What can be looked for by a part of it, beside names of projects and repositories. */
export const SOUGHT = ['tag', 'repository', 'digest', 'label', 'annotation'] as const;
export type Sought = (typeof SOUGHT)[number];

/** What the search page keeps in the address. */
export const searchSearch = z.object({ q: searchText, by: searchChoice(SOUGHT) });
export type SearchSearch = z.infer<typeof searchSearch>;
