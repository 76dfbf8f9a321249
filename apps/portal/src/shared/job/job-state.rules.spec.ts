import { expect, test } from 'vitest';
import { durationOf, isOpen, jobStateOf } from './job-state.rules.ts';

test.each([
  ['Running', 'Running'],
  ['RUNNING', 'Running'],
  ['Succeed', 'Success'],
  ['Failed', 'Error'],
  ['InProgress', 'Running'],
  ['Dancing', null],
])('%s reads as %s', (text, state) => {
  expect(jobStateOf(text)).toBe(state);
});

test('what waits for a confirmation is open, what was stopped is not', () => {
  expect(isOpen('Waiting')).toBe(true);
  expect(isOpen('Stopped')).toBe(false);
});

test('a run that goes on has lasted until now', () => {
  const now = new Date('2026-01-01T00:01:00Z');
  expect(durationOf('2026-01-01T00:00:00Z', undefined, now)).toBe(60_000);
  expect(durationOf('2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z', now)).toBe(5_000);
  expect(durationOf(undefined, undefined, now)).toBeNull();
});
