import { describe, expect, it } from 'vitest';
import { firstLine } from './first-line.rules.ts';
import { partsOf, type Part, safeAddress } from './markdown.rules.ts';

describe('Markdown of strangers', () => {
  it.each([
    ['https://example.com/a?b=c', 'https://example.com/a?b=c'],
    ['http://example.com', 'http://example.com/'],
    ['mailto:crew@example.com', 'mailto:crew@example.com'],
  ])('lets a link lead to %s', (written, address) => {
    expect(safeAddress(written)).toBe(address);
  });

  it.each([
    'javascript:trap(1)',
    'JaVaScRiPt:trap(1)',
    ' \u0001javascript:trap(1)',
    'java\tscript:trap(1)',
    'data:text/html,<script>trap(1)</script>',
    'vbscript:trap(1)',
    'blob:https://example.com/1',
    'file:///etc/passwd',
    '//example.com/a',
    '/api/v2.0/users',
    '../other.md',
    '#part',
    '',
  ])('S42 leads nowhere for %j', (written) => {
    expect(safeAddress(written)).toBeNull();
  });

  it('is a tree of parts, with HTML as text', () => {
    const shape = (parts: readonly Part[] | null): unknown[] =>
      (parts ?? []).map(({ kind, text, address, parts: inside }) =>
        inside.length > 0 ? [kind, ...shape(inside)] : [kind, text || address].filter(Boolean).join(' '),
      );
    expect(
      shape(partsOf('# A *b*\n\n- one\n- [two](https://example.com)\n\n<b onclick="x">c</b>\n\n|a|\n|-|\n|1|')),
    ).toEqual([
      ['h1', 'text A ', ['em', 'text b']],
      ['ul', ['li', ['plain', 'text one']], ['li', ['plain', ['a', 'text two']]]],
      ['p', 'text <b onclick="x">c</b>'],
      ['table', ['thead', ['tr', ['th', 'text a']]], ['tbody', ['tr', ['td', 'text 1']]]],
    ]);
  });

  it('is not read when it is very long', () => {
    expect(partsOf('a\n\n'.repeat(100))).not.toBeNull();
    expect(partsOf('x'.repeat(100_001))).toBeNull();
  });

  it.each(['>', '- ', '*a ', '*a_', '[', '![', '[](', '`a', '|a|b|\n', '<!--', '\\'])(
    'is read whatever it repeats: %j',
    (text) => {
      expect(partsOf(text.repeat(10_000))).not.toBeNull();
    },
  );

  it.each([
    ['# Title\n\nText', 'Title'],
    ['\n\n  - **Bold** `code` of [a link](https://example.com)', 'Bold code of a link'],
    ['plain snake_case stays', 'plain snake_case stays'],
    ['', ''],
  ])('has a first line: %j', (text, line) => {
    expect(firstLine(text)).toBe(line);
  });
});
