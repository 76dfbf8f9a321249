/** One attribute and value of a distinguished name, unescaped. */
interface NamePart {
  readonly type: string;
  readonly value: string;
}

const ATTRIBUTE_TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)$/;
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;

/**
 * A distinguished name (RFC 4514) in one spelling: attribute types and values in lower case, spaces that mean nothing
 * taken out, one way of escaping. Null when the text is no distinguished name.
 */
export function normalizeDn(dn: string): string | null {
  const names = parseDn(dn);
  if (names === null || names.length === 0) return null;
  return names
    .map((parts) =>
      parts
        .map(({ type, value }) => `${type.toLowerCase()}=${escapeValue(value.toLowerCase().replaceAll(/ +/g, ' '))}`)
        .toSorted()
        .join('+'),
    )
    .join(',');
}

/** The first value of a distinguished name, for showing: `cn=Web Team,ou=groups` gives `Web Team`. Null for no name. */
export function leadingValue(dn: string): string | null {
  return parseDn(dn)?.[0]?.[0]?.value ?? null;
}

function parseDn(dn: string): NamePart[][] | null {
  const names: NamePart[][] = [];
  for (const name of splitUnescaped(dn, ',;')) {
    const parts: NamePart[] = [];
    for (const text of splitUnescaped(name, '+')) {
      const part = parsePart(text);
      if (part === null) return null;
      parts.push(part);
    }
    names.push(parts);
  }
  return names;
}

function parsePart(text: string): NamePart | null {
  const equals = text.indexOf('=');
  const type = text.slice(0, Math.max(equals, 0)).trim();
  const value = unescapeValue(text.slice(equals + 1));
  return ATTRIBUTE_TYPE.test(type) && value !== null && value !== '' ? { type, value } : null;
}

function splitUnescaped(text: string, separators: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (separators.includes(text[at] as string)) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

function unescapeValue(text: string): string | null {
  const bytes: Buffer[] = [];
  // Length up to which the value ends in something else than a bare space.
  let kept = 0;
  const source = text.trimStart();
  for (let at = 0; at < source.length; ) {
    const symbol = String.fromCodePoint(source.codePointAt(at) as number);
    if (symbol !== '\\') {
      bytes.push(Buffer.from(symbol));
      at += symbol.length;
      if (symbol !== ' ') kept = bytes.length;
      continue;
    }
    const pair = source.slice(at + 1, at + 3);
    if (HEX_PAIR.test(pair)) {
      bytes.push(Buffer.from(pair, 'hex'));
      at += 3;
    } else {
      const next = source.codePointAt(at + 1);
      if (next === undefined) return null;
      bytes.push(Buffer.from(String.fromCodePoint(next)));
      at += 1 + String.fromCodePoint(next).length;
    }
    kept = bytes.length;
  }
  return Buffer.concat(bytes.slice(0, kept)).toString('utf8');
}

function escapeValue(value: string): string {
  return value.replaceAll(/^[ #]|[\\,;+"<>=]| $/g, String.raw`\$&`).replaceAll('\0', String.raw`\00`);
}
