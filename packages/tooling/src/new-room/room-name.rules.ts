/** A room's name in the spellings code needs, for example of `image-label`. */
export interface RoomName {
  /** `image-label`: folder and file names. */
  readonly kebab: string;
  /** `imageLabel` */
  readonly camel: string;
  /** `ImageLabel` */
  readonly pascal: string;
  /** `ImageLabels`, `image-labels`, `image_labels`: endpoint ids, paths, tables. */
  readonly plural: { readonly pascal: string; readonly kebab: string; readonly snake: string };
  /** `image label`, for sentences. */
  readonly words: string;
}

/** Reads a room name; null when it is not a singular noun in kebab-case. */
export function parseRoomName(text: string): RoomName | null {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) return null;
  const parts = text.split('-');
  const pascal = parts.map(capitalised).join('');
  const plural = pluralOf(text);
  return {
    kebab: text,
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    plural: { pascal: plural.split('-').map(capitalised).join(''), kebab: plural, snake: plural.replaceAll('-', '_') },
    words: parts.join(' '),
  };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
