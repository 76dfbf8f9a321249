import { describe, expect, it } from 'vitest';
import { NO_TICKS, portionsOf, ticksOf, ticksText } from './selection.rules.ts';

describe('what is kept of ticks', () => {
  it('comes back as it was', () => {
    const ticks = { keys: ['v1', 'v2'], everything: null };
    expect(ticksOf(ticksText(ticks))).toEqual(ticks);
    const matching = { keys: [], everything: { filter: 'name=~pr-' } };
    expect(ticksOf(ticksText(matching))).toEqual(matching);
    const unfiltered = { keys: ['v1'], everything: { filter: undefined } };
    expect(ticksOf(ticksText(unfiltered)).everything).toEqual({});
  });

  it('is nothing when nothing is ticked', () => {
    expect(ticksText(NO_TICKS)).toBeNull();
  });

  it.each([null, '', '{', 'null', '[]', '{"keys":7}', '{"keys":[7]}', '{}'])('takes %s for nothing', (text) => {
    expect(ticksOf(text)).toEqual(NO_TICKS);
  });
});

describe('portions of keys', () => {
  it('hold every key once, in order', () => {
    const keys = Array.from({ length: 250 }, (_unused, index) => `tag-${index}`);
    const portions = portionsOf(keys);
    expect(portions.flat()).toEqual(keys);
    expect(portions.map((portion) => portion.length)).toEqual([100, 100, 50]);
  });

  it('are short enough for an address however long and odd the keys are', () => {
    const keys = Array.from({ length: 40 }, (_unused, index) => `${index}${'=~ '.repeat(42)}`);
    for (const portion of portionsOf(keys)) {
      const escaped = portion.map((key) => key.replaceAll(/[\\,~[\]{}() =]/g, String.raw`\$&`));
      expect(`name={${escaped.join(' ')}}`.length).toBeLessThanOrEqual(2_048);
    }
    expect(portionsOf(keys).flat()).toEqual(keys);
  });

  it('are none for no keys', () => {
    expect(portionsOf([])).toEqual([]);
  });
});
