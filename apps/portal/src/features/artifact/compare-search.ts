import * as z from 'zod/mini';
import { searchText } from '../../shared/list/list-search.ts';

/** The two artifacts beside each other, as `project/repository:tag` or `…@digest`, and the platform of indexes. */
export const compareSearch = z.object({ a: searchText, b: searchText, platform: searchText });
export type CompareSearch = z.infer<typeof compareSearch>;
