import { createProject, createRobot } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorization, pushImage } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
/** Every line of the text format: a comment, or a name with labels and a number. */
const LINE = /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?(\d+(\.\d+)?(e[+-]?\d+)?|\+Inf|NaN))$/;

describe('metrics', () => {
  let core: TestCore;
  beforeAll(async () => {
    core = await startTestCore();
    await core.admin.call(createProject, { body: { project_name: 'secret-team' } });
  });
  afterAll(() => core.stop());

  const scrape = (credentials?: { name: string; password: string }) =>
    fetch(`${core.url}/metrics`, { headers: authorization(credentials) });
  const valueOf = (text: string, series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1) ?? Number.NaN,
    );

  it('S47 are for administrators and robots that hold the permission', async () => {
    await core.createUser('plain');
    const robot = async (name: string, access: { resource: string; action: string }[]) =>
      (
        await core.admin.call(createRobot, {
          body: {
            name,
            level: 'system',
            duration: -1,
            permissions: [{ kind: 'system', namespace: '/', access }],
          },
        })
      ).data;
    const scraper = await robot('prometheus', [{ resource: 'metrics', action: 'read' }]);
    const other = await robot('other', [{ resource: 'audit-log', action: 'list' }]);
    const statuses = [];
    for (const credentials of [
      undefined,
      { name: 'plain', password: USER_PASSWORD },
      { name: other.name as string, password: other.secret as string },
      { name: scraper.name as string, password: scraper.secret as string },
      ADMIN,
    ]) {
      statuses.push((await scrape(credentials)).status);
    }
    expect(statuses).toEqual([401, 403, 403, 200, 200]);
  });

  it('tell of requests, bytes, connections, backlog and the process, in the format Prometheus reads', async () => {
    const before = await (await scrape(ADMIN)).text();
    await pushImage(core, ADMIN, 'secret-team/app', 'v1', 'x'.repeat(100_000));
    await fetch(`${core.url}/livez`);
    await core.database.query("insert into outbox_consumers (name) values ('sleeping')");
    const response = await scrape(ADMIN);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((line) => !LINE.test(line)),
    ).toEqual([]);
    const puts = 'moorage_http_requests_total{door="registry",method="PUT",status="201"}';
    expect(valueOf(text, puts)).toBe(1);
    expect(valueOf(text, 'moorage_http_request_duration_seconds_count{door="registry",method="PUT"}')).toBe(1);
    const received = 'moorage_http_received_bytes_total{door="registry"}';
    expect(valueOf(text, received) - (valueOf(before, received) || 0)).toBeGreaterThan(100_000);
    expect(valueOf(text, 'moorage_outbox_events{consumer="sleeping"}')).toBeGreaterThan(0);
    expect(valueOf(text, 'moorage_database_connections{state="idle"}')).toBeGreaterThan(0);
    expect(valueOf(text, 'moorage_storage_damaged_blobs')).toBe(0);
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(text).toContain('nodejs_eventloop_delay_seconds{quantile="0.99"}');
    // Names of projects, people and paths are nobody's business here.
    expect(text).not.toMatch(/secret-team|admin|library/);
  });
});
