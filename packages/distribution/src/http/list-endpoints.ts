import { RegistryError } from '../error.ts';
import { OCI_IMAGE_INDEX } from '../manifest/media-type.ts';
import { MAX_PAGE, type PageRequest } from '../operations/lists.ts';
import type { RepositoryName } from '../reference.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { requireDigest } from './blob-endpoints.ts';
import { parseCount } from './range.ts';
import type { Grant, Visit } from './visit.ts';

/** GET /v2/: tells a client that the registry speaks the protocol and accepts its credentials. */
export function getPing(): Answer {
  return PING;
}

const PING = jsonAnswer(200, {});

export async function getTags(visit: Visit, route: { readonly name: RepositoryName }, grant: Grant): Promise<Answer> {
  const request = pageRequest(visit);
  const page = await visit.service.operations.listTags(grant.repository, request);
  const link = nextLink(visit, `/v2/${route.name}/tags/list`, request, page.next);
  return jsonAnswer(200, { name: route.name, tags: page.items }, link);
}

export async function getCatalog(visit: Visit, _route: unknown, grant: Grant): Promise<Answer> {
  const request = pageRequest(visit);
  const filter = grant.catalog ?? { namespaceIds: [] };
  const page = await visit.service.operations.listRepositories(filter, request);
  return jsonAnswer(200, { repositories: page.items }, nextLink(visit, '/v2/_catalog', request, page.next));
}

/** Always an index, for unknown subjects too (R1), with exactly the type clients compare by text (R2). */
export async function getReferrers(
  visit: Visit,
  route: { readonly name: RepositoryName; readonly digest: string },
  grant: Grant,
): Promise<Answer> {
  const subject = requireDigest(route.digest);
  const artifactTypes = visit.query.all('artifactType').filter((type) => type !== '');
  const after = visit.query.one('after');
  const limit = wantedCount(visit);
  const { index, next } = await visit.service.operations.listReferrers(grant.repository, subject, {
    artifactTypes,
    after,
    limit,
  });
  const headers: string[] = [];
  if (artifactTypes.length > 0) headers.push('OCI-Filters-Applied', 'artifactType');
  if (next !== undefined) {
    headers.push('Link', `</v2/${route.name}/referrers/${subject}?${visit.query.with({ after: next })}>; rel="next"`);
  }
  return jsonAnswer(200, index, headers, OCI_IMAGE_INDEX);
}

function wantedCount(visit: Visit): number | undefined {
  const text = visit.query.one('n');
  const limit = text === undefined ? undefined : parseCount(text);
  if (text !== undefined && typeof limit !== 'number') {
    throw new RegistryError('PAGINATION_NUMBER_INVALID', 'n must be a number from 0 on');
  }
  return limit ?? undefined;
}

function pageRequest(visit: Visit): PageRequest {
  const limit = wantedCount(visit);
  const after = visit.query.one('last');
  if (after !== undefined && !isPosition(after)) {
    throw new RegistryError('PAGINATION_NUMBER_INVALID', 'last must be a name of at most 255 printable characters');
  }
  return { limit, after };
}

/** Names are ASCII; anything else as a position is a mistake that no store should have to order. */
function isPosition(text: string): boolean {
  if (text.length > 255) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

function nextLink(visit: Visit, path: string, request: PageRequest, next: string | undefined): string[] {
  if (next === undefined) return [];
  const n = String(Math.min(request.limit ?? MAX_PAGE, MAX_PAGE));
  return ['Link', `<${path}?${visit.query.with({ n, last: next })}>; rel="next"`];
}
