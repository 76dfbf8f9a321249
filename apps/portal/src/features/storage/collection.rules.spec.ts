import { expect, test } from 'vitest';
import { collectionFacts, tallyOf } from './collection.rules.ts';

test('parameters and results are read from the text of the wire', () => {
  const job_parameters = JSON.stringify({
    dry_run: true,
    delete_untagged: false,
    workers: 2,
    freed_space: 1024,
    purged_blobs: 3,
    purged_manifests: 0,
    scanned_blobs: 9,
  });
  expect(collectionFacts({ job_parameters })).toEqual({
    dryRun: true,
    untagged: false,
    freed: 1024,
    blobs: 3,
    manifests: 0,
    scanned: 9,
  });
});

test.each([undefined, '', 'null', '[', '"text"'])('%j says nothing yet', (job_parameters) => {
  expect(collectionFacts({ job_parameters })).toEqual({
    dryRun: false,
    untagged: false,
    freed: null,
    blobs: null,
    manifests: null,
    scanned: null,
  });
});

test('the positions of the workers tell how far a collection is', () => {
  const facts = { scanned: 10, links: 1, blobs: 2, bytes: 300, positions: ['1240', '12c0', '13', '1380'] };
  // The first of two workers is half through its half, and so is the second.
  expect(tallyOf(facts)).toEqual({ scanned: 10, links: 1, blobs: 2, bytes: 300, share: 0.5 });
  expect(tallyOf({ positions: ['12'] }).share).toBe(0);
  expect(tallyOf({ positions: [`12${'ff'.repeat(32)}`, '13'] }).share).toBeCloseTo(1, 5);
  expect(tallyOf({}).share).toBeNull();
});
