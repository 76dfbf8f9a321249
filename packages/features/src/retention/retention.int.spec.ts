import type { RetentionRuleRequest } from '@moorage/contracts';
import { retentionPreviewRequest, retentionSelect } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { createTestDatabase, seedProject, seedUser, type TestDatabase } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExecutionService } from '../execution/index.ts';
import type { ProjectRef } from '../http/index.ts';
import { numberedRules } from '../retention-rule/index.ts';
import { SettingsService } from '../settings/index.ts';
import { SettingsStore } from '../settings/settings.store.ts';
import { planTask, type Processor } from '@moorage/jobs';
import { CandidateStore } from './candidate.store.ts';
import { EvaluationService } from './evaluation.service.ts';
import { PreviewService } from './preview.service.ts';
import { planRetention, RETENTION_VENDOR } from './retention.jobs.ts';
import { retentionProcessors } from './retention.processor.ts';
import { RetentionPolicyStore } from './retention-policy.store.ts';
import { type AnyArtifact, content, policy as anyPolicy } from './testing/any-policy.ts';
import { runTasks } from './testing/run-tasks.ts';
import { digestOf, type SeedArtifact, seedContent } from './testing/seeded-content.ts';

type RuleInput = Parameters<typeof retentionPreviewRequest.parse>[0];

let test: TestDatabase;
let database: Database;
let owner: number;
let previews: PreviewService;
let policies: RetentionPolicyStore;
let executions: ExecutionService;
let processors: readonly Processor[];
let project: ProjectRef;
let projects = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  owner = await seedUser(database, 'owner');
  const settings = new SettingsService(new SettingsStore(database), { now: () => new Date() });
  policies = new RetentionPolicyStore(database);
  previews = new PreviewService(new EvaluationService(new CandidateStore(database)), policies, settings);
  executions = new ExecutionService(database);
  processors = retentionProcessors(database, () => settings.get());
});
afterAll(() => test.close());
beforeEach(newProject);

async function newProject(): Promise<void> {
  const name = `p${++projects}`;
  project = { id: await seedProject(database, name, { ownerId: owner }), name, isPublic: false };
}

const repository = (name: string) => `${project.name}/${name}`;

interface Policy {
  readonly unit: 'artifact' | 'tag';
  readonly rules: readonly RetentionRuleRequest[];
}

function policyOf(input: { unit?: 'artifact' | 'tag'; rules: readonly object[] }): Policy {
  return retentionPreviewRequest.parse(input as RuleInput);
}

async function save({ unit, rules }: Policy, confirmShare = 100): Promise<number> {
  const stored = await policies.put(
    project.id,
    (before) => ({ unit, rules: numberedRules(rules, before?.rules ?? []), cron: '', confirmShare }),
    async () => ({ name: 'retention-policy.updated', projectId: project.id, data: {} }),
  );
  return stored?.id ?? 0;
}

async function run(policyId: number, isDryRun: boolean): Promise<{ id: number; lines: string[] }> {
  const id = await executions.start({
    vendorType: RETENTION_VENDOR,
    vendorId: policyId,
    projectId: project.id,
    trigger: 'Manual',
    createdBy: 'owner',
    facts: { dry_run: isDryRun },
    tasks: [planTask(planRetention, { projectId: project.id, policyId, isDryRun })],
  });
  return { id, lines: await runTasks(database, processors) };
}

const execution = (policyId: number, id: number) =>
  executions.get({ vendorType: RETENTION_VENDOR, vendorId: policyId }, id);

