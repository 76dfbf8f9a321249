import { placeOfRepository } from '../../shared/repository-name.rules.ts';

/** `nginx:1.2` is a repository and a tag; a digest is neither. */
export function nameAndTag(text: string): { name: string; tag: string } {
  const colon = text.lastIndexOf(':');
  return colon < 0 || isDigestPart(text)
    ? { name: text, tag: '' }
    : { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The beginning of a digest: `sha256:…`, or at least six hexadecimal characters of which one is a digit. */
export function isDigestPart(text: string): boolean {
  return /^sha(256|512):[0-9a-f]*$/.test(text) || (/^[0-9a-f]{6,128}$/.test(text) && /\d/.test(text));
}

/** The project a page belongs to, or null. */
export function projectOfPath(pathname: string): string | null {
  const match = /^\/projects\/([^/]+)/.exec(pathname);
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
}

export function artifactPlace(fullName: string, reference: string) {
  return { ...placeOfRepository(fullName), reference };
}
