import { RegistryError } from '../error.ts';
import { parseRepositoryName, type RepositoryName } from '../reference.ts';

/** What a path under /v2/ asks for. References and digests are still text: what a malformed one means depends on the method. */
export type Route =
  | { readonly kind: 'ping' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'manifest'; readonly name: RepositoryName; readonly reference: string }
  | { readonly kind: 'blob'; readonly name: RepositoryName; readonly digest: string }
  | { readonly kind: 'uploads'; readonly name: RepositoryName }
  | { readonly kind: 'upload'; readonly name: RepositoryName; readonly id: string }
  | { readonly kind: 'tags'; readonly name: RepositoryName }
  | { readonly kind: 'referrers'; readonly name: RepositoryName; readonly digest: string };

export type RouteKind = Route['kind'];

/**
 * Splits the raw path (no query; nothing decoded but the colon of a digest). Routes are read from the right, because a repository name may itself
 * contain `blobs`, `manifests`, `tags` and so on. Returns null for a path that is no endpoint; a malformed name is
 * NAME_INVALID. Linear, no regular expressions.
 */
export function parseRoute(path: string): Route | null {
  if (path === '/v2/' || path === '/v2') return { kind: 'ping' };
  if (!path.startsWith('/v2/')) return null;
  if (path === '/v2/_catalog') return { kind: 'catalog' };
  if (path.endsWith(TAGS)) return { kind: 'tags', name: nameBefore(path, path.length - TAGS.length) };
  // T2: clients send the slash behind `uploads`; without it the endpoint works too.
  const end = path.endsWith('/') ? path.length - 1 : path.length;
  if (path.endsWith(UPLOADS, end)) return { kind: 'uploads', name: nameBefore(path, end - UPLOADS.length) };

  const last = path.lastIndexOf('/');
  if (last === path.length - 1) return null;
  const value = withPlainColon(path.slice(last + 1));
  if (endsAt(path, last, MANIFESTS))
    return { kind: 'manifest', name: nameBefore(path, last - MANIFESTS.length), reference: value };
  if (endsAt(path, last, UPLOADS)) return { kind: 'upload', name: nameBefore(path, last - UPLOADS.length), id: value };
  if (endsAt(path, last, BLOBS)) return { kind: 'blob', name: nameBefore(path, last - BLOBS.length), digest: value };
  if (endsAt(path, last, REFERRERS))
    return { kind: 'referrers', name: nameBefore(path, last - REFERRERS.length), digest: value };
  return null;
}

const MANIFESTS = '/manifests';
const BLOBS = '/blobs';
const UPLOADS = '/blobs/uploads';
const REFERRERS = '/referrers';
const TAGS = '/tags/list';
const NAME_START = '/v2/'.length;

/** Clients made from URL templates write `sha256%3A…`. Nothing else in a valid reference or digest may be encoded. */
function withPlainColon(text: string): string {
  const at = text.indexOf('%3');
  return at >= 0 && (text[at + 2] === 'A' || text[at + 2] === 'a')
    ? `${text.slice(0, at)}:${text.slice(at + 3)}`
    : text;
}

/** Tells whether `word` ends at `end` and leaves room for a name between it and /v2/. */
function endsAt(path: string, end: number, word: string): boolean {
  return end - word.length > NAME_START && path.startsWith(word, end - word.length);
}

function nameBefore(path: string, end: number): RepositoryName {
  const text = end > NAME_START ? path.slice(NAME_START, end) : '';
  const name = parseRepositoryName(text);
  if (name) return name;
  throw new RegistryError(
    'NAME_INVALID',
    'the repository name is malformed: use lower-case letters, digits and the separators . _ __ - between them, in parts joined by /',
  );
}
