/** What may travel as a parameter. Objects go as JSON text made by the store, so that nobody's object reaches the driver. */
export type SqlValue = string | number | boolean | null | Date | Buffer | readonly (string | number | null)[];

/**
 * A piece of SQL: text that stands in the code base, and values that travel as parameters. Made by {@link sql} only, so
 * user input cannot become text (S98).
 */
export class Statement {
  readonly #texts: readonly string[];
  readonly #values: readonly SqlValue[];

  private constructor(texts: readonly string[], values: readonly SqlValue[]) {
    this.#texts = texts;
    this.#values = values;
  }

  static of(strings: TemplateStringsArray, parts: readonly (Statement | SqlValue)[]): Statement {
    const texts = [strings[0] ?? ''];
    const values: SqlValue[] = [];
    parts.forEach((part, index) => {
      const after = strings[index + 1] ?? '';
      if (part instanceof Statement) Statement.#append(texts, values, part);
      else {
        values.push(part);
        texts.push('');
      }
      texts[texts.length - 1] += after;
    });
    return new Statement(texts, values);
  }

  static join(parts: readonly Statement[], separator: Separator): Statement {
    const texts = [''];
    const values: SqlValue[] = [];
    parts.forEach((part, index) => {
      if (index > 0) texts[texts.length - 1] += separator;
      Statement.#append(texts, values, part);
    });
    return new Statement(texts, values);
  }

  static #append(texts: string[], values: SqlValue[], part: Statement): void {
    texts[texts.length - 1] += part.#texts[0] ?? '';
    texts.push(...part.#texts.slice(1));
    values.push(...part.#values);
  }

  /** The SQL text with `$1`, `$2`, … in place of the values. */
  get text(): string {
    return this.#texts.reduce((text, piece, index) => (index === 0 ? piece : `${text}$${index}${piece}`), '');
  }

  get values(): readonly SqlValue[] {
    return this.#values;
  }
}

type Separator = ' and ' | ' or ' | ', ' | ' ';

/** Writes SQL as a template: interpolated statements become text, every other interpolated value becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...parts: (Statement | SqlValue)[]): Statement {
  return Statement.of(strings, parts);
}

/** Several statements in a row; nothing for none. */
export function joined(parts: readonly Statement[], separator: Separator): Statement {
  return Statement.join(parts, separator);
}

/** All of the conditions; true for none. */
export function allOf(conditions: readonly Statement[]): Statement {
  return conditions.length === 0 ? sql`true` : sql`(${joined(conditions, ' and ')})`;
}

/** Any of the conditions; false for none. */
export function anyOf(conditions: readonly Statement[]): Statement {
  return conditions.length === 0 ? sql`false` : sql`(${joined(conditions, ' or ')})`;
}

/** A LIKE pattern that finds `text` anywhere, with its own wildcards taken literally (S99). */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