/** What is there: `repository:tag` for tags, `repository@digest` for artifacts. */
async function present(): Promise<Set<string>> {
  const rows = await database.query<{ name: string }>(
    `select r.name || ':' || t.name as name from tags t join repositories r on r.id = t.repository_id where t.project_id = $1
     union all
     select r.name || '@' || digest_text(m.digest) from manifests m join repositories r on r.id = m.repository_id
     where m.project_id = $1`,
    [project.id],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Everything a preview deletes, over all its pages. */
async function previewed(policy: Policy, pageSize = 7) {
  const deleted: string[] = [];
  const artifacts = new Set<string>();
  let asOf: string | undefined;
  for (let page = 1; ; page++) {
    const query = {
      decision: 'delete' as const,
      page,
      page_size: pageSize,
      ...(asOf === undefined ? {} : { as_of: asOf }),
    };
    const answer = await previews.preview(project, { ...policy, rules: [...policy.rules], confirm_share: null }, query);
    asOf = new Date(answer.as_of as Date).toISOString();
    for (const row of answer.rows) {
      deleted.push(row.tag === null ? `${row.repository_name}@${row.digest}` : `${row.repository_name}:${row.tag}`);
      if (row.artifact_deleted) artifacts.add(`${row.repository_name}@${row.digest}`);
    }
    if (page * pageSize >= answer.total) return { deleted, artifacts: [...artifacts], answer };
  }
}

const deletions = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const [what, name] = line.split(' ');
    return what === 'DELETE' ? [name ?? ''] : [];
  });

const tagged = (key: string, age: number, ...names: string[]): SeedArtifact => ({
  key,
  age,
  tags: names.map((name) => ({ name, age })),
});

