import { describe, expect, it } from 'vitest';
import { checkContentRemoval } from './content-removal.rules.ts';

const store = (path: string, text: string) => [{ path: `packages/features/src/${path}`, text }];

describe('only the rooms that ask the graph take content away', () => {
  it.each([
    ['label/label.store.ts', "await sql.query('delete from manifests where id = $1')"],
    ['retention/candidate.store.ts', 'with gone as (DELETE FROM tags using x returning id)'],
    ['garbage-collection/garbage.store.ts', 'delete\n  from manifests'],
    ['search/search.store.ts', 'truncate repository_blobs'],
    ['artifact/artifact.store.ts', 'delete from ${table} where id = $1'],
    ['artifact/tag.store.ts', 'update tags set manifest_id = $2 where id = $1'],
    ['artifact/tag.store.ts', 'update tags t set push_time = now(), digest = $2'],
    ['label/label.store.ts', 'insert into tags (name) values ($1)'],
  ])('%s may not: %s', (path, text) => {
    expect(checkContentRemoval(store(path, text)).map(({ rule }) => rule)).toEqual(['content-removal']);
  });

  it.each([
    ['content/manifest-removal.store.ts', 'delete from tags where x; delete from manifests where y'],
    ['pull/pull.store.ts', 'update tags set pull_time = last_pulled_at'],
    ['label/label.store.ts', 'delete from artifact_labels where manifest_id = $1; delete from labels'],
    ['retention/retention.int.spec.ts', 'delete from manifests'],
  ])('%s may: %s', (path, text) => {
    expect(checkContentRemoval(store(path, text))).toEqual([]);
  });
});
