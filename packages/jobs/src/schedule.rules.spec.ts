import { describe, expect, it } from 'vitest';
import { cronProblem, newestDueTick, nextTick } from './schedule.rules.ts';

const NOW = new Date('2026-11-21T17:30:30Z');

describe('a cron expression of the wire', () => {
  it.each(['0 0 * * * *', '0 30 2 * * 1-5', '0 */15 8-18 * * *', '0 0 0 1 1 *', '0 0 3 * MAR THU'])(
    '%s is fine',
    (cron) => expect(cronProblem(cron, NOW)).toBeNull(),
  );

  it.each([
    ['0 0 * * *', 'six fields'],
    ['', 'six fields'],
    ['* * * * * *', 'first field'],
    ['5 0 0 * * *', 'first field'],
    ['0 61 * * * *', 'cannot be read'],
    ['0 0 0 31 2 *', 'cannot be read'],
    ['0 H * * * *', 'must not have H'],
    ['0 0 H(1-5)/2 * * *', 'must not have H'],
    ['0 0 0 * * H', 'must not have H'],
    [`0 ${'1,'.repeat(200)}1 * * * *`, 'six fields'],
  ])('%s is refused: %s', (cron, reason) => expect(cronProblem(cron, NOW)).toContain(reason));
});

it('says when it comes due next, in UTC', () => {
  expect(nextTick('0 0 2 * * *', NOW).toISOString()).toBe('2026-11-22T02:00:00.000Z');
  expect(newestDueTick('0 0 * * * *', new Date('2026-11-21T14:30:00Z'), NOW)?.toISOString()).toBe(
    '2026-11-21T17:00:00.000Z',
  );
});
