import { describe, expect, it } from 'vitest';
import { allowedValues, type TagWrite } from './tag-history.rules.ts';

const write = (value: string | null, start: number, end: number | null): TagWrite => ({ value, start, end });
const values = (writes: readonly TagWrite[], from?: number, until?: number) => [...allowedValues(writes, from, until)];

describe('what a tag may show', () => {
  it('is nothing before it is written', () => {
    expect(values([])).toEqual([null]);
  });

  it('is the last of writes that followed each other', () => {
    expect(values([write('a', 1, 2), write('b', 3, 4)])).toEqual(['b']);
    expect(values([write('a', 1, 2), write(null, 3, 4)])).toEqual([null]);
  });

  it('is either of two writes side by side', () => {
    expect(values([write('a', 1, 5), write('b', 2, 4)])).toEqual(['a', 'b']);
  });

  it('may be a write nobody answered, or what was there before it', () => {
    expect(values([write('a', 1, 2), write('b', 3, null)])).toEqual(['a', 'b']);
    expect(values([write('b', 1, null)])).toEqual([null, 'b']);
  });

  it('may become an unanswered write even after a later one', () => {
    expect(values([write('a', 1, null), write('b', 3, 4)])).toEqual(['a', 'b']);
  });

  it('during a reading is what was there at its beginning, or came until its end', () => {
    const history = [write('a', 1, 2), write('b', 5, 6)];
    expect(values(history, 3, 4)).toEqual(['a']);
    expect(values(history, 3, 5.5)).toEqual(['a', 'b']);
    expect(values(history, 7, 8)).toEqual(['b']);
  });

  it('is not what an acknowledged write had replaced before the reading began', () => {
    expect(allowedValues([write('a', 1, 2), write('b', 3, 4), write('c', 3.5, null)], 5, 6)).toEqual(
      new Set(['b', 'c']),
    );
  });
});
