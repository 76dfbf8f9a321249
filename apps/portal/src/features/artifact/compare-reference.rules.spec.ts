import { expect, test } from 'vitest';
import { placeOfReference, referenceOfPlace } from './compare-reference.rules.ts';

test.each([
  ['harbour/web:v1', { project: 'harbour', repository: 'web', reference: 'v1' }],
  ['harbour/tools/web:v1.2-rc.1', { project: 'harbour', repository: 'tools/web', reference: 'v1.2-rc.1' }],
  ['harbour/web@sha256:abcdef', { project: 'harbour', repository: 'web', reference: 'sha256:abcdef' }],
])('%s is read and written', (text, place) => {
  expect(placeOfReference(` ${text} `)).toEqual(place);
  expect(referenceOfPlace(place)).toBe(text);
});

test.each(['', 'web:v1', 'harbour/web', 'harbour/web:', 'harbour/web@v1', 'a b/c:d'])('%j is no artifact', (text) => {
  expect(placeOfReference(text)).toBeNull();
});
