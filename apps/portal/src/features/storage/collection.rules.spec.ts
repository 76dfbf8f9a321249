import { expect, test } from 'vitest';
import { collectionFacts } from './collection.rules.ts';

test('parameters and results are read from the text of the wire', () => {
  const job_parameters = JSON.stringify({
    dry_run: true,
    delete_untagged: false,
    workers: 2,
    freed_space: 1024,
    purged_blobs: 3,
    purged_manifests: 0,
  });
  expect(collectionFacts({ job_parameters })).toEqual({
    dryRun: true,
    untagged: false,
    freed: 1024,
    blobs: 3,
    manifests: 0,
  });
});

test.each([undefined, '', 'null', '[', '"text"'])('%j says nothing yet', (job_parameters) => {
  expect(collectionFacts({ job_parameters })).toEqual({
    dryRun: false,
    untagged: false,
    freed: null,
    blobs: null,
    manifests: null,
  });
});
