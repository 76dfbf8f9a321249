import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database, type Transaction } from '@moorage/database';
import { createTempDirectory, sendRequest } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedBlobs } from '../bench/garbage/seed.ts';
import { PROJECT } from '../bench/registry/contender.ts';
import { seedTags } from '../bench/registry/seed-tags.ts';
import { Cluster } from './cluster/cluster.ts';

const LIVE = 2_500;
const DEAD = 2_000;
/** Behind every other object, so that a scan comes to it last. */
const UNKNOWN = 'f'.repeat(64);
/** Tags of a repository under retention, and those that stay. */
const TAGS = 3_000;
const KEPT = 50;
const LONG = { timeout: 120_000, interval: 200 };

interface RunningTask {
  readonly worker_id: string;
  readonly pid: number;
}

/** Long runs whose worker process is killed while it works: they end right, in another process. */
describe('a run whose worker is killed', { timeout: 400_000 }, () => {
  const folder = createTempDirectory('killed-runs');
  let cluster: Cluster;
  let database: Database;

  beforeAll(async () => {
    mkdirSync(join(folder.path, 'data'));
    cluster = await Cluster.start({ directory: folder.path, cores: 1, workers: 2, volumeMegabytes: null });
    database = await Database.open({
      url: cluster.databaseUrl,
      poolSize: 3,
      applicationName: 'test',
      onConnectionError: () => undefined,
    });
    // None by itself.
    await api('PUT', '/system/gc/schedule', { schedule: { type: 'None', cron: '' } });
    await api('POST', '/projects', { project_name: PROJECT });
    await seedBlobs(database, registry(), { from: 0, to: LIVE }, { images: true });
    await seedBlobs(database, registry(), { from: LIVE, to: LIVE + DEAD }, { images: false });
  });
  afterAll(async () => {
    await database?.close();
    await cluster?.stop();
    folder.remove();
  });

  const registry = () => join(cluster.dataDirectory, 'registry');
  const files = (part: 'blobs' | 'aside') => {
    const root = join(registry(), part, 'sha256');
    return readdirSync(root).flatMap((byte) => readdirSync(join(root, byte)));
  };
  const rows = async () =>
    (await database.query<{ hex: string }>(`select encode(substr(digest, 2), 'hex') as hex from blobs`)).map(
      ({ hex }) => hex,
    );

  async function api(method: string, path: string, body?: unknown): Promise<string> {
    const { username, password } = cluster.credentials;
    const answer = await sendRequest(method, new URL(`/api/v2.0${path}`, cluster.origin), {
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    expect(answer.status, `${method} ${path}: ${answer.body}`).toBeLessThan(300);
    return answer.body.toString();
  }

  /** A task that runs and has reported at least so much. */
  async function running(job: string, fact: string, least: number, payload: object = {}): Promise<RunningTask> {
    // The one that was seen: it may have ended when it is looked for again.
    const found: RunningTask[] = [];
    const look = async () => {
      const tasks = await database.query<RunningTask>(
        `select t.worker_id, p.pid from tasks t join worker_pools p on p.id = t.worker_id
         where t.job = $1 and t.status = 'Running' and (t.extra_attrs ->> $2)::int >= $3 and t.payload @> $4 limit 1`,
        [job, fact, least, JSON.stringify(payload)],
      );
      return found.push(...tasks);
    };
    await expect.poll(look, { ...LONG, interval: 20 }).toBeGreaterThan(0);
    return found[0] as RunningTask;
  }

  /** Backends that wait for somebody else's transaction. */
  async function waiting(): Promise<number[]> {
    const found = await database.query<{ pid: number }>(
      `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    return found.map(({ pid }) => pid);
  }

  /** Begins a run and kills the worker of its task where it waits for what `lock` holds. */
  async function killWaiting(
    lock: (holder: Transaction) => Promise<unknown>,
    begin: () => Promise<RunningTask>,
  ): Promise<void> {
    const { worker, backends } = await database.transaction(async (holder) => {
      await holder.query('set local idle_in_transaction_session_timeout = 0');
      await lock(holder);
      const task = await begin();
      let found: number[] = [];
      const look = async () => {
        found = await waiting();
        return found.length;
      };
      await expect.poll(look, LONG).toBeGreaterThan(0);
      process.kill(task.pid, 'SIGKILL');
      return { worker: task.worker_id, backends: found };
    });
    // What it had begun is undone before anybody takes its tasks up again.
    const open = () =>
      database.query('select from pg_stat_activity where pid = any($1::int[]) and xact_start is not null', [backends]);
    await expect.poll(open, LONG).toEqual([]);
    // What a worker that is silent for too long looks like, without the wait.
    await database.query(`update tasks set heartbeat_at = now() - interval '1 hour' where worker_id = $1`, [worker]);
  }

  async function ended(vendorType: string): Promise<{ facts: Record<string, unknown>; attempts: number[] }> {
    const found = async () => {
      const [run] = await database.query<{ status: string; facts: Record<string, unknown>; attempts: number[] }>(
        `select e.status, e.extra_attrs as facts, array(select attempts from tasks t where t.execution_id = e.id) as attempts
         from executions e where vendor_type = $1 order by id desc limit 1`,
        [vendorType],
      );
      return run;
    };
    await expect.poll(async () => (await found())?.status, LONG).toBe('Success');
    return (await found()) as Awaited<ReturnType<typeof ended>>;
  }

  it('collects everything that is dead, and nothing else (R16, R18)', async () => {
    // A dead blob that the collector comes to after its first transaction, and that somebody else notes as removed.
    await killWaiting(
      async (holder) => {
        const [stuck] = await holder.query<{ digest: Buffer }>(
          `select digest from blobs b where not exists (select from manifest_blobs m where m.digest = b.digest)
           order by digest offset 700 limit 1`,
        );
        await holder.query('insert into removed_blobs (digest, size) values ($1, 1)', [stuck?.digest]);
        await holder.query('delete from removed_blobs');
      },
      async () => {
        await api('POST', '/system/gc/schedule', {
          schedule: { type: 'Manual' },
          parameters: { delete_untagged: false, workers: 2 },
        });
        return running('garbage.sweep', 'blobs', 1, { part: 0 });
      },
    );
    const { attempts, facts } = await ended('GARBAGE_COLLECTION');
    expect(attempts.some((number) => number > 1)).toBe(true);
    expect(facts).toMatchObject({ purged_blobs: DEAD, purged_links: DEAD, scanned_blobs: LIVE + DEAD });
    const live = await rows();
    expect(live).toHaveLength(LIVE);
    const [counts] = await database.query(
      `select (select count(*) from repository_blobs)::int as links, (select count(*) from project_blobs where links > 0)::int as charged,
         (select count(*) from manifest_blobs m where not exists (select from blobs b where b.digest = m.digest))::int as broken`,
    );
    expect(counts).toEqual({ links: LIVE, charged: LIVE, broken: 0 });
    await expect
      .poll(async () => {
        // The time aside is over.
        await database.query(
          `update removed_blobs set removed_at = removed_at - interval '1 day', aside_at = aside_at - interval '1 day'`,
        );
        return (await database.query('select from removed_blobs')).length;
      }, LONG)
      .toBe(0);
    expect(files('aside')).toEqual([]);
    expect(files('blobs').toSorted()).toEqual(live.toSorted());
  });

  it('finds in the storage what nobody knows, and notes it once (R8)', async () => {
    const place = join(registry(), 'blobs', 'sha256', UNKNOWN.slice(0, 2));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, UNKNOWN), 'nobody knows this');
    utimesSync(join(place, UNKNOWN), new Date(0), new Date(0));
    await killWaiting(
      (holder) => holder.query('lock table storage_findings in exclusive mode'),
      async () => {
        await api('POST', '/system/storage/scans', {});
        return running('storage.scan', 'objects', 1_000);
      },
    );
    const { facts, attempts } = await ended('STORAGE_SCAN');
    expect(attempts).toEqual([2]);
    expect(facts).toMatchObject({ objects: LIVE + 1, rows: LIVE, unknown: 1, missing: 0, wrong_size: 0 });
    const findings = JSON.parse(await api('GET', '/system/storage/findings')) as { digest: string }[];
    expect(findings.map(({ digest }) => digest)).toEqual([`sha256:${UNKNOWN}`]);
    expect(files('aside')).toEqual([UNKNOWN]);
    expect((await rows()).toSorted()).toEqual(files('blobs').toSorted());
  });

  it('removes what retention decided, each once, and counts it once (R16)', async () => {
    await seedTags(cluster.databaseUrl, `${PROJECT}/tags`, TAGS);
    const path = `/projects/${PROJECT}/retention`;
    const repositories = [{ pattern: 'tags' }];
    const rules = [{ action: 'delete', repositories, newest: { count: KEPT } }];
    await api('PUT', path, { rules, confirm_share: 100 });
    await killWaiting(
      // The run comes to this one after it has removed some, newest first.
      (holder) =>
        holder.query(
          `select from manifests where id = (select manifest_id from tags where repository_id =
             (select id from repositories where name = $1) order by push_time desc offset 1900 limit 1) for update`,
          [`${PROJECT}/tags`],
        ),
      async () => {
        await api('POST', `${path}/runs`, { dry_run: false });
        return running('retention.run-repository', 'artifacts_removed', 1_000);
      },
    );
    const { facts } = await ended('RETENTION');
    expect(facts).toMatchObject({ artifacts_removed: TAGS - KEPT, tags_removed: TAGS - KEPT });
    const [task] = await database.query<{ attempts: number; facts: object }>(
      `select attempts, extra_attrs as facts from tasks where job = 'retention.run-repository' order by id desc limit 1`,
    );
    expect(task).toMatchObject({ attempts: 2, facts: { total: TAGS, retained: KEPT } });
    const [left] = await database.query(
      `select count(distinct t.id)::int as tags, count(distinct m.id)::int as artifacts from repositories r
       join manifests m on m.repository_id = r.id left join tags t on t.manifest_id = m.id where r.name = $1`,
      [`${PROJECT}/tags`],
    );
    expect(left).toEqual({ tags: KEPT, artifacts: KEPT });
    const trashed = await database.query(
      `select count(*)::int as items, count(distinct digest)::int as digests from trash_items where reason = 'retention'`,
    );
    expect(trashed).toEqual([{ items: TAGS - KEPT, digests: TAGS - KEPT }]);
  });
});
