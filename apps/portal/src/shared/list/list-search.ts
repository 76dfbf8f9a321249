import { PAGE_SIZES } from '@moorage/ui';
import * as z from 'zod/mini';

const MAX_TEXT = 200;

/** A part of the address that counts as absent when it is not what it should be: old links open a plain view, no error. */
function orAbsent<Schema extends z.ZodMiniType>(schema: Schema) {
  // oxlint-disable-next-line promise/valid-params -- zod's `catch`, not a promise's
  return z.catch(z.optional(schema), undefined);
}

/** Text of the address, of a sane length; absent when empty. */
export const searchText = orAbsent(z.string().check(z.minLength(1), z.maxLength(MAX_TEXT)));

/** One of some words; anything else counts as absent. */
export function searchChoice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return orAbsent(z.enum(words));
}

/** A flag, for an open dialog: `?create=true`. */
export const searchFlag = orAbsent(
  z.pipe(
    z.transform((value: unknown) => value === true || value === 'true'),
    z.literal(true),
  ),
);

const wholeNumber = z.coerce.number().check(z.int(), z.positive());

/** A number from 1 on, of which the address holds the digits. */
export const searchNumber = orAbsent(wholeNumber);

/** What every list keeps in the address. Defaults are left out, so that a plain address is the plain view. */
export const listSearch = {
  q: searchText,
  page: orAbsent(wholeNumber),
  size: orAbsent(wholeNumber.check(z.refine((size) => PAGE_SIZES.includes(size)))),
  sort: orAbsent(z.string().check(z.regex(/^-?[a-z_.]{1,40}$/))),
};

export interface ListSearch {
  readonly q?: string | undefined;
  readonly page?: number | undefined;
  readonly size?: number | undefined;
  readonly sort?: string | undefined;
}

/** Reads the address's query without guessing types: `?q=123` is text. Repeated keys are lists. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const before = found[key];
    found[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') params.append(key, String(item));
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Changes some keys of the present address, whatever page it is of; for links to a view beside what is shown. */
export function mergeSearch(patch: Record<string, string | undefined>): never {
  // The router types search by page; this one is for parts that stand on several pages.
  return ((before: object) => ({ ...before, ...patch })) as never;
}
