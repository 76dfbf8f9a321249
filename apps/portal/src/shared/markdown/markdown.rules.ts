import MarkdownIt, { type Token } from 'markdown-it';

/** A part of a text: words, or something with a tag, which may hold more. */
export interface Part {
  /** What the reader calls it: a tag such as `strong`, or `text`, `code_inline`, `fence`, `image` and the like. */
  readonly kind: string;
  readonly text: string;
  /** Where a link or image leads, as written. */
  readonly address: string;
  /** Of a cell: `center` or `right`. Of a list: its first number. */
  readonly align: string;
  readonly start: number;
  readonly parts: readonly Part[];
}

/** Longer texts are shown as they were written: reading them would hold up the page. */
const MAX_LENGTH = 100_000;
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** HTML in it stays text. */
const reader = new MarkdownIt({ html: false, linkify: false });

/** The parts of a Markdown text; null for one that is too long to be read. */
export function partsOf(text: string): readonly Part[] | null {
  return text.length > MAX_LENGTH ? null : nested(reader.parse(text, {}));
}

/** Where a link may lead: another site or a mailbox. Null for anything else, among it what is relative to a place we do not have. */
export function safeAddress(address: string): string | null {
  try {
    const { href, protocol } = new URL(address);
    return SCHEMES.has(protocol) ? href : null;
  } catch {
    return null;
  }
}

/** A flat row of openings, leaves and closings as the tree it tells of. */
function nested(tokens: readonly Token[]): readonly Part[] {
  const top: Part[] = [];
  const open: Part[][] = [top];
  for (const token of tokens) {
    const into = open.at(-1) ?? top;
    if (token.nesting < 0) {
      if (open.length > 1) open.pop();
      continue;
    }
    if (token.type === 'inline') {
      into.push(...nested(token.children ?? []));
      continue;
    }
    const parts: Part[] = token.nesting === 0 ? [...nested(token.children ?? [])] : [];
    into.push(partOf(token, parts));
    if (token.nesting > 0) open.push(parts);
  }
  return top;
}

function partOf(token: Token, parts: readonly Part[]): Part {
  const attribute = (name: string) => String(token.attrGet(name) ?? '');
  return {
    // A paragraph of a list without blank lines is none.
    kind: token.hidden ? 'plain' : token.nesting > 0 ? token.tag : token.type,
    text: token.content,
    address: attribute('href') || attribute('src'),
    align: attribute('style').replace('text-align:', ''),
    start: Number(attribute('start') || 1),
    parts,
  };
}
