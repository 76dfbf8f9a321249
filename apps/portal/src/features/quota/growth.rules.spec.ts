import { expect, test } from 'vitest';
import { linePoints } from './growth.rules.ts';

const day = (storage: number, index: number) => ({ day: `2026-01-0${index + 1}`, storage });

test('the line rises with the bytes and reaches the top on the fullest day', () => {
  expect(linePoints([0, 5, 10].map(day), 100, 40)).toBe('0,40 50,20 100,0');
});

test('one day is a flat line, and nothing used lies on the floor', () => {
  expect(linePoints([7].map(day), 100, 40)).toBe('0,0 100,0');
  expect(linePoints([0, 0].map(day), 100, 40)).toBe('0,40 100,40');
});
