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

test('the tasks tell how far a collection is and what it has removed', () => {
  const begin = { job: 'garbage.collect', status: 'Success', extra_attrs: { untagged: 4 } };
  const sweep = (status: string, ...positions: string[]) => ({
    job: 'garbage.sweep',
    status,
    extra_attrs: { scanned: 5, links: 1, blobs: 2, bytes: 300, positions },
  });
  // The first of two workers is half through its half, and so is the second.
  expect(tallyOf([begin, sweep('Running', '1240', '13'), sweep('Running', '12c0', '1380')])).toEqual({
    scanned: 10,
    links: 2,
    blobs: 4,
    bytes: 600,
    share: 0.5,
  });
  expect(tallyOf([begin, sweep('Success', '1240'), sweep('Pending')]).share).toBe(0.5);
  expect(tallyOf([begin]).share).toBeNull();
  expect(tallyOf([])).toEqual({ scanned: 0, links: 0, blobs: 0, bytes: 0, share: null });
});
