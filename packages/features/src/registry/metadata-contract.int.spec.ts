import type { Caller as EngineCaller } from '@moorage/distribution';
import { describeMetadataStore } from '@moorage/distribution/testing';
import { afterAll, beforeAll } from 'vitest';
import { change, createRegistryFixture, type RegistryFixture, scope } from './testing/registry-fixture.ts';

let fixture: RegistryFixture;
let run = 0;

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());

const caller = (userId: number): EngineCaller => change(scope(0, 'any'), userId).caller;

// The database is shared by all tests; each has projects of its own and finds no sessions of others.
describeMetadataStore('PostgreSQL', async () => {
  run++;
  await fixture.database.query('delete from uploads');
  const names = [`mine-${run}`, `yours-${run}`] as const;
  return {
    store: fixture.store,
    other: fixture.otherProcess(),
    namespaceIds: [await fixture.project(names[0]), await fixture.project(names[1])],
    prefixes: [`${names[0]}/`, `${names[1]}/`],
    callers: [caller(1), caller(2)],
    close: () => Promise.resolve(),
  };
});
