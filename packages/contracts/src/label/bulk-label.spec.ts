import { describe, expect, it } from 'vitest';
import { bulkLabelRequest } from './bulk-label.api.ts';

const messages = (body: unknown) => bulkLabelRequest.safeParse(body).error?.issues.map((issue) => issue.message) ?? [];

describe('labels of many artifacts', () => {
  it('come and go in one request', () => {
    expect(messages({ add: [1], remove: [2], tags: ['v1'] })).toEqual([]);
  });

  it.each([
    [
      'a label both added and removed',
      { add: [1, 2], remove: [2], tags: ['v1'] },
      'must not name a label that is added',
    ],
    ['nothing named', { add: [1] }, 'must name tags, digests or a filter'],
    ['no tag', { add: [1], tags: ['-v1'] }, 'is not a tag'],
    ['no digest', { add: [1], digests: ['v1'] }, 'is not a digest'],
  ])('are refused for %s', (_, body, message) => {
    expect(messages(body)).toEqual([message]);
  });
});
