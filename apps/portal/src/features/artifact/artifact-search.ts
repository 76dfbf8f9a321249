import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';

/** The views of an artifact beside its overview; the middle ones depend on what it is. */
const VIEWS = [
  'layers',
  'config',
  'history',
  'readme',
  'values',
  'dependencies',
  'license',
  'files',
  'sbom',
  'referrers',
  'raw',
] as const;
export type ArtifactView = (typeof VIEWS)[number];

/** What an artifact's page keeps in the address: its view, the chosen platform of an index, and the list of referrers. */
export const artifactSearch = z.object({
  ...listSearch,
  tab: searchChoice(VIEWS),
  /** Digest of a child of an index. */
  platform: searchText,
  /** The readme as it was written. */
  as: searchChoice(['source']),
});
export type ArtifactSearch = z.infer<typeof artifactSearch>;
