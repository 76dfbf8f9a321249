import { expect, test } from 'vitest';
import { artifactCondition } from './artifact-condition.rules.ts';

test.each([
  ['tag', ' v1 ', { key: 'tag', contains: 'v1' }],
  ['digest', '1A2B', { key: 'digest', contains: 'sha256:1a2b' }],
  ['digest', 'sha512:1a', { key: 'digest', contains: 'sha512:1a' }],
  ['digest', 'v1', null],
  ['label', 'checked', { key: 'label', is: 'checked' }],
  ['annotation', 'team=core', { key: 'annotation', is: 'team=core' }],
  ['repository', '  ', null],
] as const)('%s %j is looked for as %j', (by, text, condition) => {
  expect(artifactCondition(by, text)).toEqual(condition);
});
