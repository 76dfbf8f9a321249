import { RegistryError } from '../error.ts';

/**
 * The query part of a request target. A `+` stays a plus sign: media types contain it, and no parameter of the
 * protocol contains a space.
 */
export class Query {
  static readonly EMPTY = new Query([]);
  readonly #pairs: readonly (readonly [name: string, value: string])[];

  private constructor(pairs: readonly (readonly [string, string])[]) {
    this.#pairs = pairs;
  }

  /** Parses the text behind the question mark; a malformed escape is refused. */
  static parse(text: string): Query {
    if (text === '') return Query.EMPTY;
    const pairs: [string, string][] = [];
    for (const part of text.split('&')) {
      if (part === '') continue;
      const equals = part.indexOf('=');
      if (equals < 0) pairs.push([decode(part), '']);
      else pairs.push([decode(part.slice(0, equals)), decode(part.slice(equals + 1))]);
    }
    return new Query(pairs);
  }

  /** All values of a parameter, in order. */
  all(name: string): readonly string[] {
    const values: string[] = [];
    for (const [key, value] of this.#pairs) if (key === name) values.push(value);
    return values;
  }

  /** The value of a parameter that may be given once; undefined when absent. Two different values are refused. */
  one(name: string): string | undefined {
    let found: string | undefined;
    for (const [key, value] of this.#pairs) {
      if (key !== name) continue;
      if (found !== undefined && found !== value) {
        throw new RegistryError('UNSUPPORTED', `the parameter ${name} is given twice with different values`, {
          status: 400,
        });
      }
      found = value;
    }
    return found;
  }

  /** The same query with some parameters replaced, as text that is safe in a header. */
  with(replacements: Readonly<Record<string, string>>): string {
    const kept = this.#pairs.filter(([name]) => !(name in replacements));
    return [...kept, ...Object.entries(replacements)]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
  }
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RegistryError('UNSUPPORTED', 'the query contains a malformed percent escape', { status: 400 });
  }
}
