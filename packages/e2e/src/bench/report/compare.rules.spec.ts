import { describe, expect, it } from 'vitest';
import { ceilingVerdictOf, compare, median, undisturbedRounds, verdictOf } from './compare.rules.ts';

const sample = (value: number, otherCpu = 0, failures = 0) => ({ value, otherCpu, failures });
const round = (ours: number, theirs: number, otherCpu = 0) => ({ a: sample(ours), b: sample(theirs, otherCpu) });

describe('comparing two registries', () => {
  it('takes the median of the ratios, not the ratio of medians over different rounds', () => {
    const rounds = [round(10, 10), round(30, 10), round(100, 50)];
    expect(compare(rounds, 'a', 'b')).toEqual({ ratio: 2, min: 1, max: 3, rounds: 3, disturbed: false });
  });

  it('leaves out rounds that another program disturbed', () => {
    const rounds = [round(2, 1), round(2, 1), round(2, 1), round(90, 1, 0.4)];
    expect(compare(rounds, 'a', 'b')).toMatchObject({ ratio: 2, max: 2, rounds: 3, disturbed: false });
    expect(undisturbedRounds(rounds)).toHaveLength(3);
  });

  it('counts disturbed rounds, and says so, when too few others are left', () => {
    const rounds = [round(2, 1), round(4, 1, 0.4), round(6, 1, 0.4)];
    expect(compare(rounds, 'a', 'b')).toMatchObject({ ratio: 4, rounds: 3, disturbed: true });
  });

  it('refuses to compare answers that were wrong', () => {
    const wrong = [{ a: sample(900, 0, 12), b: sample(1) }];
    expect(compare(wrong, 'a', 'b')).toBeNull();
    expect(compare([round(1, 1)], 'a', 'absent')).toBeNull();
  });
});

describe('verdicts', () => {
  it('tell goal, must and missed apart at their edges', () => {
    expect([8, 7.99, 4, 3.99].map((ratio) => verdictOf(ratio, { must: 4, goal: 8 }))).toEqual([
      'goal',
      'must',
      'must',
      'missed',
    ]);
    expect([250, 251, 401].map((value) => ceilingVerdictOf(value, { must: 400, goal: 250 }))).toEqual([
      'goal',
      'must',
      'missed',
    ]);
  });

  it('rest on a median that is the mean of the middle two for even counts', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
  });
});
