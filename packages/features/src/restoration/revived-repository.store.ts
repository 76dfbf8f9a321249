/**
 * Makes the row of a deleted repository again: $1 id, $2 project, $3 name, $4 its details. Under its id, with which its
 * history and its pulls are kept; not when somebody has the id or the name.
 */
export const REVIVE = `insert into repositories (id, project_id, name, description, pull_count, created_at, first_pushed_at, last_pushed_at)
  overriding system value
  select $1, p.id, $3, coalesce($4::jsonb ->> 'description', ''), coalesce(($4::jsonb ->> 'pull_count')::bigint, 0),
    coalesce(($4::jsonb ->> 'created_at')::timestamptz, now()), coalesce(($4::jsonb ->> 'first_pushed_at')::timestamptz, now()),
    ($4::jsonb ->> 'last_pushed_at')::timestamptz
  from projects p where p.id = $2 and p.deleted_at is null
  on conflict do nothing`;
