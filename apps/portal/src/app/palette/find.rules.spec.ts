import { expect, test } from 'vitest';
import { artifactConditions } from './find.rules.ts';

test('the beginning of a digest is looked for as one, with or without its algorithm', () => {
  expect(artifactConditions('1a2b3c')).toEqual([{ key: 'digest', contains: 'sha256:1a2b3c' }]);
  expect(artifactConditions('sha512:1a')).toEqual([{ key: 'digest', contains: 'sha512:1a' }]);
});

test('anything else is part of a tag, and what stands before a colon part of a repository', () => {
  expect(artifactConditions('v1.2')).toEqual([{ key: 'tag', contains: 'v1.2' }]);
  expect(artifactConditions('web:v1')).toEqual([
    { key: 'repository', contains: 'web' },
    { key: 'tag', contains: 'v1' },
  ]);
});
