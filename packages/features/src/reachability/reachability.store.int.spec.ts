import { createHash } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schemeTagsOf } from './reachability.rules.ts';
import { schemeTagsSql } from './reachability.store.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it.each(['sha256', 'sha512'])('names the tags of the schemes for %s in SQL as in code', async (algorithm) => {
  const digest = `${algorithm}:${createHash(algorithm).update('subject').digest('hex')}`;
  const [row] = await test.database.query<{ hex: string; tags: string[] }>(
    `select encode(d, 'hex') as hex, ${schemeTagsSql('d')} as tags from digest_bytes($1) d`,
    [digest],
  );
  expect(row?.tags).toEqual(schemeTagsOf(row?.hex ?? ''));
  expect(row?.tags[1]).toBe(`${digest.replace(':', '-').slice(0, 71)}.sig`);
});
