import { expect, test } from 'vitest';
import { looksLikeCron, TIMINGS, timingOf, USUAL_TIMES } from './cron.rules.ts';

test('the usual times are known again by their cron text', () => {
  for (const [name, cron] of Object.entries(USUAL_TIMES)) {
    expect(timingOf(cron)).toBe(name);
    expect(looksLikeCron(cron)).toBe(true);
    expect(TIMINGS).toContain(name);
  }
  expect(timingOf('')).toBe('None');
  expect(timingOf('0 30 2 * * *')).toBe('Custom');
});

test.each(['* * * * *', '5 0 0 * * *', '0 0 0 * * ;', ''])('%j is refused before it is sent', (text) => {
  expect(looksLikeCron(text)).toBe(false);
});
