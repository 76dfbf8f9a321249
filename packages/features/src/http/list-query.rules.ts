import { AppError, type FilterKind, type ListSpec } from '@moorage/contracts';

/** One condition of a `q` expression, checked against the endpoint's filter keys. */
export type Condition =
  | { readonly key: string; readonly kind: FilterKind; readonly op: 'equals' | 'contains'; readonly value: string }
  | {
      readonly key: string;
      readonly kind: FilterKind;
      readonly op: 'between';
      readonly min?: string;
      readonly max?: string;
    }
  | { readonly key: string; readonly kind: FilterKind; readonly op: 'any' | 'all'; readonly values: readonly string[] };

export interface SortKey {
  readonly key: string;
  readonly descending: boolean;
}

/** A list request after validation: which page, which rows, in which order. */
export interface ListRequest {
  readonly page: number;
  readonly pageSize: number;
  readonly conditions: readonly Condition[];
  readonly sort: readonly SortKey[];
  /** Values of the sort keys and the tiebreak of the last row before this page, for keyset pages. */
  readonly after?: readonly string[];
}

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;
/** Deep pages cost their depth; nobody reads a ten-thousandth page by number. */
const MAX_OFFSET = 10_000_000;
const MAX_QUERY_LENGTH = 2048;
const MAX_CONDITIONS = 16;
const MAX_VALUES = 100;

/** Reads page or cursor, page_size, q and sort of a list call (QRY-1). Throws BAD_REQUEST, UNKNOWN_QUERY_KEY or UNPROCESSABLE_ENTITY. */
export function parseListQuery(
  spec: ListSpec,
  query: {
    page?: string | undefined;
    page_size?: string | undefined;
    q?: string | undefined;
    sort?: string | undefined;
    cursor?: string | undefined;
  },
): ListRequest {
  const page = positiveInteger('page', query.page, 1, Number.MAX_SAFE_INTEGER);
  const pageSize = positiveInteger('page_size', query.page_size, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  if ((page - 1) * pageSize > MAX_OFFSET) {
    throw new AppError(
      'UNPROCESSABLE_ENTITY',
      `page: page ${page} lies beyond row ${MAX_OFFSET}; narrow the list with q instead.`,
    );
  }
  const sort = parseSort(spec, query.sort || spec.defaultSort);
  const after = query.cursor === undefined ? undefined : parseCursor(sort, query.cursor);
  if (after && page > 1) throw new AppError('BAD_REQUEST', 'cursor: give either cursor or page.');
  return {
    page,
    pageSize,
    conditions: parseConditions(spec, query.q ?? ''),
    sort,
    ...(after ? { after } : {}),
  };
}

/** A place in an ordered list, as it travels: the order, then the values of the row there. */
export function formatCursor(sort: readonly SortKey[], after: readonly string[]): string {
  return Buffer.from(JSON.stringify([sortText(sort), ...after])).toString('base64url');
}

function parseCursor(sort: readonly SortKey[], cursor: string): readonly string[] {
  const [order, ...after] = cursorParts(cursor);
  if (order !== sortText(sort) || after.length !== sort.length + 1) {
    throw new AppError(
      'BAD_REQUEST',
      'cursor: not one of this list in this order; take it from X-Next-Cursor of the page before, or begin without.',
    );
  }
  return after;
}

function cursorParts(cursor: string): readonly string[] {
  if (cursor.length > MAX_QUERY_LENGTH) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isSound = (part: unknown): part is string => typeof part === 'string' && !part.includes('\0');
    return Array.isArray(parts) && parts.every(isSound) ? parts : [];
  } catch {
    return [];
  }
}

function sortText(sort: readonly SortKey[]): string {
  return sort.map(({ key, descending }) => (descending ? `-${key}` : key)).join(',');
}

function positiveInteger(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined || text === '') return fallback;
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  // Harbor's clients ask for page_size 0 or -1 to mean "the default".
  if (text === '0' || text === '-1') return fallback;
  if (!Number.isSafeInteger(value) || value < 1 || value > max) {
    throw new AppError('UNPROCESSABLE_ENTITY', `${name}: must be a whole number from 1 to ${max}.`);
  }
  return value;
}

function parseSort(spec: ListSpec, text: string): SortKey[] {
  return text.split(',').map((part) => {
    const trimmed = part.trim();
    const descending = trimmed.startsWith('-');
    const key = trimmed.replace(/^[-+]/, '');
    if (!spec.sorts.includes(key)) {
      throw new AppError(
        'UNKNOWN_QUERY_KEY',
        `sort: ${quote(key)} is not a sort key here; use ${spec.sorts.join(', ')}.`,
      );
    }
    return { key, descending };
  });
}

