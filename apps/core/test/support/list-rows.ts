import type { Database } from '@moorage/database';

/** More than a page of 100, so that a page of 1 and one of 100 both have to be counted. */
const ROWS = 130;

/** Work of one kind, with tasks of its last run. */
const runs = (vendor: string, id: string, job: string, facts: object = {}) => [
  `insert into executions (vendor_type, vendor_id, project_id, status, trigger, ended_at, extra_attrs)
   select '${vendor}', ${id}, p.id, 'Success', 'Manual', now(), '${JSON.stringify(facts)}' from projects p, generate_series(1, ${ROWS}) where p.name = 'priva'`,
  `insert into tasks (execution_id, job, status, ended_at)
   select (select max(id) from executions where vendor_type = '${vendor}'), '${job}', 'Success', now() from generate_series(1, ${ROWS})`,
];

const REPOSITORY = `(select id from repositories where name = 'priva/app')`;
const POLICY = `(select id from retention_policies where project_id = (select id from projects where name = 'priva'))`;

/** Rows for every list of the API, in the scene's project `priva`, of the first administrator, or of the installation. */
const SEEDS = [
  `insert into users (username, email, realname) select 'seed-' || n, 'seed-' || n || '@example.com', 'S' from generate_series(1, ${ROWS}) n`,
  `insert into projects (name, owner_id) select 'seed-' || n, 1 from generate_series(1, ${ROWS}) n`,
  `insert into quotas (project_id) select id from projects where name like 'seed-%'`,
  `insert into user_groups (group_name, group_type, group_key) select 'seed-' || n, 3, 'seed-' || n from generate_series(1, ${ROWS}) n`,
  `insert into user_group_members (group_id, user_id)
   select g.id, u.id from user_groups g, users u where u.id = 1 or (g.group_name = 'seed-1' and u.username like 'seed-%')`,
  `insert into project_members (project_id, entity_type, entity_id, role_id)
   select p.id, 'g', g.id, 3 from user_groups g, projects p where g.group_name = 'seed-1' and p.name like 'seed-%'
   union all select p.id, 'u', u.id, 3 from projects p, users u where p.name = 'priva' and u.username like 'seed-%'`,
  `insert into identity_sources (uid, kind, name, settings, is_enabled)
   select gen_random_uuid(), 'ldap', 'seed-' || n, '{}', false from generate_series(1, ${ROWS}) n`,
  `insert into labels (project_id, name) select case when n % 2 = 0 then p.id end, 'seed-' || n from projects p, generate_series(1, ${2 * ROWS}) n where p.name = 'priva'`,
  `insert into robots (name, secret_hash, duration_days, creator_type, creator_id)
   select 'seed-' || n, 'none', -1, 'local', 1 from generate_series(1, ${ROWS}) n`,
  `insert into robot_grants (robot_id, kind, access) select id, 'system', '[]' from robots where name like 'seed-%'`,
  `insert into federation_rules (project_id, name, description, is_disabled, issuer, audience, conditions, anchors, keys,
     ca_certificate, token_minutes)
   select case when n % 2 = 0 then p.id end, 'seed-' || n, '', false, 'https://issuer.example', 'moorage', '[]', '{}', '', '', 5
   from projects p, generate_series(1, ${2 * ROWS}) n where p.name = 'priva'`,
  `insert into personal_tokens (user_id, name, token_hash, is_narrowed, created_at)
   select 1, 'seed-' || n, sha256(n::text::bytea), false, now() from generate_series(1, ${ROWS}) n`,
  `insert into sessions (token_hash, user_id, credential_version, client_address, user_agent, expires_at)
   select sha256(n::text::bytea), u.id, u.credential_version, '127.0.0.1', 'test', now() + interval '1 hour'
   from users u, generate_series(1, ${ROWS}) n where u.id = 1`,
  `insert into repositories (project_id, name, first_pushed_at) select p.id, 'priva/seed-' || n, now() from projects p, generate_series(1, ${ROWS}) n where p.name = 'priva'`,
  `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
   select r.id, r.project_id, '\\x12'::bytea || sha256(n::text::bytea), 'application/vnd.oci.image.manifest.v1+json', '\\x7b7d',
     'image', 'IMAGE', n, 'ada', now() + n * interval '1 second'
   from repositories r, generate_series(1, ${ROWS}) n where r.name = 'priva/app'`,
  `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
   select m.repository_id, m.project_id, 'seed-' || n, m.id, m.digest, 'ada'
   from tags t join manifests m on m.id = t.manifest_id, generate_series(1, ${ROWS}) n
   where t.repository_id = ${REPOSITORY} and t.name = 'v1'`,
  `insert into tag_moves (project_id, repository_id, tag, new_digest, operation, moved_by)
   select t.project_id, t.repository_id, t.name, t.digest, 'push', 'ada' from tags t, generate_series(1, ${ROWS}) n
   where t.repository_id = ${REPOSITORY} and t.name = 'v1'`,
  `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by,
     subject_digest, accessory_of, accessory_type)
   select t.repository_id, t.project_id, '\\x12'::bytea || sha256(('a' || n)::bytea), 'm', '\\x7b7d', 'image', 'SBOM', n, 'ada',
     t.digest, t.digest, 'subject.accessory'
   from tags t, generate_series(1, ${ROWS}) n where t.repository_id = ${REPOSITORY} and t.name = 'v1'`,
  `update repositories r set tag_count = (select count(*) from tags where repository_id = r.id),
     artifact_count = (select count(*) from manifests where repository_id = r.id)`,
  `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by)
   select t.project_id, t.manifest_id, 'legal-hold', 'test', 'ada' from tags t, generate_series(1, ${ROWS}) n
   where t.repository_id = ${REPOSITORY} and t.name = 'v1'`,
  `with made as (
     insert into immutable_tag_rules (project_id) select p.id from projects p, generate_series(1, ${ROWS}) where p.name = 'priva'
     returning id
   ) insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
     select id, position, scope, true, 'release-*', '^release-[^/]*$' from made, (values (0, 'repository'), (1, 'tag')) s (position, scope)`,
  `with blob as (
     insert into blobs (digest, size) select '\\x12'::bytea || sha256(('blob' || n)::bytea), n from generate_series(1, ${ROWS}) n
     returning digest, size
   ), charged as (
     insert into project_blobs (project_id, digest, size, links)
     select r.project_id, b.digest, b.size, 1 from blob b, repositories r where r.name = 'priva/app'
   ) insert into repository_blobs (repository_id, digest, project_id, size)
     select r.id, b.digest, r.project_id, b.size from blob b, repositories r where r.name = 'priva/app'`,
  `insert into storage_findings (problem, digest, size, state, detail)
   select 'missing-object', digest, size, 'found', '' from blobs`,
  `insert into trash_items (project_id, kind, repository, title, digest, deleted_by, expires_at)
   select p.id, 'tag', 'priva/app', 'seed-' || n, '\\x12'::bytea || sha256('gone'), 'ada', now() + interval '7 days'
   from projects p, generate_series(1, ${ROWS}) n where p.name = 'priva'`,
  `insert into trash_items (project_id, kind, title, deleted_by, expires_at)
   select id, 'project', name, 'ada', now() + interval '7 days' from projects where name like 'seed-%'`,
  `insert into audit_logs (event_id, op_time, project_id, actor_kind, username, credential_kind, client_address, user_agent,
     request_id, resource_type, resource, operation, operation_description, operation_result, status)
   select -n, now(), p.id, 'user', 'ada', 'password', '', '', '', 'project', 'priva', 'update', '', true, 200
   from projects p, generate_series(1, ${ROWS}) n where p.name = 'priva'`,
  `insert into egress_refusals (purpose, host, port, address, reason)
   select 'webhook', 'host-' || n, 80, '127.0.0.1', 'loopback' from generate_series(1, ${ROWS}) n`,
  ...runs('GARBAGE_COLLECTION', '0', 'garbage.collect'),
  `insert into retention_policies (project_id, unit, rules) select id, 'tag', '[]' from projects where name = 'priva'`,
  `update projects set metadata = metadata || jsonb_build_object('retention_id', ${POLICY}::text) where name = 'priva'`,
  ...runs('RETENTION', POLICY, 'retention.run-repository'),
  ...runs('REMOVAL', REPOSITORY, 'removal.remove-selected', { mode: 'delete', total: 1, repository: 'priva/app' }),
  `insert into removal_items (execution_id, item, tag, reason)
   select e.id, n, 'seed-' || n, 'held' from generate_series(1, ${ROWS}) n,
     (select max(id) as id from executions where vendor_type = 'REMOVAL') e`,
  `insert into schedules (name, vendor_type, vendor_id, cron) select 'seed-' || n, 'SEED', n, '0 0 0 1 1 *' from generate_series(1, ${ROWS}) n`,
];

/** What stands for `{…}` in the addresses of lists, as SQL. */
const PLACES = {
  user_id: '1',
  group_id: `(select id from user_groups where group_name = 'seed-1')`,
  execution_id: `(select max(id) from executions where vendor_type = 'GARBAGE_COLLECTION')`,
  id: POLICY,
  eid: `(select max(id) from executions where vendor_type = 'RETENTION')`,
  run_id: `(select max(id) from executions where vendor_type = 'RETENTION')`,
  removal_id: `(select max(id) from executions where vendor_type = 'REMOVAL')`,
};

/** Fills every list of the API with more than a page, and says what their addresses need. */
export async function fillLists(database: Database): Promise<Readonly<Record<string, string>>> {
  for (const seed of SEEDS) await database.query(seed);
  const values: Record<string, string> = {};
  for (const [name, expression] of Object.entries(PLACES)) {
    const [row] = await database.query<{ value: string }>(`select ${expression}::text as value`);
    values[name] = row?.value ?? '';
  }
  return values;
}
