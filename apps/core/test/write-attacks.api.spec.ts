import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, callApi } from './support/api.ts';
import { type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';

/** What no field of a body should make the server stumble over: SQL, patterns, paths, other types, odd texts, large numbers. */
const PAYLOADS: readonly unknown[] = [
  "'",
  "'; drop table users; --",
  "' or '1'='1",
  '\\',
  '%',
  '_',
  '\u0000',
  '\ud800',
  '\u202e',
  'x'.repeat(5_000),
  '../../etc/passwd',
  '${7*7}',
  '{{7*7}}',
  '$1',
  '1e309',
  'null',
  '',
  ' ',
  -1,
  0,
  1.5,
  2_147_483_648,
  9_007_199_254_740_991,
  -9_007_199_254_740_991,
  1e308,
  true,
  null,
  [],
  [[[]]],
  ["'"],
  [null],
  [{}],
  {},
  { toString: "'" },
  { constructor: { prototype: {} } },
  { $gt: '' },
  { id: "1' or '1'='1" },
  Array.from({ length: 300 }, (_, index) => index),
];

describe('S98 S100 bodies of changes', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  it('S100 ids that no row can have are a mistake of the caller', async () => {
    const tries: [string, string, unknown][] = [
      ['POST', '/projects/priva/members', { role_id: 3, member_user: { user_id: 2_147_483_648 } }],
      ['POST', '/projects/priva/members', { role_id: 3, member_group: { id: 2_147_483_648 } }],
      ['POST', '/projects/priva/repositories/app/artifacts/v1/labels', { id: 2_147_483_648 }],
      ['DELETE', '/projects/priva/members/2147483648', undefined],
      ['GET', '/users/2147483648', undefined],
      ['GET', '/robots/2147483648', undefined],
      ['GET', '/quotas/2147483648', undefined],
      ['GET', '/projects/2147483648', undefined],
      ['GET', '/users?q=user_id=2147483648', undefined],
      ['GET', '/projects?q=project_id=[2147483648~9007199254740993]', undefined],
      ['GET', '/projects/priva/repositories/app/artifacts?q=id=99999999999999999999', undefined],
      ['GET', '/projects?page=9007199254740993', undefined],
      ['GET', '/projects?page=92233720368547758&page_size=100', undefined],
    ];
    const statuses = [];
    for (const [method, path, body] of tries) {
      const { status } = await callApi(core, scene.admin.credentials, method, path, body);
      if (status >= 500) statuses.push(`${method} ${path}: ${status}`);
    }
    expect(statuses).toEqual([]);
  });

  it('S98 S100 S108 no field of any body makes the server fail', async () => {
    const failed: string[] = [];
    let sent = 0;
    const send = async (endpoint: Endpoint, body: unknown): Promise<void> => {
      sent++;
      // Ids of nobody: what gets through changes nothing that is there.
      const path = addressOf(endpoint, { project_name_or_id: 'privb', project_name: 'privb' }).slice(
        '/api/v2.0'.length,
      );
      const { status, text } = await callApi(core, scene.admin.credentials, endpoint.method, path, body);
      // What another server answered, or that there is none, is told with 502.
      if (status >= 500 && !text.includes('EGRESS_FAILED'))
        failed.push(`${endpoint.id} ${JSON.stringify(body)?.slice(0, 200)}: ${status} ${text.slice(0, 80)}`);
    };
    for (const endpoint of changes()) {
      const keys = fieldsOf(endpoint);
      for (const payload of PAYLOADS) {
        await Promise.all([send(endpoint, payload), ...keys.map((key) => send(endpoint, { [key]: payload }))]);
        await send(endpoint, Object.fromEntries(keys.map((key) => [key, payload])));
      }
    }
    expect(failed).toEqual([]);
    expect(sent).toBeGreaterThan(5_000);
    // Somebody else: the bodies above hold passwords too, and wrong ones count against the name that sends them.
    const alive = await callApi(core, scene.members.developer.credentials, 'GET', '/users/current');
    expect(alive.status).toBe(200);
  }, 300_000);
});

/** Endpoints that take JSON; not the settings, whose values would change what the other calls meet, nor the own account. */
function changes(): Endpoint[] {
  return ENDPOINTS.filter(
    (endpoint) =>
      endpoint.body !== undefined &&
      endpoint.base !== '' &&
      !endpoint.raw &&
      endpoint.tag !== 'configure' &&
      !['updateConfigurations', 'updateUserPassword', 'updateUserProfile', 'setUserSysAdmin'].includes(endpoint.id),
  );
}

function fieldsOf(endpoint: Endpoint): string[] {
  const shape = (endpoint.body as { shape?: object } | undefined)?.shape;
  return shape ? Object.keys(shape) : [];
}