/** Parses `q`: comma-joined terms `k=v`, `k=~v`, `k=[a~b]`, `k={a b}`, `k=(a b)`; a backslash takes the next character as it is. */
export function parseConditions(spec: ListSpec, q: string): Condition[] {
  if (q.length > MAX_QUERY_LENGTH) throw malformed(`longer than ${MAX_QUERY_LENGTH} characters`);
  const terms = splitOutsideBrackets(q);
  if (terms.length > MAX_CONDITIONS) throw malformed(`more than ${MAX_CONDITIONS} terms`);
  return terms.map((term) => parseTerm(spec, term));
}

function parseTerm(spec: ListSpec, term: string): Condition {
  const equals = term.indexOf('=');
  if (equals <= 0) throw malformed(`${quote(term)} has no key=value form`);
  const key = term.slice(0, equals).trim();
  const kind = Object.hasOwn(spec.filters, key) ? spec.filters[key] : undefined;
  if (kind === undefined) {
    throw new AppError(
      'UNKNOWN_QUERY_KEY',
      `q: ${quote(key)} is not a filter key here; use ${Object.keys(spec.filters).join(', ')}.`,
    );
  }
  const value = term.slice(equals + 1);
  if (value.startsWith('~')) {
    if (kind !== 'text') throw malformed(`${key} does not take the fuzzy form`);
    return { key, kind, op: 'contains', value: checked(key, kind, unescape(value.slice(1))) };
  }
  if (value.startsWith('[')) return range(key, kind, bracketed(value, ']'));
  if (value.startsWith('{')) return { key, kind, op: 'any', values: values(key, kind, bracketed(value, '}')) };
  if (value.startsWith('(')) return { key, kind, op: 'all', values: values(key, kind, bracketed(value, ')')) };
  return { key, kind, op: 'equals', value: checked(key, kind, unescape(value)) };
}

function range(key: string, kind: FilterKind, body: string): Condition {
  if (kind === 'boolean') throw malformed(`${key} does not take a range`);
  const tilde = body.indexOf('~');
  if (tilde < 0) throw malformed(`the range of ${key} has no ~`);
  const min = unescape(body.slice(0, tilde).trim());
  const max = unescape(body.slice(tilde + 1).trim());
  return {
    key,
    kind,
    op: 'between',
    ...(min === '' ? {} : { min: checked(key, kind, min) }),
    ...(max === '' ? {} : { max: checked(key, kind, max) }),
  };
}

function values(key: string, kind: FilterKind, body: string): string[] {
  const list = body
    .split(' ')
    .filter((value) => value !== '')
    .map((value) => checked(key, kind, unescape(value)));
  if (list.length === 0 || list.length > MAX_VALUES)
    throw malformed(`the list of ${key} must have 1 to ${MAX_VALUES} values`);
  return list;
}

function checked(key: string, kind: FilterKind, value: string): string {
  if (value.includes('\0')) throw malformed(`${key} holds a NUL character`);
  if (kind === 'number' && !/^-?[0-9]{1,15}$/.test(value)) throw malformed(`${key} must be a whole number`);
  if (kind === 'boolean' && value !== 'true' && value !== 'false') throw malformed(`${key} must be true or false`);
  return kind === 'time' ? checkedTime(key, value) : value;
}

/** The database's times begin later and end earlier than those of JavaScript; nobody asks for years beyond these. */
function checkedTime(key: string, value: string): string {
  const time = new Date(value);
  const year = time.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw malformed(`${key} must be a time such as 2026-01-31T12:00:00Z`);
  return time.toISOString();
}

function bracketed(value: string, close: string): string {
  if (!value.endsWith(close)) throw malformed(`${quote(value)} is not closed by ${close}`);
  return value.slice(1, -1);
}

function splitOutsideBrackets(q: string): string[] {
  const terms: string[] = [];
  let term = '';
  let depth = 0;
  for (let index = 0; index < q.length; index++) {
    const char = q.charAt(index);
    if (char === '\\') {
      term += char + q.charAt(++index);
      continue;
    }
    if ('[{('.includes(char)) depth++;
    if (']})'.includes(char)) depth--;
    if (char === ',' && depth <= 0) {
      terms.push(term);
      term = '';
    } else term += char;
  }
  terms.push(term);
  return terms.map((text) => text.trim()).filter((text) => text !== '');
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function malformed(reason: string): AppError {
  return new AppError('BAD_REQUEST', `q: ${reason}. Write terms like name=~web,creation_time=[2026-01-01~].`);
}