describe('a retention policy', () => {
  it('removes what its preview said, and nothing else, into the trash', async () => {
    await seedContent(database, project.id, repository('app'), [
      tagged('old', 30, 'v1', 'stable'),
      tagged('middle', 20, 'v2'),
      tagged('new', 10, 'v3'),
      { key: 'loose', age: 40 },
    ]);
    await seedContent(database, project.id, repository('other'), [tagged('one', 50, 'v1')]);
    const policy = policyOf({
      rules: [
        {
          action: 'retain',
          repositories: [{ pattern: 'app' }],
          newest: { count: 1 },
          select: { tags: [{ pattern: 'v*' }] },
        },
      ],
    });
    const { answer, deleted } = await previewed(policy);
    expect(answer.totals).toMatchObject({
      repositories: 1,
      tags: 4,
      artifacts: 4,
      tags_deleted: 3,
      artifacts_deleted: 3,
    });
    expect(answer.share).toBe(80);
    expect(answer.needs_confirmation).toBe(true);
    const policyId = await save(policy);
    const { id, lines } = await run(policyId, false);
    expect(deletions(lines).sort()).toEqual([...deleted].sort());
    expect(await present()).toEqual(
      new Set([
        `${repository('app')}:v3`,
        `${repository('app')}@${digestOf(repository('app'), 'new')}`,
        `${repository('other')}:v1`,
        `${repository('other')}@${digestOf(repository('other'), 'one')}`,
      ]),
    );
    expect((await execution(policyId, id)).status).toBe('Success');
    const trash = await database.query<{ reason: string; execution_id: number }>(
      'select reason, execution_id from trash_items where project_id = $1',
      [project.id],
    );
    expect(trash).toEqual(Array.from({ length: 3 }, () => ({ reason: 'retention', execution_id: id })));
  });

  it('S84 leaves immutable and held content, parts of indexes, and signatures with their subject', async () => {
    const name = repository('app');
    await seedContent(database, project.id, name, [
      tagged('part', 90, 'part'),
      { ...tagged('index', 80, 'index'), parts: ['part'] },
      { ...tagged('held', 70, 'held'), isHeld: true },
      tagged('signed', 60, 'signed'),
      { ...tagged('signature', 60, `${digestOf(name, 'signed').replace(':', '-')}.sig`), subject: 'signed' },
      tagged('fixed', 50, 'release-1'),
      tagged('guarded', 40, 'guarded'),
      { key: 'sbom', age: 40, subject: 'guarded', isHeld: true },
    ]);
    await database.query(
      `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
       insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
       select id, 1, 'tag', true, 'release-*', '^release-.*$' from rule`,
      [project.id],
    );
    const policy = policyOf({ rules: [{ action: 'delete' }] });
    const { deleted, artifacts } = await previewed(policy);
    expect(deleted.sort()).toEqual([`${name}:index`, `${name}:signed`]);
    const before = await present();
    await run(await save(policy), false);
    const left = await present();
    const gone = [...before].filter((what) => !left.has(what));
    function isGone(key: string) {
      return gone.includes(`${name}@${digestOf(name, key)}`);
    }
    expect(artifacts.sort()).toEqual(['index', 'signed'].map((key) => `${name}@${digestOf(name, key)}`).sort());
    expect(['part', 'index', 'held', 'signed', 'signature', 'fixed', 'guarded', 'sbom'].filter(isGone)).toEqual([
      'index',
      'signed',
      'signature',
    ]);
  });

  it('S84 leaves what belongs to an artifact by a tag of cosign or of the referrers schema, and takes it along with it', async () => {
    const name = repository('app');
    const tagOf = (key: string) => digestOf(name, key).replace(':', '-');
    await seedContent(database, project.id, name, [
      tagged('signed', 60, 'release-1'),
      { key: 'referrer', age: 60 },
      { ...tagged('fallback', 60, tagOf('signed')), parts: ['referrer'] },
      tagged('image-as-signature', 60, `${tagOf('signed')}.sig`, 'also-this'),
      tagged('bill', 60, `${tagOf('signed')}.sbom`),
      tagged('proof', 60, `${tagOf('bill')}.att`),
      // Named after itself, after nothing that is there, and almost like it.
      tagged('own', 50, tagOf('own')),
      tagged('orphan', 50, `${tagOf('nothing')}.sig`),
      tagged('other', 50, `${tagOf('signed')}.txt`),
    ]);
    const keep = policyOf({
      rules: [{ action: 'retain', select: { tags: [{ pattern: 'release-*' }] } }, { action: 'delete' }],
    });
    const orphans = [tagOf('own'), `${tagOf('nothing')}.sig`, `${tagOf('signed')}.txt`].map((tag) => `${name}:${tag}`);
    const { deleted } = await previewed(keep);
    expect(deleted.sort()).toEqual([...orphans].sort());
    const policyId = await save(keep);
    const dry = await run(policyId, true);
    expect(deletions(dry.lines).sort()).toEqual([...orphans].sort());
    await run(policyId, false);
    const belonging = ['signed', 'referrer', 'fallback', 'image-as-signature', 'bill', 'proof'];
    const artifactsLeft = async () => [...(await present())].filter((what) => what.includes('@')).sort();
    const named = (keys: readonly string[]) => keys.map((key) => `${name}@${digestOf(name, key)}`).sort();
    expect(await artifactsLeft()).toEqual(named(belonging));
    // The tag that no scheme knows keeps its artifact when the subject goes; only then it is decided about.
    const all = policyOf({ rules: [{ action: 'delete' }] });
    expect((await previewed(all)).deleted).toEqual([`${name}:release-1`]);
    await run(await save(all), false);
    expect(await artifactsLeft()).toEqual(named(['image-as-signature']));
    expect((await previewed(all)).deleted.sort()).toEqual(
      [`${name}:${tagOf('signed')}.sig`, `${name}:also-this`].sort(),
    );
  });

  it('S84 keeps a subject, in the preview too, whose accessory must stay: by an immutable tag, by a hold, at any depth', async () => {
    const name = repository('app');
    const tagOf = (key: string) => digestOf(name, key).replace(':', '-');
    await seedContent(database, project.id, name, [
      tagged('by-tag', 60, 'a'),
      tagged('listed', 60, tagOf('by-tag')),
      tagged('by-rule', 60, 'b'),
      { ...tagged('signature', 60, 'release-1'), subject: 'by-rule' },
      tagged('deep', 60, 'c'),
      { key: 'bill', age: 60, subject: 'deep' },
      { ...tagged('proof', 60, `${tagOf('bill')}.att`), isHeld: true },
      tagged('free', 60, 'd'),
      { key: 'loose', age: 60, subject: 'free' },
    ]);
    await database.query(
      `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
       insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
       select id, 1, 'tag', true, '{release-*,sha256-*}', '^(release|sha256)-.*$' from rule`,
      [project.id],
    );
    const policy = policyOf({ rules: [{ action: 'delete' }] });
    expect((await previewed(policy)).deleted).toEqual([`${name}:d`]);
    const { lines } = await run(await save(policy), false);
    expect(deletions(lines)).toEqual([`${name}:d`]);
    expect(lines.filter((line) => line.startsWith('STAYS'))).toEqual([]);
    expect([...(await present())].filter((what) => what.includes('@'))).toHaveLength(7);
  });

  it('waits when it would remove too much, goes on when it is confirmed, and keeps to the moment it began', async () => {
    const name = repository('app');
    await seedContent(database, project.id, name, [tagged('a', 30, 'a'), tagged('b', 20, 'b'), tagged('c', 10, 'c')]);
    const policyId = await save(policyOf({ rules: [{ action: 'delete', newest: { count: 1 } }] }), 50);
    const dry = await run(policyId, true);
    expect((await execution(policyId, dry.id)).status).toBe('Success');
    const { id } = await run(policyId, false);
    expect(await execution(policyId, id)).toMatchObject({ status: 'Waiting', facts: { share: 66.67 } });
    expect((await present()).size).toBe(6);
    // The policy changes and something is pushed while the run waits: neither matters to it.
    await save(policyOf({ rules: [{ action: 'delete' }] }), 100);
    await database.query(`update tags set push_time = now() + interval '1 hour' where project_id = $1 and name = 'a'`, [
      project.id,
    ]);
    expect(await executions.release(id, { confirmed_by: 'owner' }, () => Promise.resolve())).toBe(true);
    await runTasks(database, processors);
    expect(await execution(policyId, id)).toMatchObject({ status: 'Success', facts: { confirmed_by: 'owner' } });
    expect(await present()).toEqual(
      new Set(['a', 'c'].flatMap((key) => [`${name}:${key}`, `${name}@${digestOf(name, key)}`])),
    );
    expect(await executions.release(id, {}, () => Promise.resolve())).toBe(false);
  });

  it('S84 fails and removes nothing when a rule speaks of a label that is gone', async () => {
    const [label] = await database.query<{ id: number }>(
      `insert into labels (project_id, name) values ($1, 'keep') returning id`,
      [project.id],
    );
    const labelId = label?.id ?? 0;
    await seedContent(database, project.id, repository('app'), [
      { ...tagged('a', 30, 'a'), labelId },
      tagged('b', 20, 'b'),
    ]);
    const policy = policyOf({ rules: [{ action: 'retain', select: { labels: [{ label_id: labelId }] } }] });
    expect((await previewed(policy)).deleted).toEqual([`${repository('app')}:b`]);
    const policyId = await save(policy);
    await database.query('delete from labels where id = $1', [labelId]);
    const { id } = await run(policyId, false);
    expect((await execution(policyId, id)).status).toBe('Error');
    expect((await present()).size).toBe(4);
  });

  it('S84 leaves what was pulled, tagged or held while the run waited, and says so', async () => {
    const name = repository('app');
    await seedContent(database, project.id, name, [
      tagged('pulled', 30, 'pulled'),
      tagged('held', 30, 'held'),
      tagged('unused', 30, 'unused'),
      tagged('new', 1, 'new'),
    ]);
    const policyId = await save(policyOf({ rules: [{ action: 'delete', select: { not_pulled_for_days: 7 } }] }), 50);
    const { id, lines: planned } = await run(policyId, false);
    expect(await execution(policyId, id)).toMatchObject({ status: 'Waiting', facts: { share: 75 } });
    expect(deletions(planned)).toEqual([]);
    await database.query(`update manifests set pull_time = now() where project_id = $1 and digest = digest_bytes($2)`, [
      project.id,
      digestOf(name, 'pulled'),
    ]);
    await database.query(`update tags set pull_time = now() where project_id = $1 and name = 'pulled'`, [project.id]);
    await database.query(
      `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by)
       select $1, id, 'legal-hold', 'a case', 'owner' from manifests where project_id = $1 and digest = digest_bytes($2)`,
      [project.id, digestOf(name, 'held')],
    );
    await executions.release(id, { confirmed_by: 'owner' }, () => Promise.resolve());
    expect(deletions(await runTasks(database, processors))).toEqual([`${name}:unused`]);
    const left = await present();
    expect(['pulled', 'held', 'unused', 'new'].filter((tag) => left.has(`${name}:${tag}`))).toEqual([
      'pulled',
      'held',
      'new',
    ]);
  });

  it('S84 decides alike in every time zone of the database, to the second of the last day', async () => {
    const name = repository('app');
    const second = 1 / 86_400;
    await seedContent(database, project.id, name, [
      tagged('over', 7 + 60 * second, 'over'),
      tagged('under', 7 - 600 * second, 'under'),
    ]);
    const policy = policyOf({ rules: [{ action: 'delete', select: { pushed_before_days: 7 } }] });
    const [before] = await database.query<{ zone: string; name: string }>(
      `select current_setting('TimeZone') as zone, current_database() as name`,
    );
    for (const zone of ['Pacific/Kiritimati', 'America/Caracas', 'Europe/Berlin', 'UTC']) {
      await database.query(`alter database "${before?.name}" set timezone to '${zone}'`);
      const elsewhere = await Database.open({
        url: test.url,
        poolSize: 1,
        applicationName: 'elsewhere',
        onConnectionError: () => undefined,
      });
      const there = new PreviewService(
        new EvaluationService(new CandidateStore(elsewhere)),
        new RetentionPolicyStore(elsewhere),
        new SettingsService(new SettingsStore(elsewhere), { now: () => new Date() }),
      );
      const query = { decision: 'delete' as const, page: 1, page_size: 10 };
      const answer = await there.preview(project, { ...policy, rules: [...policy.rules], confirm_share: null }, query);
      await elsewhere.close();
      expect(
        answer.rows.map((row) => row.tag),
        zone,
      ).toEqual(['over']);
    }
    await database.query(`alter database "${before?.name}" set timezone to '${before?.zone}'`);
  });

  it('decides alike about a repository that is too large to be kept in memory', async () => {
    const id = await seedContent(database, project.id, repository('large'), []);
    await database.query(
      `with made as (
         insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
         select $1, $2, digest_bytes('sha256:' || encode(sha256(convert_to(n::text, 'UTF8')), 'hex')), 'test', ''::bytea, 'image',
           'IMAGE', 10, 'seed', now() - n * interval '1 minute'
         from generate_series(1, 2400) n returning id, digest, push_time
       ), copies as (select made.*, copy from made, generate_series(1, 3) copy
         union all select made.*, copy from (select * from made order by id limit 1) made, generate_series(4, 1503) copy)
       insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time)
       select $1, $2, 'v' || id || '-' || copy, id, digest, 'seed', push_time from copies`,
      [id, project.id],
    );
    const rules = retentionPreviewRequest.parse({ rules: [{ action: 'retain', newest: { count: 5 } }] }).rules;
    const body = { unit: 'artifact' as const, rules, confirm_share: null };
    const answer = await previews.preview(project, body, { decision: 'keep', page_size: 1000 });
    expect(answer.totals).toMatchObject({
      artifacts: 2_400,
      tags: 8_700,
      artifacts_deleted: 2_395,
      tags_deleted: 7_185,
    });
    expect(answer.total).toBe(1_515);
    const settings = new SettingsService(new SettingsStore(database), { now: () => new Date() });
    for (const kept of [0, 100_000]) {
      const small = new PreviewService(new EvaluationService(new CandidateStore(database), kept), policies, settings);
      const asOf = new Date(answer.as_of as Date).toISOString();
      const query = { decision: 'keep' as const, page_size: 1000, as_of: asOf };
      expect(await small.preview(project, body, query)).toEqual(answer);
    }
  });

  it('counts the age of what has no tag from the day it lost the last one', async () => {
    const name = repository('app');
    await seedContent(database, project.id, name, [
      tagged('retagged', 40, 'latest'),
      { key: 'never', age: 40 },
      { key: 'young', age: 3 },
    ]);
    await database.query(`delete from tags where project_id = $1 and name = 'latest'`, [project.id]);
    const policy = policyOf({
      rules: [{ action: 'delete', select: { tagged: 'untagged', pushed_before_days: 7 } }],
    });
    expect((await previewed(policy)).deleted).toEqual([`${name}@${digestOf(name, 'never')}`]);
    await database.query(`update tag_moves set moved_at = now() - interval '8 days' where project_id = $1`, [
      project.id,
    ]);
    expect((await previewed(policy)).deleted.sort()).toEqual(
      ['never', 'retagged'].map((key) => `${name}@${digestOf(name, key)}`).sort(),
    );
  });

  it('counts what was pushed again without a tag as new, and an index whose part was', async () => {
    const name = repository('app');
    await seedContent(database, project.id, name, [
      { key: 'old', age: 40 },
      { key: 'again', age: 40 },
      { key: 'part', age: 40 },
      { key: 'index', age: 40, parts: ['part'] },
    ]);
    const policy = policyOf({
      rules: [{ action: 'delete', select: { tagged: 'untagged', pushed_before_days: 7 } }],
    });
    const gone = async () => (await previewed(policy)).deleted.sort();
    const named = (...keys: string[]) => keys.map((key) => `${name}@${digestOf(name, key)}`).sort();
    expect(await gone()).toEqual(named('old', 'again', 'index'));
    await database.query(
      `update manifests set touched_at = now() - interval '1 minute' where project_id = $1 and digest in (digest_bytes($2), digest_bytes($3))`,
      [project.id, digestOf(name, 'again'), digestOf(name, 'part')],
    );
    expect(await gone()).toEqual(named('old'));
  });

  it('S60 does nothing for a project that was deleted', async () => {
    await seedContent(database, project.id, repository('app'), [tagged('a', 30, 'a')]);
    const policyId = await save(policyOf({ rules: [{ action: 'delete' }] }));
    await database.query('update projects set deleted_at = now() where id = $1', [project.id]);
    const { id } = await run(policyId, false);
    expect((await execution(policyId, id)).status).toBe('Success');
    expect((await present()).size).toBe(2);
  });

  it('gives a preview page by page, each row once, for one moment', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `v${index}`);
    for (const name of ['a', 'b', 'c']) {
      await seedContent(database, project.id, repository(name), [
        ...names.slice(0, 10).map((tag, index) => tagged(tag, index + 1, tag)),
        tagged('many', 20, ...names.slice(10)),
      ]);
    }
    const policy = policyOf({ rules: [{ action: 'delete', select: { pushed_before_days: 3 } }] });
    const body = { ...policy, rules: [...policy.rules], confirm_share: null };
    const first = await previews.preview(project, body, { page_size: 13 });
    const asOf = new Date(first.as_of as Date).toISOString();
    const rows = [...first.rows];
    await seedContent(database, project.id, repository('late'), [tagged('late', 0, 'late')]);
    for (let page = 2; page <= 8; page++) {
      const fresh = new PreviewService(
        new EvaluationService(new CandidateStore(database)),
        policies,
        new SettingsService(new SettingsStore(database), { now: () => new Date() }),
      );
      const service = page % 2 === 0 ? previews : fresh;
      const answer = await service.preview(project, body, { page, page_size: 13, as_of: asOf });
      rows.push(...answer.rows);
      expect(answer.totals).toMatchObject({ tags: 90, tags_deleted: 84 });
    }
    expect(rows).toHaveLength(90);
    expect(new Set(rows.map((row) => `${row.repository_name}:${row.tag}`)).size).toBe(90);
  });
});

