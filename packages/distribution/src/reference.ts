import { type Digest, parseDigest } from './digest.ts';

declare const brand: unique symbol;
/** A repository name that matches the OCI grammar, validated by {@link parseRepositoryName}. */
export type RepositoryName = string & { readonly [brand]: 'RepositoryName' };
/** A tag that matches the OCI grammar, validated by {@link parseTag}. */
export type Tag = string & { readonly [brand]: 'Tag' };
/** What a manifest is asked for by. */
export type Reference =
  | { readonly tag: Tag; readonly digest?: undefined }
  | { readonly digest: Digest; readonly tag?: undefined };

/** Longest accepted repository name. Clients refuse host + "/" + name above 255 characters. */
export const MAX_NAME_LENGTH = 255;
export const MAX_TAG_LENGTH = 128;

const isLowerAlphanumeric = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57);

/**
 * Parses a repository name by the distribution-spec grammar: components of `[a-z0-9]+` joined by `.`, `_`, `__` or
 * any number of `-`, separated by `/`. Linear in the length; null when it does not match.
 */
export function parseRepositoryName(text: string): RepositoryName | null {
  if (text.length === 0 || text.length > MAX_NAME_LENGTH) return null;
  let index = 0;
  let atComponentStart = true;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isLowerAlphanumeric(code)) {
      atComponentStart = false;
      index++;
      continue;
    }
    if (atComponentStart) return null;
    const end = separatorEnd(text, index);
    if (end < 0 || end >= text.length) return null;
    if (!isLowerAlphanumeric(text.charCodeAt(end))) return null;
    atComponentStart = text.charAt(index) === '/';
    index = end;
  }
  return text as RepositoryName;
}

function separatorEnd(text: string, start: number): number {
  const char = text.charAt(start);
  if (char === '/' || char === '.') return start + 1;
  if (char === '_') return text.charAt(start + 1) === '_' ? start + 2 : start + 1;
  if (char !== '-') return -1;
  let end = start + 1;
  while (text.charAt(end) === '-') end++;
  return end;
}

/** Parses a tag (`[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`); null when it does not match. */
export function parseTag(text: string): Tag | null {
  if (text.length === 0 || text.length > MAX_TAG_LENGTH) return null;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const word = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
    if (!word && (index === 0 || (code !== 45 && code !== 46))) return null;
  }
  return text as Tag;
}

/** Parses what stands behind `/manifests/`: a digest when it holds a colon, else a tag; null when it is neither. */
export function parseReference(text: string): Reference | null {
  if (text.includes(':')) {
    const digest = parseDigest(text);
    return digest ? { digest } : null;
  }
  const tag = parseTag(text);
  return tag ? { tag } : null;
}

/** Tells whether text could be the id of an upload: 1 to 128 letters, digits, `-` and `_`, so also safe as a file name. */
export function isUploadId(text: string): boolean {
  if (text.length === 0 || text.length > 128) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const word = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!word && code !== 45 && code !== 95) return false;
  }
  return true;
}
