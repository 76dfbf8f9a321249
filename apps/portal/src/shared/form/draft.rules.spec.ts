import { describe, expect, it } from 'vitest';
import { keptText, keptValue } from './draft.rules.ts';

const START = { name: 'a', rules: [1] };

describe('what is kept of a form', () => {
  it('is what was changed', () => {
    const changed = { name: 'b', rules: [1, 2] };
    expect(keptValue(keptText(START, changed), START)).toEqual(changed);
  });

  it('is nothing when nothing was changed', () => {
    expect(keptText(START, { ...START })).toBeNull();
  });

  it('is given up when the saved version has changed since, and when it cannot be read', () => {
    const text = keptText(START, { name: 'b', rules: [] });
    expect(keptValue(text, { name: 'c', rules: [1] })).toBeNull();
    expect(keptValue('{', START)).toBeNull();
    expect(keptValue('null', START)).toBeNull();
    expect(keptValue(null, START)).toBeNull();
  });
});
