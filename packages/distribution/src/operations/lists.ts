import type { Digest } from '../digest.ts';
import { RegistryError } from '../error.ts';
import { OCI_IMAGE_INDEX } from '../manifest/media-type.ts';
import type {
  Catalog,
  CatalogFilter,
  NamePage,
  ReferrerDescriptor,
  Referrers,
  RepositoryScope,
  Tags,
} from '../ports/index.ts';
import type { RepositoryName, Tag } from '../reference.ts';

/** Names per page when the client does not say, and at most (L6, S76). */
export const MAX_PAGE = 1000;
/** Entries and bytes of one referrers page: some clients read only the first page and at most 4 MiB of it (R5). */
const REFERRERS_PAGE = { limit: 10_000, maxBytes: 3.5 * 1024 * 1024 };

export interface PageRequest {
  readonly after?: string;
  /** Names wanted; clamped to {@link MAX_PAGE}. */
  readonly limit?: number;
}

/** One page of tags in byte order (L1–L6). */
export async function listTags(
  ports: { readonly metadata: Tags },
  repository: RepositoryScope,
  page: PageRequest,
): Promise<NamePage<Tag>> {
  const found = await ports.metadata.listTags(repository, { after: page.after, limit: clamp(page.limit) });
  if (!found) throw new RegistryError('NAME_UNKNOWN', 'there is no such repository');
  return page.limit === 0 ? { items: [] } : found;
}

/** One page of the repositories the caller may see (L7). */
export async function listRepositories(
  ports: { readonly metadata: Catalog },
  filter: CatalogFilter,
  page: PageRequest,
): Promise<NamePage<RepositoryName>> {
  if (page.limit === 0) return { items: [] };
  return ports.metadata.listRepositories(filter, { after: page.after, limit: clamp(page.limit) });
}

/**
 * The image index of manifests that refer to a subject; empty, never an error, when there are none (R1). `limit` is for
 * those who read further pages.
 */
export async function listReferrers(
  ports: { readonly metadata: Referrers },
  repository: RepositoryScope,
  subject: Digest,
  query: { readonly artifactTypes: readonly string[]; readonly after?: string; readonly limit?: number },
): Promise<{ readonly index: Readonly<Record<string, unknown>>; readonly next?: string }> {
  const { limit, maxBytes } = REFERRERS_PAGE;
  const page = await ports.metadata.listReferrers(repository, subject, {
    ...query,
    limit: Math.min(Math.max(query.limit ?? limit, 1), limit),
    maxBytes,
  });
  return {
    index: { schemaVersion: 2, mediaType: OCI_IMAGE_INDEX, manifests: page.items.map(referrerDescriptor) },
    next: page.next,
  };
}

function referrerDescriptor(item: ReferrerDescriptor): Record<string, unknown> {
  const { mediaType, digest, size, artifactType, annotations } = item;
  return { mediaType, digest, size, artifactType, annotations };
}

function clamp(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? MAX_PAGE, 1), MAX_PAGE);
}
