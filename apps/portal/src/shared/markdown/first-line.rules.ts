/** More than a line that anybody reads. */
const LOOKED_AT = 2_000;

/** The first line that says something, without its marks, for where there is room for one line. */
export function firstLine(text: string): string {
  for (const line of text.slice(0, LOOKED_AT).split('\n')) {
    const plain = line
      .replace(/^[\s#>*+-]+/, '')
      .replaceAll(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
      .replaceAll(/[*`]+/g, '')
      .trim();
    if (plain !== '') return plain;
  }
  return '';
}
