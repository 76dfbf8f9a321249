import { listRemovalRunItems, listRemovalRuns, type ListSpec } from '@moorage/contracts';
import { ImageFactory, seedUser } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExecutionService } from '../src/execution/index.ts';
import { type Caller, parseListQuery, type ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { removalProcessor } from '../src/removal/index.ts';
import { RemovalRunService } from '../src/removal/removal-run.service.ts';
import { runTasks } from '../src/retention/testing/run-tasks.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

const ALL = { tags: [], digests: [], matching: { kind: 'tags', q: '' } } as const;
const FROZEN = { tags: [], digests: [], matching: { kind: 'tags', q: 'name=~t-' } } as const;
const listedRuns = parseListQuery(listRemovalRuns.list as ListSpec, {});
const listed = parseListQuery(listRemovalRunItems.list as ListSpec, {});

let fixture: RegistryFixture;
let executions: ExecutionService;
let runs: RemovalRunService;
let caller: Caller;
let project: ProjectRef;
let round = 0;
const images = new ImageFactory('removal-run');

const push = (tags: string[]) =>
  pushArtifact(fixture, { projectId: project.id, name: `${project.name}/app` }, images.image(), tags);
const work = (isReadOnly = false) =>
  runTasks(fixture.database, [removalProcessor(fixture.database, () => Promise.resolve({ read_only: isReadOnly }))]);
const names = async () =>
  (
    await fixture.database.query<{ name: string }>('select name from tags where project_id = $1 order by name', [
      project.id,
    ])
  ).map(({ name }) => name);
const left = async (id: number) =>
  (await runs.left(project, 'app', id, listed)).items.map(({ name, reason }) => `${name} ${reason}`);
/** A rule over one tag of every repository. */
const freeze = (tag: string) =>
  fixture.database.query<{ id: number }>(
    `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
     insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
     select id, given.position, given.scope, true, given.pattern, given.expression
     from rule, (values (0, 'repository', '**', '^.*$'), (1, 'tag', $2, '^' || $2 || '$')) as given (position, scope, pattern, expression)
     returning rule_id as id`,
    [project.id, tag],
  );

beforeAll(async () => {
  fixture = await createRegistryFixture();
  const catalog = testCatalog(fixture.database, fixture.bytes);
  executions = new ExecutionService(fixture.database);
  runs = new RemovalRunService(fixture.database, catalog.access, executions);
  caller = callerOf(userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true));
});
afterAll(() => fixture.close());
beforeEach(async () => {
  const name = `p${round++}`;
  project = projectRef(await fixture.project(name), name);
});

describe('a deletion in the background', () => {
  it('takes off what was there when it began, and nothing that came or moved since', async () => {
    await push(['t-1', 't-2', 't-3', 'other']);
    const { id } = await runs.start(caller, project, 'app', { mode: 'untag', ...FROZEN });
    expect(await runs.get(project, 'app', id)).toMatchObject({ total: 3, removed: 0, kept: 0, pending: 3 });
    await push(['t-2', 't-4']);
    await work();
    expect(await names()).toEqual(['other', 't-2', 't-4']);
    expect(await runs.get(project, 'app', id)).toMatchObject({
      status: 'Success',
      created_by: 'ada',
      removed: 2,
      kept: 1,
      pending: 0,
    });
    expect(await left(id)).toEqual(['t-2 changed']);
  });

  it('tells what it takes in the name of who asked, and puts it into the trash', async () => {
    await push(['t-1']);
    const { id } = await runs.start(caller, project, 'app', { mode: 'delete', ...ALL });
    await work();
    const [event] = await fixture.database.query<{ audit: object }>(
      `select payload -> 'audit' as audit from outbox_events where project_id = $1 and name = 'artifact.deleted'`,
      [project.id],
    );
    expect(event?.audit).toMatchObject({ username: 'ada', operation: 'delete', resourceType: 'artifact' });
    const [item] = await fixture.database.query(
      'select execution_id, deleted_by, reason from trash_items where project_id = $1',
      [project.id],
    );
    expect(item).toEqual({ execution_id: id, deleted_by: 'ada', reason: 'deleted' });
  });

  it('keeps the reason of everything that stays, and tries that again when asked', async () => {
    await push(['t-1', 't-2']);
    await push(['t-3']);
    const [rule] = await freeze('t-2');
    const { id } = await runs.start(caller, project, 'app', { mode: 'delete', ...ALL });
    await work();
    expect(await names()).toEqual(['t-1', 't-2']);
    expect(await runs.get(project, 'app', id)).toMatchObject({ total: 2, removed: 1, kept: 1, pending: 0 });
    expect(await left(id)).toEqual([' immutable']);
    await fixture.database.query('delete from immutable_tag_rules where id = $1', [rule?.id]);
    const again = await runs.retry(caller, project, 'app', id);
    expect(again).toMatchObject({ total: 1, pending: 1 });
    const newestFirst = [
      { id: again.id, repository_name: `${project.name}/app`, removed: 0, kept: 0, pending: 1 },
      { id, repository_name: `${project.name}/app`, removed: 1, kept: 1, pending: 0 },
    ];
    expect(await runs.list(project, 'app', listedRuns)).toMatchObject({ total: 2, items: newestFirst });
    expect(await runs.listOfProject(project, listedRuns)).toMatchObject({ total: 2, items: newestFirst });
    await work();
    expect(await names()).toEqual([]);
    expect(await runs.get(project, 'app', again.id)).toMatchObject({ removed: 1, kept: 0 });
    expect(await outcomeOf(runs.retry(caller, project, 'app', again.id))).toBe('PRECONDITION');
  });

  it('is one at a time, is stopped, and says what it did not reach', async () => {
    await push(['t-1', 't-2']);
    const { id } = await runs.start(caller, project, 'app', { mode: 'untag', ...ALL });
    expect(await outcomeOf(runs.start(caller, project, 'app', { mode: 'untag', ...ALL }))).toBe('CONFLICT');
    expect(await outcomeOf(runs.retry(caller, project, 'app', id))).toBe('PRECONDITION');
    expect(await runs.stop(project, 'app', id)).toMatchObject({ status: 'Stopped', pending: 2, removed: 0 });
    expect(await left(id)).toEqual(['t-1 not-reached', 't-2 not-reached']);
    const again = await runs.retry(caller, project, 'app', id);
    await work();
    expect(await runs.get(project, 'app', again.id)).toMatchObject({ removed: 2, kept: 0, pending: 0 });
  });

  it('done twice, as after a crash, counts what went the first time as removed', async () => {
    await push(['t-1', 't-2']);
    const { id } = await runs.start(caller, project, 'app', { mode: 'untag', ...ALL });
    await fixture.database.query(`delete from tags where project_id = $1 and name = 't-1'`, [project.id]);
    await work();
    expect(await runs.get(project, 'app', id)).toMatchObject({ status: 'Success', removed: 2, kept: 0, pending: 0 });
  });

  it('removes nothing in read-only mode, and nothing when nothing is selected', async () => {
    await push(['t-1']);
    const { id } = await runs.start(caller, project, 'app', { mode: 'untag', ...ALL });
    await work(true);
    expect(await runs.get(project, 'app', id)).toMatchObject({ status: 'Error', removed: 0 });
    expect(await names()).toEqual(['t-1']);
    const nothing = { mode: 'untag', tags: [], digests: [], matching: { kind: 'tags', q: 'name=none' } } as const;
    expect(await outcomeOf(runs.start(caller, project, 'app', nothing))).toBe('PRECONDITION');
  });
});
