import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';

/** What an artifact's page keeps in the address: its view, the chosen platform of an index, and the list of referrers. */
export const artifactSearch = z.object({
  ...listSearch,
  tab: searchChoice(['config', 'referrers', 'raw']),
  /** Digest of a child of an index. */
  platform: searchText,
});
export type ArtifactSearch = z.infer<typeof artifactSearch>;
