import { removalProcessor } from '@moorage/features/removal';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callApi } from './support/api.ts';
import { fetchToken, pushImage, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';
import { startTestWorker } from './support/worker.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

interface Run {
  readonly id: number;
  readonly status: string;
  readonly removed: number;
  readonly kept: number;
  readonly pending: number;
}

describe('a deletion in the background takes what was selected, as it was selected', () => {
  let core: TestCore;
  let scene: Scene;
  let project: string;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    project = scene.privateProject;
  });
  afterAll(() => core.stop());

  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await callApi(core, ADMIN, method, path, body);
    expect([200, 201], `${method} ${path}: ${answer.text}`).toContain(answer.status);
    return (answer.text === '' ? {} : JSON.parse(answer.text)) as T;
  };
  const runsOf = (repository: string) => `/projects/${project}/repositories/${repository}/removals/runs`;
  const push = (repository: string, tag: string, text: string) =>
    pushImage(core, ADMIN, `${project}/${repository}`, tag, text);
  const pull = async (repository: string, tag: string, of = project): Promise<number> => {
    const { token } = await fetchToken(core, ADMIN, [`repository:${of}/${repository}:pull`]);
    return (await withToken(core, token, 'GET', `/v2/${of}/${repository}/manifests/${tag}`)).status;
  };
  /** Lets a worker do what waits, until the run has ended. */
  const work = async (id: number): Promise<void> => {
    const settings = () => Promise.resolve({ read_only: false });
    const worker = await startTestWorker(core, [removalProcessor(core.database, settings)]);
    try {
      await vi.waitFor(
        async () => expect(await api<{ end_time?: string }>('GET', `/executions/${id}`)).toHaveProperty('end_time'),
        { timeout: 90_000, interval: 100 },
      );
    } finally {
      await worker.stop();
    }
  };

  it('control: what nobody touched goes', async () => {
    const { digest } = await push('plain', 'v1', 'plain');
    const { id } = await api<Run>('POST', runsOf('plain'), { mode: 'delete', digests: [digest] });
    await work(id);
    expect(await pull('plain', 'v1')).toBe(404);
    expect(await api<Run>('GET', `${runsOf('plain')}/${id}`)).toMatchObject({ removed: 1, kept: 0 });
  });

  it('what is pushed again before its turn stays, until somebody tries again', async () => {
    const { digest } = await push('again', 'v1', 'again');
    const { id } = await api<Run>('POST', runsOf('again'), { mode: 'delete', digests: [digest] });
    await push('again', 'v1', 'again');
    await work(id);
    expect(await pull('again', 'v1')).toBe(200);
    expect(await api('GET', `${runsOf('again')}/${id}/kept`)).toMatchObject([{ digest, reason: 'changed' }]);
    const retried = await api<Run>('PATCH', `${runsOf('again')}/${id}`, { action: 'retry' });
    await work(retried.id);
    expect(await pull('again', 'v1')).toBe(404);
  });

  it('an untagged artifact that gets a tag before its turn stays', async () => {
    const { digest } = await push('tagged', 'v1', 'first');
    await push('tagged', 'v1', 'second');
    const selected = { mode: 'delete', matching: { kind: 'artifacts', q: 'tags=nil' } };
    const { id } = await api<Run>('POST', runsOf('tagged'), selected);
    await api('POST', `/projects/${project}/repositories/tagged/artifacts/${digest}/tags`, { name: 'kept' });
    await work(id);
    expect(await pull('tagged', 'kept')).toBe(200);
  });

  it('an untagged artifact whose tag comes back from the trash before its turn stays', async () => {
    const { digest } = await push('restored', 'v1', 'restored');
    await api('POST', `/projects/${project}/repositories/restored/removals`, { mode: 'untag', tags: ['v1'] });
    const selected = { mode: 'delete', digests: [digest] };
    const { id } = await api<Run>('POST', runsOf('restored'), selected);
    const [item] = await api<{ id: number }[]>('GET', `/projects/${project}/trash?q=kind=tag`);
    await api('POST', `/projects/${project}/trash/${item?.id}/restoration`, {});
    await work(id);
    expect(await pull('restored', 'v1')).toBe(200);
  });

  it('a deletion that a request waits for leaves what is pushed again while it works', async () => {
    const { digest } = await push('waiting', 'v1', 'waiting');
    const body = { mode: 'delete', matching: { kind: 'artifacts', q: 'tags=v1' } };
    const deleted = await core.database.transaction(async (transaction) => {
      await transaction.query('select from manifests where digest_text(digest) = $1 for update', [digest]);
      const answer = api<{ removed_artifacts: number; kept: unknown[] }>(
        'POST',
        `/projects/${project}/repositories/waiting/removals`,
        body,
      );
      await vi.waitFor(
        async () =>
          expect(
            await core.database.query(
              `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
            ),
          ).not.toEqual([]),
        { timeout: 45_000 },
      );
      await transaction.query('update manifests set touched_at = clock_timestamp() where digest_text(digest) = $1', [
        digest,
      ]);
      return { answer };
    });
    expect(await deleted.answer).toMatchObject({ removed_artifacts: 0, kept: [{ digest, reason: 'changed' }] });
    expect(await pull('waiting', 'v1')).toBe(200);
  });

  it('another repository that has the name by then keeps everything', async () => {
    await push('reused', 'v1', 'reused');
    const { id } = await api<Run>('POST', runsOf('reused'), { mode: 'untag', tags: ['v1'] });
    await api('DELETE', `/projects/${project}/repositories/reused`);
    await push('reused', 'v1', 'reused');
    await work(id);
    expect(await pull('reused', 'v1')).toBe(200);
    expect(await api('GET', `/executions/${id}`)).toMatchObject({ status: 'Error' });
  });

  it('a project that has another name by then loses what was selected in it, and its successor nothing', async () => {
    await api('POST', '/projects', { project_name: 'moved', metadata: { public: 'false' } });
    const { digest } = await pushImage(core, ADMIN, 'moved/app', 'v1', 'moved');
    const selected = { mode: 'delete', digests: [digest] };
    const { id } = await api<Run>('POST', '/projects/moved/repositories/app/removals/runs', selected);
    await api('DELETE', '/projects/moved?force=true');
    await api('POST', '/projects', { project_name: 'moved', metadata: { public: 'false' } });
    await pushImage(core, ADMIN, 'moved/app', 'v1', 'moved');
    const [item] = await api<{ id: number }[]>('GET', '/trash/projects');
    await api('POST', `/trash/projects/${item?.id}/restoration`, { name: 'moved-away' });
    await work(id);
    expect(await pull('app', 'v1', 'moved')).toBe(200);
    expect(await pull('app', 'v1', 'moved-away')).toBe(404);
  });

  it('is begun again by its room only, which knows what is left', async () => {
    const { digest } = await push('rerun', 'v1', 'rerun');
    await push('rerun', 'v2', 'another');
    const { id } = await api<Run>('POST', runsOf('rerun'), { mode: 'delete', digests: [digest] });
    await api('PUT', `/executions/${id}`, { status: 'Stopped' });
    expect((await callApi(core, ADMIN, 'POST', `/executions/${id}/rerun`, {})).status).toBe(412);
    expect(await api<Run[]>('GET', runsOf('rerun'))).toHaveLength(1);
    const retried = await api<Run>('PATCH', `${runsOf('rerun')}/${id}`, { action: 'retry' });
    await work(retried.id);
    expect(await pull('rerun', 'v1')).toBe(404);
    expect(await pull('rerun', 'v2')).toBe(200);
  });
});
