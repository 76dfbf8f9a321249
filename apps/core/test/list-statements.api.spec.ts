import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { Database, type Statement } from '@moorage/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressOf } from './support/api.ts';
import { authorization } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';

/** More than a page of 100, so that a page of 1 and one of 100 both have to be counted. */
const ROWS = 130;

/** Lists whose rows tests cannot make by SQL, or that belong to a server outside. */
const WITHOUT_ROWS = new Set([
  'searchLdapUser',
  'searchLdapGroup',
  'importLdapUser',
  'searchDirectoryUsers',
  'searchDirectoryGroups',
]);

let core: TestCore;
let scene: Scene;
let sent: string[] = [];
const original = { query: Database.prototype['query'], run: Database.prototype['run'] };

/** What every process of the product asks by itself, whoever calls. */
const BACKGROUND = /outbox|listen|heartbeat|advisory|settings|pull_records|execution|set_config/i;

/** Rows in every table a list shows, by sets: users to audit rows, all in the project `priva`. */
const SEEDS = [
  `insert into users (username, email, realname) select 'seed-' || n, 'seed-' || n || '@example.com', 'S' from generate_series(1, ${ROWS}) n`,
  `insert into projects (name, owner_id) select 'seed-' || n, 1 from generate_series(1, ${ROWS}) n`,
  `insert into user_groups (group_name, group_type, group_key) select 'seed-' || n, 3, 'seed-' || n from generate_series(1, ${ROWS}) n`,
  `insert into labels (project_id, name) select case when n % 2 = 0 then p.id end, 'seed-' || n from projects p, generate_series(1, ${2 * ROWS}) n where p.name = 'priva'`,
  `insert into repositories (project_id, name, first_pushed_at) select p.id, 'priva/seed-' || n, now() from projects p, generate_series(1, ${ROWS}) n where p.name = 'priva'`,
  `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
   select r.id, r.project_id, '\\x12'::bytea || sha256(n::text::bytea), 'application/vnd.oci.image.manifest.v1+json', '\\x7b7d',
     'image', 'IMAGE', n, 'ada', now() + n * interval '1 second'
   from repositories r, generate_series(1, ${ROWS}) n where r.name = 'priva/app'`,
  `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
   select m.repository_id, m.project_id, 'seed-' || n, m.id, m.digest, 'ada'
   from tags t join manifests m on m.id = t.manifest_id join repositories r on r.id = t.repository_id,
     generate_series(1, ${ROWS}) n where r.name = 'priva/app' and t.name = 'v1'`,
  `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by,
     subject_digest, accessory_of, accessory_type)
   select t.repository_id, t.project_id, '\\x12'::bytea || sha256(('a' || n)::bytea), 'm', '\\x7b7d', 'image', 'SBOM', n, 'ada',
     t.digest, t.digest, 'subject.accessory'
   from tags t join repositories r on r.id = t.repository_id, generate_series(1, ${ROWS}) n
   where r.name = 'priva/app' and t.name = 'v1'`,
  `update repositories r set tag_count = (select count(*) from tags where repository_id = r.id),
     artifact_count = (select count(*) from manifests where repository_id = r.id)`,
];

/** How many statements one call needs: the least of three, as the process asks things by itself meanwhile. */
async function statementsOf(endpoint: Endpoint, pageSize: number): Promise<{ count: number; rows: number }> {
  const values = { reference: 'v1', tag_name: 'v1', username: 'seed', groupname: 'seed' };
  const needed = endpoint.id.startsWith('search') ? '&username=seed&groupname=seed' : '';
  const path = `${addressOf(endpoint, values)}?page_size=${pageSize}`;
  let least = Number.POSITIVE_INFINITY;
  let rows = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    sent = [];
    let answer = await fetch(core.url + path, { headers: authorization(scene.admin.credentials) });
    if (answer.status === 400 && needed !== '') {
      const key = endpoint.id === 'searchUsers' ? 'username' : 'groupname';
      answer = await fetch(`${core.url}${path}&${key}=seed`, { headers: authorization(scene.admin.credentials) });
    }
    const body: unknown = answer.ok ? await answer.json() : await answer.text();
    if (!answer.ok) return { count: -answer.status, rows: 0 };
    rows = Array.isArray(body) ? body.length : 0;
    least = Math.min(least, sent.filter((text) => !BACKGROUND.test(text)).length);
  }
  return { count: least, rows };
}

describe('every list of the API', () => {
  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    for (const seed of SEEDS) await core.database.query(seed);
    Database.prototype.query = function (this: Database, text: string, values?: readonly unknown[]) {
      sent.push(text);
      return original.query.call(this, text, values) as never;
    };
    Database.prototype.run = function (this: Database, statement: Statement) {
      sent.push(statement.text);
      return original.run.call(this, statement) as never;
    };
  });
  afterAll(async () => {
    Object.assign(Database.prototype, original);
    await core.stop();
  });
  beforeEach(() => {
    sent = [];
  });

  const lists = ENDPOINTS.filter(({ list, id }) => list && !WITHOUT_ROWS.has(id));

  it('asks the database as often for a page of 100 as for a page of 1', async () => {
    const different: string[] = [];
    const seeded: string[] = [];
    for (const endpoint of lists) {
      const one = await statementsOf(endpoint, 1);
      const hundred = await statementsOf(endpoint, 100);
      // A last page is not counted: one statement less.
      const isSame = hundred.rows === 100 ? hundred.count === one.count : hundred.count <= one.count;
      if (one.count >= 0 && !isSame)
        different.push(`${endpoint.id}: ${one.count} for 1, ${hundred.count} for ${hundred.rows}`);
      if (hundred.rows === 100) seeded.push(endpoint.id);
    }
    expect(different).toEqual([]);
    // So that an empty list does not pass for a good one.
    expect(seeded).toEqual(
      expect.arrayContaining([
        'listUsers',
        'listProjects',
        'listUserGroups',
        'listLabels',
        'listAllRepositories',
        'listRepositories',
        'listArtifacts',
        'listArtifactsOfProject',
        'listTags',
        'listRepositoryTags',
        'listRepositoryTagHistory',
        'listAccessories',
        'listReferrers',
        'searchArtifacts',
      ]),
    );
  });
});
