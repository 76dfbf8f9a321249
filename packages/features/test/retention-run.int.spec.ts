import { randomUUID } from 'node:crypto';
import { retentionPreviewRequest } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import { planTask, TaskStore } from '@moorage/jobs';
import { createTestDatabase, seedProject, seedUser, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExecutionService } from '../src/execution/index.ts';
import { planRetention, RETENTION_VENDOR, runRetention } from '../src/retention/retention.jobs.ts';
import { retentionProcessors } from '../src/retention/retention.processor.ts';
import { RetentionPolicyStore } from '../src/retention/retention-policy.store.ts';
import { RetentionRunService } from '../src/retention/retention-run.service.ts';
import { seedContent } from '../src/retention/testing/seeded-content.ts';
import { numberedRules } from '../src/retention-rule/index.ts';
import { callerOf, projectRef, userPrincipal } from './catalog-core.ts';

const ARTIFACTS = 1_200;
const KEPT = 10;
/** What a run removes between two looks at whether it was stopped. */
const STEP = 500;

let test: TestDatabase;
let database: Database;
let executions: ExecutionService;
let tasks: TaskStore;
let projectId: number;
let policyId: number;
let projects = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  executions = new ExecutionService(database);
  tasks = new TaskStore(database);
  await seedUser(database, 'owner');
});
afterAll(() => test.close());

beforeEach(async () => {
  const name = `p${++projects}`;
  projectId = await seedProject(database, name, { ownerId: 1 });
  const repositoryId = await seedContent(database, projectId, `${name}/app`, []);
  await database.query(
    `with made as (
       insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
       select $1::bigint, $2::int, digest_bytes('sha256:' || encode(sha256(convert_to($1::bigint || ' ' || n, 'UTF8')), 'hex')), 'test', ''::bytea, 'image',
         'IMAGE', 10, 'seed', now() - n * interval '1 day'
       from generate_series(1, $3::int) n returning id, digest, push_time
     )
     insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time)
     select $1::bigint, $2::int, 'v' || id, id, digest, 'seed', push_time from made`,
    [repositoryId, projectId, ARTIFACTS],
  );
  const { rules } = retentionPreviewRequest.parse({ rules: [{ action: 'delete', newest: { count: KEPT } }] });
  const policy = await new RetentionPolicyStore(database).put(
    projectId,
    () => ({ unit: 'artifact', rules: numberedRules(rules, []), cron: '', confirmShare: 100 }),
    async () => ({ name: 'retention-policy.updated', projectId, data: {} }),
  );
  policyId = policy?.id ?? 0;
});

/** A run that has looked at everything. */
async function plannedRun(): Promise<number> {
  const id = await executions.start({
    vendorType: RETENTION_VENDOR,
    vendorId: policyId,
    projectId,
    trigger: 'Manual',
    createdBy: 'owner',
    facts: { dry_run: false },
    tasks: [planTask(planRetention, { projectId, policyId, isDryRun: false })],
  });
  await attempt(planRetention.name, {});
  return id;
}

type Facts = Readonly<Record<string, unknown>>;

/** Takes the task of this job and works at it; leaves it as it is when that fails, as a process does that dies. */
async function attempt(
  job: string,
  watch: { readonly signal?: AbortSignal; readonly reported?: (facts: Facts) => Promise<void> | void },
): Promise<{ readonly taskId: number; readonly lines: string[]; readonly error: unknown }> {
  const [row] = await database.query<{ id: number }>(
    `update tasks set heartbeat_at = now() - interval '1 hour'
     where job = $1 and ended_at is null and execution_id in (select id from executions where project_id = $2) returning id`,
    [job, projectId],
  );
  const task = await tasks.claim(row?.id ?? 0, randomUUID());
  const found = retentionProcessors(database, async () => ({ retention_confirm_share: 50, read_only: false })).find(
    ({ definition }) => definition.name === job,
  );
  if (!task || !found) throw new Error(`there is no task of ${job}`);
  const lines: string[] = [];
  let error: unknown = null;
  try {
    await found.run({
      taskId: task.id,
      executionId: task.executionId,
      payload: found.definition.payload.parse(task.payload),
      signal: watch.signal ?? new AbortController().signal,
      report: async (facts) => {
        await tasks.report(task, facts);
        await watch.reported?.(await factsOf(task.id));
      },
      summarise: (facts) => tasks.summarise(task.executionId, facts),
      count: (sql, done) => tasks.count(sql, task, done),
      logged: () => Promise.resolve(),
      log: (text) => void lines.push(text),
      spawn: async (more) => void (await tasks.addTasks(task.executionId, more)),
      hold: (more, message) => tasks.hold(task.executionId, more, message),
    });
    await tasks.finish(task.id, 'Success', '');
  } catch (failure) {
    error = failure;
  }
  return { taskId: task.id, lines, error };
}

const factsOf = async (taskId: number): Promise<Facts> => (await executions.task(taskId)).facts;

