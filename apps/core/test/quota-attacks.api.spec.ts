import { request as httpRequest } from 'node:http';
import { createProject, updateQuota } from '@moorage/contracts';
import { measureUsage } from '@moorage/features/usage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorization, OCI_MANIFEST, pushBlob, pushImage, sha256 } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const MIB = 1024 * 1024;
const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
/** 10 MiB. */
const LIMIT = 10 * MIB;

describe('S85 a limit of storage', () => {
  let core: TestCore;
  let project: { name: string; id: number };
  let run = 0;

  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());
  beforeEach(async () => {
    const name = `limited-${++run}`;
    await core.admin.call(createProject, { body: { project_name: name, storage_limit: LIMIT } });
    const [row] = await core.database.query<{ id: number }>('select id from projects where name = $1', [name]);
    project = { name, id: row?.id ?? 0 };
  });

  const send = (method: string, path: string, body?: Buffer | string, headers: Record<string, string> = {}) =>
    fetch(core.url + path, {
      method,
      headers: { ...authorization(ADMIN), 'content-type': 'application/octet-stream', ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const content = (size: number, name: string) => Buffer.alloc(size, `${project.name} ${name} `);
  const start = async (repository = `${project.name}/app`) =>
    (await send('POST', `/v2/${repository}/blobs/uploads/`)).headers.get('location') as string;
  /** One chunk without a length, so that only counting can stop it. Resolves with the status. */
  const stream = (location: string, chunks: number, size = 256 * 1024) =>
    new Promise<number>((resolve) => {
      const request = httpRequest(
        core.url + location,
        { method: 'PATCH', headers: authorization(ADMIN) },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', () => resolve(0));
      const write = (left: number): void => {
        if (left === 0) request.end();
        else if (request.destroyed) resolve(0);
        else request.write(Buffer.alloc(size, `${location}${left}`), () => write(left - 1));
      };
      write(chunks);
    });
  const stored = async () => {
    const { stored: kept, counted } = await measureUsage(core.database, project.id);
    expect(kept).toBe(counted);
    expect(kept).toBeLessThanOrEqual(LIMIT);
    return kept;
  };
  const unlinked = async () => {
    const [row] = await core.database.query<{ bytes: number }>(
      'select coalesce(sum(offset_bytes + incoming_bytes), 0)::bigint as bytes from uploads where project_id = $1',
      [project.id],
    );
    return row?.bytes ?? 0;
  };

  it('S85 R14 takes what fits of twenty parallel pushes and refuses the rest with DENIED', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const bytes = content(MIB, String(index));
        const digest = sha256(bytes);
        const answer = await send('POST', `/v2/${project.name}/r${index}/blobs/uploads/?digest=${digest}`, bytes);
        if (answer.status !== 201) expect(await answer.json()).toMatchObject({ errors: [{ code: 'DENIED' }] });
        return answer.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([201, 403]));
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
    expect(await stored()).toBe(LIMIT);
  });

  it('S85 refuses a body that says it does not fit before it is sent, and one that does not say so on the way', async () => {
    const announced = await send('PATCH', await start(), content(LIMIT + 1, 'announced'));
    expect(announced.status).toBe(403);
    expect(await unlinked()).toBe(0);
    expect([403, 0]).toContain(await stream(await start(), 80));
    expect(await unlinked()).toBeLessThanOrEqual(LIMIT);
    expect(
      (await send('POST', `/v2/${project.name}/app/blobs/uploads/?digest=${sha256('x')}`, content(LIMIT + 1, 'whole')))
        .status,
    ).toBe(403);
    expect(await stored()).toBe(0);
    // The control: what fits is taken by the same doors, once the broken upload has given its room back.
    await core.database.query(
      "update uploads set last_active_at = now() - interval '2 minutes' where project_id = $1",
      [project.id],
    );
    const bytes = content(MIB, 'fits');
    expect((await send('PUT', `${await start()}&digest=${sha256(bytes)}`, bytes)).status).toBe(201);
  });

  it('S85 R14 keeps open uploads within what the quota leaves, and gives the room back', async () => {
    const locations = await Promise.all(Array.from({ length: 12 }, () => start()));
    const statuses: number[] = [];
    for (const location of locations) statuses.push((await send('PATCH', location, content(MIB, location))).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 202), 403, 403]);
    expect(await unlinked()).toBe(LIMIT);
    await send('DELETE', locations[0] as string);
    expect((await send('PATCH', locations[11] as string, content(MIB, 'later'))).status).toBe(202);
    // A client that broke off a minute ago must not keep the next attempt out for a day.
    await core.database.query(
      "update uploads set last_active_at = now() - interval '2 minutes' where project_id = $1",
      [project.id],
    );
    expect((await send('PATCH', await start(), content(9 * MIB, 'again'))).status).toBe(202);
    // But patience does not fill the disk either: everything unfinished together has an end.
    for (let round = 0; round < 6; round++) {
      await core.database.query(
        "update uploads set last_active_at = now() - interval '2 minutes' where project_id = $1",
        [project.id],
      );
      await send('PATCH', await start(), content(9 * MIB, `round ${round}`));
    }
    expect(await unlinked()).toBeLessThanOrEqual(4 * LIMIT);
    expect(await stored()).toBe(0);
  });

  it('S85 counts mounted and repeated content once, and what a lowered limit no longer allows not at all', async () => {
    const blob = 'z'.repeat(4 * MIB);
    const digest = await pushBlob(core, ADMIN, `${project.name}/a`, blob);
    expect(await pushBlob(core, ADMIN, `${project.name}/a`, blob)).toBe(digest);
    for (let index = 0; index < 20; index++) {
      const path = `/v2/${project.name}/b${index}/blobs/uploads/?mount=${digest}&from=${project.name}/a`;
      expect((await send('POST', path)).status).toBe(201);
    }
    expect(await stored()).toBe(4 * MIB);
    const location = await start();
    expect((await send('PATCH', location, content(5 * MIB, 'before'))).status).toBe(202);
    await core.database.query('update quotas set hard_bytes = $2 where project_id = $1', [project.id, 5 * MIB]);
    const bytes = content(5 * MIB, 'before');
    const put = await send('PUT', `${location.replace('offset=0', `offset=${bytes.length}`)}&digest=${sha256(bytes)}`);
    expect(put.status).toBe(403);
    expect(await stored()).toBe(4 * MIB);
  });

  it('warns from the soft limit on, refuses artifacts beyond their number, and shows both', async () => {
    const quotaOf = async () => {
      const answer = await send('GET', `/api/v2.0/projects/${project.name}/quota`);
      return (await answer.json()) as { id: number; state: string; hard: object; used: object };
    };
    const limit = (body: object) =>
      core.admin.call(updateQuota, { params: { id: quota.id }, body: body as { soft: { storage: number } } });
    const quota = await quotaOf();
    const push = async (tag: string) => {
      const blob = await pushBlob(core, ADMIN, `${project.name}/app`, `${tag} of ${project.name}`);
      const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: {
          mediaType: 'application/vnd.oci.empty.v1+json',
          digest: blob,
          size: `${tag} of ${project.name}`.length,
        },
        layers: [],
      });
      return send('PUT', `/v2/${project.name}/app/manifests/${tag}`, manifest, { 'content-type': OCI_MANIFEST });
    };
    expect((await push('v1')).headers.get('warning')).toBeNull();
    await limit({ soft: { storage: 100 }, hard: { count: 2 } });
    const warned = await push('v2');
    expect(warned.status).toBe(201);
    expect(warned.headers.get('warning')).toMatch(
      /^299 - "the storage of the project is running out: \d+ bytes are used, 10.0 MiB/,
    );
    const refused = await push('v3');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      errors: [{ code: 'DENIED', message: expect.stringContaining('it holds 2 of 2 artifacts') }],
    });
    expect(await quotaOf()).toMatchObject({
      state: 'full',
      hard: { storage: LIMIT, count: 2 },
      used: { count: 2 },
      soft: { storage: 100 },
      growth: [{ count: 2 }],
      forecast: null,
    });
    expect(
      (await send('PUT', `/api/v2.0/quotas/${quota.id}`, '{"hard":{}}', { 'content-type': 'application/json' })).status,
    ).toBe(400);
  });

  it('S85 an unlimited project is not counted on the way', async () => {
    await core.admin.call(createProject, { body: { project_name: 'free' } });
    await pushImage(core, ADMIN, 'free/app', 'v1', 'y'.repeat(LIMIT + 1));
    expect(await stream(await start('free/app'), 60)).toBe(202);
  });
});
