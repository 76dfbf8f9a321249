import { ImageFactory, seedUser } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BulkLabelService } from '../src/artifact-label/bulk-label.service.ts';
import type { Caller, ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

const NONE = { add: [], remove: [], tags: [], digests: [], dry_run: false };

let fixture: RegistryFixture;
let bulk: BulkLabelService;
let caller: Caller;
let project: ProjectRef;
let good = 0;
let round = 0;
const images = new ImageFactory('bulk-label');

const push = (tags: string[], repository = 'app') =>
  pushArtifact(fixture, { projectId: project.id, name: `${project.name}/${repository}` }, images.image(), tags);
const label = (change: Partial<Parameters<BulkLabelService['label']>[3]>) =>
  bulk.label(caller, project, 'app', { ...NONE, ...change });
const makeLabel = async (owner: number | null, name: string) => {
  const [row] = await fixture.database.query<{ id: number }>(
    'insert into labels (project_id, name) values ($1, $2) returning id',
    [owner, name],
  );
  return row?.id ?? 0;
};
const labelled = async () =>
  (
    await fixture.database.query<{ name: string }>(
      `select t.name from tags t join artifact_labels a on a.manifest_id = t.manifest_id
       where t.project_id = $1 and a.label_id = $2 order by t.name`,
      [project.id, good],
    )
  ).map(({ name }) => name);

beforeAll(async () => {
  fixture = await createRegistryFixture();
  bulk = new BulkLabelService(fixture.database, testCatalog(fixture.database, fixture.bytes).access);
  caller = callerOf(userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true));
});
afterAll(() => fixture.close());
beforeEach(async () => {
  const name = `p${round++}`;
  project = projectRef(await fixture.project(name), name);
  good = await makeLabel(project.id, 'good');
});

describe('labels on many artifacts', () => {
  it('go on what matches a filter, once each, and the preview says the same without doing it', async () => {
    await push(['pr-1', 'stable']);
    await push(['pr-2']);
    await push(['v1']);
    await push(['pr-9'], 'other');
    const wish = { add: [good], matching: { q: 'name=~pr-' } };
    const expected = { artifacts: 2, other_tags: 1, added: 2, removed: 0 };
    expect(await label({ ...wish, dry_run: true })).toEqual(expected);
    expect(await labelled()).toEqual([]);
    expect(await label(wish)).toEqual(expected);
    expect(await labelled()).toEqual(['pr-1', 'pr-2', 'stable']);
    expect(await label(wish)).toMatchObject({ artifacts: 2, added: 0 });
  });

  it('are told of artifact by artifact, in the name of who did it', async () => {
    const digest = await push(['v1']);
    await label({ add: [good], tags: ['v1'] });
    await label({ remove: [good], digests: [digest] });
    const events = await fixture.database.query<{ name: string; payload: object }>(
      `select name, payload from outbox_events where project_id = $1 and name like 'artifact.%labelled' order by id`,
      [project.id],
    );
    const resource = `${project.name}/app@${digest}`;
    expect(events).toMatchObject([
      {
        name: 'artifact.labelled',
        payload: {
          data: { repository: `${project.name}/app`, digest, labelId: good },
          audit: { username: 'ada', resource, resourceType: 'artifact_label', operation: 'create' },
        },
      },
      { name: 'artifact.unlabelled', payload: { audit: { resource, operation: 'delete' } } },
    ]);
    expect(await labelled()).toEqual([]);
  });

  it('must be labels of the project or global ones, in a repository that is there', async () => {
    await push(['v1']);
    const other = await fixture.project(`q${round}`);
    const foreign = await makeLabel(other, 'good');
    expect(await outcomeOf(label({ add: [good, foreign], tags: ['v1'] }))).toBe('NOT_FOUND');
    expect(await labelled()).toEqual([]);
    const global = await makeLabel(null, `global-${round}`);
    expect(await label({ add: [global], tags: ['v1'] })).toMatchObject({ added: 1 });
    expect(await outcomeOf(bulk.label(caller, project, 'nothing', { ...NONE, add: [good], tags: ['v1'] }))).toBe(
      'NOT_FOUND',
    );
  });
});