async function left(): Promise<{ artifacts: number; tags: number; trashed: number }> {
  const [counts] = await database.query<{ artifacts: number; tags: number; trashed: number }>(
    `select (select count(*) from manifests where project_id = $1) as artifacts,
       (select count(*) from tags where project_id = $1) as tags,
       (select count(*) from trash_items where project_id = $1 and reason = 'retention') as trashed`,
    [projectId],
  );
  return counts as { artifacts: number; tags: number; trashed: number };
}

const run = (id: number) => executions.get({ vendorType: RETENTION_VENDOR, vendorId: policyId }, id);

describe('a run of retention', () => {
  it('that is stopped ends with the step it is at; what is gone is in the trash, and the next run does the rest', async () => {
    const id = await plannedRun();
    const stop = new AbortController();
    const { lines } = await attempt(runRetention.name, {
      signal: stop.signal,
      reported: async ({ artifacts_removed: removed }) => {
        if (removed !== STEP) return;
        await executions.stop({ vendorType: RETENTION_VENDOR, vendorId: policyId }, id);
        stop.abort(new Error('stopped'));
      },
    });
    expect(await left()).toEqual({ artifacts: ARTIFACTS - STEP, tags: ARTIFACTS - STEP, trashed: STEP });
    expect((await run(id)).status).toBe('Stopped');
    expect(lines.filter((line) => line.startsWith('DELETE'))).toHaveLength(ARTIFACTS - KEPT);
    const next = await plannedRun();
    const { error, taskId } = await attempt(runRetention.name, {});
    expect(error).toBe(null);
    expect((await run(next)).status).toBe('Success');
    expect(await left()).toEqual({ artifacts: KEPT, tags: KEPT, trashed: ARTIFACTS - KEPT });
    expect(await factsOf(taskId)).toMatchObject({
      total: ARTIFACTS - STEP,
      retained: KEPT,
      artifacts_removed: ARTIFACTS - STEP - KEPT,
      tags_removed: ARTIFACTS - STEP - KEPT,
    });
  });

  it('whose worker dies is done by the next one, and counts everything once', async () => {
    const id = await plannedRun();
    const first = await attempt(runRetention.name, {
      reported: ({ artifacts_removed: removed }) => {
        if (removed === 2 * STEP) throw new Error('killed');
      },
    });
    expect(first.error).toMatchObject({ message: 'killed' });
    expect((await run(id)).status).toBe('Running');
    expect((await left()).trashed).toBe(2 * STEP);
    const { error, lines, taskId } = await attempt(runRetention.name, {});
    expect(error).toBe(null);
    expect(taskId).toBe(first.taskId);
    expect(lines[0]).toMatch(/^Attempt 2/);
    expect(await run(id)).toMatchObject({
      status: 'Success',
      facts: { artifacts_removed: ARTIFACTS - KEPT, tags_removed: ARTIFACTS - KEPT },
    });
    expect(await left()).toEqual({ artifacts: KEPT, tags: KEPT, trashed: ARTIFACTS - KEPT });
    expect(await factsOf(taskId)).toMatchObject({
      total: ARTIFACTS,
      retained: KEPT,
      tags: ARTIFACTS,
      tags_deleted: ARTIFACTS - KEPT,
      artifacts_removed: ARTIFACTS - KEPT,
    });
  });

  it('tells how far it is, while it looks and while it removes', async () => {
    const told: Facts[] = [];
    await plannedRun();
    await attempt(runRetention.name, { reported: (facts) => void told.push(facts) });
    const looked = told.map(({ total }) => Number(total));
    expect(looked).toEqual(looked.toSorted((one, other) => one - other));
    expect(new Set(looked).size).toBeGreaterThan(1);
    expect([...new Set(told.map(({ artifacts_removed: removed }) => removed))]).toEqual([
      0,
      STEP,
      2 * STEP,
      ARTIFACTS - KEPT,
    ]);
  });

  it("waits alone: a second dry run is refused with the first one named, and a run that waits is in nobody's way", async () => {
    const runs = new RetentionRunService(executions, database);
    const policy = await new RetentionPolicyStore(database).find(projectId);
    if (!policy) throw new Error('there is no policy');
    const caller = callerOf(userPrincipal(1, 'owner'));
    const start = (isDryRun: boolean) => runs.start(caller, projectRef(projectId, 'p'), policy, isDryRun);
    const refused = (id: number) => ({
      code: 'CONFLICT',
      message: `Run ${id} is under way; wait for its end, or stop it first.`,
      detail: { execution_id: id },
    });
    const begun = await Promise.allSettled(Array.from({ length: 5 }, () => start(true)));
    const ids = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(ids).toHaveLength(1);
    const [dry = 0] = ids;
    const reasons = begun.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const reason of reasons) expect(reason).toMatchObject(refused(dry));
    await expect(start(false)).rejects.toMatchObject(refused(dry));
    await runs.stop(caller, projectRef(projectId, 'p'), policy, dry);
    const real = await start(false);
    const beside = await start(true);
    expect(beside).toBeGreaterThan(real);
    await expect(start(true)).rejects.toMatchObject(refused(beside));
    await expect(start(false)).rejects.toMatchObject(refused(real));
  });
});
