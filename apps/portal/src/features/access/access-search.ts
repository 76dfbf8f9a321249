import * as z from 'zod/mini';
import { searchChoice, searchText } from '../../shared/list/list-search.ts';

export const SUBJECT_KINDS = ['user', 'robot', 'anonymous'] as const;

/** The question stands in the address, so that an answer can be sent to whoever asked. */
export const accessSearch = z.object({
  kind: searchChoice(SUBJECT_KINDS),
  who: searchText,
  what: searchText,
});

export type AccessSearch = z.infer<typeof accessSearch>;
