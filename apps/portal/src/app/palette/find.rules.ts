import type { Condition } from '../../shared/list/list-query.rules.ts';
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

/** What to ask the search for artifacts: the beginning of a digest, or part of a tag, within repositories of a name. */
export function artifactConditions(text: string): readonly Condition[] {
  if (isDigestPart(text)) {
    return [{ key: 'digest', contains: text.startsWith('sha') ? text : `sha256:${text}` }];
  }
  const { name, tag } = nameAndTag(text);
  return tag === ''
    ? [{ key: 'tag', contains: text }]
    : [
        { key: 'repository', contains: name },
        { key: 'tag', contains: tag },
      ];
}

export function artifactPlace(fullName: string, reference: string) {
  return { ...placeOfRepository(fullName), reference };
}