describe('any policy', () => {
  it('runs as its dry run ran, which ran as its preview said, for 200 of them', async () => {
    const samples = fc.sample(fc.tuple(content, content, anyPolicy), { numRuns: 200, seed: 20261121 });
    let removed = 0;
    let removedByTag = 0;
    const deciding = new Set<string>();
    for (const [a, b, given] of samples) {
      await newProject();
      const labels = await database.query<{ id: number }>(
        `insert into labels (project_id, name) values ($1, 'one'), ($1, 'two') returning id`,
        [project.id],
      );
      const labelled = (content: readonly AnyArtifact[]): SeedArtifact[] =>
        content.map(({ label, ...more }) => {
          const id = labels[label]?.id;
          return id === undefined ? more : { ...more, labelId: id };
        });
      await database.query(
        `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
         insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
         select id, 1, 'tag', true, 'release-*', '^release-.*$' from rule`,
        [project.id],
      );
      await seedContent(database, project.id, repository('a'), labelled(a));
      await seedContent(database, project.id, repository('b'), labelled(b));
      const rules = given.rules.map(({ select, ...rule }) => ({
        ...rule,
        select: {
          ...select,
          ...(select.labels
            ? { labels: select.labels.map((one) => ({ ...one, label_id: labels[one.label_id - 1]?.id ?? 0 })) }
            : {}),
        },
      }));
      const twins = new Set(rules.map((rule) => JSON.stringify(rule)));
      const asked = policyOf({ ...given, rules: [...twins].map((rule) => JSON.parse(rule) as object) });
      const { deleted, artifacts } = await previewed(asked);
      const policyId = await save(asked);
      const before = await present();
      const dry = await run(policyId, true);
      expect(await present()).toEqual(before);
      const { lines } = await run(policyId, false);
      const after = await present();
      const gone = [...before].filter((what) => !after.has(what));
      expect(deletions(dry.lines).sort()).toEqual([...deleted].sort());
      expect(deletions(lines).sort()).toEqual([...deleted].sort());
      expect(lines.filter((line) => line.startsWith('STAYS'))).toEqual([]);
      // Tags exactly; of artifacts those it named, and what belongs to them alone.
      const isTag = (what: string) => !what.includes('@');
      expect(gone.filter((what) => isTag(what) && !isOfAccessory(what, a, b)).sort()).toEqual(
        deleted.filter(isTag).sort(),
      );
      expect(gone).toEqual(expect.arrayContaining(artifacts));
      removed += gone.length;
      if (deleted.length > 0)
        for (const { select } of given.rules) for (const kind of Object.keys(select)) deciding.add(kind);
      removedByTag += gone.filter((what) => what.includes(':sha256-')).length;
    }
    expect(removed).toBeGreaterThan(100);
    expect(removedByTag).toBeGreaterThan(2);
    // No kind of condition is only there where nothing went.
    expect([...deciding].sort()).toEqual(Object.keys(retentionSelect.shape).sort());
  }, 600_000);

  /** A tag of an accessory goes with the subject and is nobody's decision. */
  function isOfAccessory(what: string, a: readonly SeedArtifact[], b: readonly SeedArtifact[]): boolean {
    const [place = '', name] = what.split(':');
    if (name?.startsWith('sha256-')) return true;
    const owner = (place.endsWith('/a') ? a : b).find(({ tags }) => tags?.some((one) => one.name === name));
    return owner?.subject !== undefined;
  }
});
