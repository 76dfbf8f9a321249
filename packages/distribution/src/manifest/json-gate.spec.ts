import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { Random } from '../testing/random.ts';
import { inspectJson } from './json-gate.ts';

const gate = (text: string) => inspectJson(Buffer.from(text));
const reason = (text: string) => {
  const verdict = gate(text);
  return verdict.ok ? 'accepted' : verdict.reason;
};

/** A JSON object without repeated keys, written with odd whitespace and escapes. */
function randomObject(random: Random, depth = 0): string {
  const space = () => random.pick(['', '', ' ', '\n', '\t\r ']);
  const keys = new Set(
    random.list(4, () => random.pick(['a', 'b', 'layers', '', 'é', 'x y', '\\n', '\\u0041', '__proto__'])),
  );
  const members = [...keys].map(
    (key) => `${space()}"${key}"${space()}:${space()}${randomValue(random, depth + 1)}${space()}`,
  );
  return `{${members.join(',')}${keys.size === 0 ? space() : ''}}`;
}

function randomValue(random: Random, depth: number): string {
  const leaf = () =>
    random.pick([
      'null',
      'true',
      'false',
      '0',
      '12',
      '-1',
      '1.5',
      '2e3',
      '-0.1E-7',
      '""',
      '"a\\"b"',
      '"\\ud83d\\ude00"',
      '"☃"',
    ]);
  if (depth > 6 || random.chance(0.5)) return leaf();
  if (random.chance(0.5)) return randomObject(random, depth);
  return `[${random.list(3, () => randomValue(random, depth + 1)).join(',')}]`;
}

describe('inspectJson', () => {
  it('accepts every JSON object within limits', () => {
    const random = new Random(3);
    for (let round = 0; round < 3000; round++) {
      const text = ` ${randomObject(random)}\n`;
      JSON.parse(text);
      expect(gate(text).ok, text).toBe(true);
    }
  });

  it('accepts nothing that JSON.parse refuses, and refuses nothing that is plain JSON without a reason', () => {
    const random = new Random(5);
    let [accepted, refused] = [0, 0];
    for (let round = 0; round < 20_000; round++) {
      const bytes = random.mutate(Buffer.from(randomObject(random)));
      if (!isUtf8(bytes)) continue;
      const verdict = inspectJson(bytes);
      const parsed = parse(bytes.toString());
      if (verdict.ok) {
        accepted++;
        expect(typeof parsed, bytes.toString()).toBe('object');
        expect(Array.isArray(parsed) || parsed === null).toBe(false);
      } else if (parsed !== undefined) {
        refused++;
        expect(verdict.reason).toMatch(/not a JSON object|appears twice/);
      }
    }
    expect(accepted).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(10);
  });

  it.each([
    ['{"a":1,"a":1}', 'appears twice'],
    ['{"a":1,"\\u0061":1}', 'appears twice'],
    ['{"x":{"a":1,"b":{},"a":1}}', 'appears twice'],
    ['{"\\ud800":1,"\\ufffd":1}', 'appears twice'],
    ['[]', 'not a JSON object'],
    ['"a"', 'not a JSON object'],
    ['', 'not a JSON object'],
    ['\ufeff{}', 'not a JSON object'],
    ['{}{}', 'bytes follow'],
    ['{} x', 'bytes follow'],
    ['{}\0', 'bytes follow'],
    ['{"a":01}', 'not valid JSON'],
    ['{"a":+1}', 'not valid JSON'],
    ['{"a":.5}', 'not valid JSON'],
    ['{"a":1.}', 'not valid JSON'],
    ['{"a":1e}', 'not valid JSON'],
    ['{"a":NaN}', 'not valid JSON'],
    ['{"a":tru}', 'not valid JSON'],
    ["{'a':1}", 'not valid JSON'],
    ['{"a":"\n"}', 'not valid JSON'],
    ['{"a":"\\x"}', 'not valid JSON'],
    ['{"a":"\\u00g0"}', 'not valid JSON'],
    ['{"a":1,}', 'not valid JSON'],
    ['{"a":[1,]}', 'not valid JSON'],
    ['{,}', 'not valid JSON'],
    ['{"a"}', 'not valid JSON'],
    ['{"a":1', 'not valid JSON'],
    ['{"a":[}', 'not valid JSON'],
    ['{"a":{]}', 'not valid JSON'],
    ['{/**/}', 'not valid JSON'],
  ])('refuses %j', (text, expected) => {
    expect(reason(text)).toContain(expected);
  });

  it('allows the same key in different objects', () => {
    expect(gate('{"a":{"a":[{"a":1},{"a":1}]},"b":{"a":1}}').ok).toBe(true);
  });

  it('notices numbers that are not plain integers', () => {
    for (const text of ['{"a":-1}', '{"a":1.0}', '{"a":1e1}', '{"a":[0,{"b":2E+1}]}']) {
      expect(gate(text)).toEqual({ ok: true, oddNumbers: true });
    }
    expect(gate('{"a":[0,10,123456789012345678]}')).toEqual({ ok: true, oddNumbers: false });
  });

  it('has its limits exactly where they are said to be (S103)', () => {
    const limits = { depth: 3, tokens: 5, keysPerObject: 2 };
    const small = (text: string) => inspectJson(Buffer.from(text), limits).ok;
    expect([small('{"a":{"b":[]}}'), small('{"a":{"b":[[]]}}')]).toEqual([true, false]);
    expect([small('{"a":[1,2,3]}'), small('{"a":[1,2,3,4]}')]).toEqual([true, false]);
    expect([small('{"a":1,"b":1}'), small('{"a":1,"b":1,"c":1}')]).toEqual([true, false]);
  });
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
