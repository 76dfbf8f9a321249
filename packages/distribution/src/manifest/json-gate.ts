/** Bounds of a document that is worth parsing. */
export interface JsonLimits {
  readonly depth: number;
  readonly tokens: number;
  readonly keysPerObject: number;
}

export const MANIFEST_JSON_LIMITS: JsonLimits = { depth: 32, tokens: 100_000, keysPerObject: 4096 };

export type JsonVerdict =
  | {
      readonly ok: true;
      /** A number is written with sign, fraction or exponent: readers disagree about such sizes. */
      readonly oddNumbers: boolean;
    }
  | { readonly ok: false; readonly reason: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Checks, in one pass over the bytes, that a document is exactly one JSON object within limits
 * and that no object names a key twice. Runs before JSON.parse, which would silently keep the last duplicate, accept any
 * depth and take seconds for some inputs (S70, S103). The bytes must already be valid UTF-8.
 */
export function inspectJson(bytes: Uint8Array, limits: JsonLimits = MANIFEST_JSON_LIMITS): JsonVerdict {
  try {
    return { ok: true, oddNumbers: new JsonGate(bytes, limits).run() };
  } catch (error) {
    if (error instanceof JsonRefusal) return { ok: false, reason: error.message };
    throw error;
  }
}

class JsonRefusal extends Error {}

class JsonGate {
  readonly #bytes: Uint8Array;
  readonly #limits: JsonLimits;
  /** One entry per open container: the keys seen so far, or null for an array. */
  readonly #open: (Set<string> | null)[] = [];
  #position = 0;
  #tokens = 0;
  #oddNumbers = false;

  constructor(bytes: Uint8Array, limits: JsonLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  run(): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#position] !== OPEN_OBJECT) throw new JsonRefusal('it is not a JSON object');
    this.#value();
    while (this.#open.length > 0) this.#member();
    this.#skipSpace();
    if (this.#position !== this.#bytes.length) throw new JsonRefusal('bytes follow the JSON object');
    return this.#oddNumbers;
  }

  /** Reads what follows an open container's last value: a comma and the next value, or its end. */
  #member(): void {
    const keys = this.#open.at(-1);
    this.#skipSpace();
    const byte = this.#bytes[this.#position];
    if (byte === (keys ? CLOSE_OBJECT : CLOSE_ARRAY)) {
      this.#position++;
      this.#open.pop();
      return;
    }
    if (byte !== COMMA) throw this.#syntax();
    this.#position++;
    this.#element(keys ?? null);
  }

  #element(keys: Set<string> | null): void {
    if (keys) this.#key(keys);
    this.#skipSpace();
    this.#value();
  }

  /** Reads one value. A container that is not empty stays open behind its first value. */
  #value(): void {
    if (++this.#tokens > this.#limits.tokens) throw new JsonRefusal(`it has more than ${this.#limits.tokens} values`);
    const byte = this.#bytes[this.#position];
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#container(byte);
    if (byte === QUOTE) return void this.#string();
    if (byte === 0x74) return this.#word('true');
    if (byte === 0x66) return this.#word('false');
    if (byte === 0x6e) return this.#word('null');
    return this.#number();
  }

  #container(opening: number): void {
    if (this.#open.length >= this.#limits.depth)
      throw new JsonRefusal(`it is nested deeper than ${this.#limits.depth}`);
    const keys = opening === OPEN_OBJECT ? new Set<string>() : null;
    this.#position++;
    this.#skipSpace();
    if (this.#bytes[this.#position] === (keys ? CLOSE_OBJECT : CLOSE_ARRAY)) {
      this.#position++;
      return;
    }
    this.#open.push(keys);
    this.#element(keys);
  }

  #key(keys: Set<string>): void {
    this.#skipSpace();
    if (this.#bytes[this.#position] !== QUOTE) throw this.#syntax();
    const start = this.#position;
    const escaped = this.#string();
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, this.#position - start).toString();
    // A lone surrogate is read as U+FFFD by other languages; two keys must not become one there.
    const key = escaped ? (JSON.parse(text) as string).toWellFormed() : text.slice(1, -1);
    if (keys.has(key)) throw new JsonRefusal(`the key ${JSON.stringify(key)} appears twice in one object`);
    if (keys.size >= this.#limits.keysPerObject) {
      throw new JsonRefusal(`an object has more than ${this.#limits.keysPerObject} keys`);
    }
    keys.add(key);
    this.#skipSpace();
    if (this.#bytes[this.#position] !== COLON) throw this.#syntax();
    this.#position++;
  }

  /** Moves behind a string; true when it contains escapes. */
  #string(): boolean {
    const bytes = this.#bytes;
    let escaped = false;
    let position = this.#position + 1;
    for (;;) {
      const byte = bytes[position];
      if (byte === undefined || byte < 0x20) throw this.#syntax();
      if (byte === QUOTE) break;
      position += 1;
      if (byte !== BACKSLASH) continue;
      escaped = true;
      position += this.#escapeLength(position);
    }
    this.#position = position + 1;
    return escaped;
  }

  #escapeLength(position: number): number {
    const byte = this.#bytes[position];
    if (byte !== 0x75) {
      if (byte !== undefined && ESCAPES.includes(byte)) return 1;
      throw this.#syntax();
    }
    for (let index = 1; index <= 4; index++) {
      if (!isHex(this.#bytes[position + index])) throw this.#syntax();
    }
    return 5;
  }

  #word(word: string): void {
    for (let index = 0; index < word.length; index++) {
      if (this.#bytes[this.#position + index] !== word.charCodeAt(index)) throw this.#syntax();
    }
    this.#position += word.length;
  }

  #number(): void {
    if (this.#bytes[this.#position] === 0x2d) {
      this.#oddNumbers = true;
      this.#position++;
    }
    if (this.#bytes[this.#position] === 0x30) this.#position++;
    else this.#digits();
    if (this.#bytes[this.#position] === 0x2e) {
      this.#oddNumbers = true;
      this.#position++;
      this.#digits();
    }
    const exponent = this.#bytes[this.#position];
    if (exponent !== 0x65 && exponent !== 0x45) return;
    this.#oddNumbers = true;
    this.#position++;
    const sign = this.#bytes[this.#position];
    if (sign === 0x2b || sign === 0x2d) this.#position++;
    this.#digits();
  }

  #digits(): void {
    const start = this.#position;
    while (isDigit(this.#bytes[this.#position])) this.#position++;
    if (this.#position === start) throw this.#syntax();
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#position];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#position++;
    }
  }

  #syntax(): JsonRefusal {
    return new JsonRefusal(`it is not valid JSON at byte ${this.#position}`);
  }
}

/** What may follow a backslash besides `u`: quote, backslash, slash, b, f, n, r, t. */
const ESCAPES: readonly number[] = [0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74];

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const isHex = (byte: number | undefined): boolean =>
  isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
