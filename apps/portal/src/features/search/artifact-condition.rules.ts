import type { Condition } from '../../shared/list/list-query.rules.ts';
import type { Sought } from './search-search.ts';

const DIGEST = /^(?:sha256:|sha512:)?[0-9a-f]+$/;

/** The condition of the list of artifacts for a typed text; null for a text that cannot be found in this way. */
export function artifactCondition(by: Sought, text: string): Condition | null {
  const typed = text.trim();
  if (typed === '') return null;
  switch (by) {
    case 'digest': {
      const digest = typed.toLowerCase();
      if (!DIGEST.test(digest)) return null;
      return { key: 'digest', contains: digest.includes(':') ? digest : `sha256:${digest}` };
    }
    // A label's name and an annotation are known in full, `key` or `key=value`.
    case 'label':
    case 'annotation':
      return { key: by, is: typed };
    default:
      return { key: by, contains: typed };
  }
}
