import { sqlMigration } from './sql-migration.ts';

export const CreateIdentity = sqlMigration(1763715600002, 'CreateIdentity', {
  up: `
    -- One row: a value sealed under the instance key, so that a wrong key is told at start.
    create table instance_keys (
      id text primary key,
      sealed_check bytea not null,
      created_at timestamptz not null default now()
    );

    create table users (
      id int generated always as identity primary key,
      username text not null,
      email text not null default '',
      realname text not null default '',
      comment text not null default '',
      password_hash text,
      is_sysadmin boolean not null default false,
      is_disabled boolean not null default false,
      must_change_password boolean not null default false,
      -- Raised by everything that must end tokens and cached credentials: password, role, disabling.
      credential_version int not null default 1,
      last_login_at timestamptz,
      deleted_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index users_username on users (lower(username)) where deleted_at is null;
    create unique index users_email on users (lower(email)) where deleted_at is null and email <> '';

    create table sessions (
      -- SHA-256 of the cookie's value; the value itself is never stored.
      token_hash bytea primary key,
      id uuid not null unique default gen_random_uuid(),
      user_id int not null references users on delete cascade,
      -- The user's when the session began; a session of an older version is over.
      credential_version int not null,
      client_address text not null,
      user_agent text not null,
      created_at timestamptz not null default now(),
      authenticated_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index sessions_user on sessions (user_id);
    create index sessions_expiry on sessions (expires_at);

    -- Times of recent attempts by key (a hash of name and address, or of the address), shared by all processes.
    create unlogged table login_attempts (
      key bytea primary key,
      attempted_at timestamptz[] not null,
      updated_at timestamptz not null
    );
    create index login_attempts_age on login_attempts (updated_at);

    create table signing_keys (
      kid text primary key,
      -- AES-256-GCM under the instance key, bound to table, column and kid. The public half follows from it.
      private_key bytea not null,
      created_at timestamptz not null default now(),
      -- Signs from here on; published before, so that every process knows it first.
      active_from timestamptz not null,
      -- Verifies no more from here on.
      retired_at timestamptz
    );
    create table refresh_tokens (
      token_hash bytea primary key,
      family uuid not null,
      user_id int not null references users on delete cascade,
      credential_version int not null,
      service text not null,
      client_id text not null,
      created_at timestamptz not null,
      -- The same for the whole family: using a token does not prolong what it came from.
      expires_at timestamptz not null,
      used_at timestamptz,
      -- Set on all of a family when one of its used tokens came again.
      revoked_at timestamptz
    );
    create index refresh_tokens_family on refresh_tokens (family);
    create index refresh_tokens_expiry on refresh_tokens (expires_at);

    create table projects (
      id int generated always as identity primary key,
      name text collate "C" not null,
      owner_id int not null references users,
      is_public boolean not null default false,
      metadata jsonb not null default '{}',
      cve_allowlist jsonb not null default '{"items": []}',
      registry_id bigint,
      deleted_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index projects_name on projects (name) where deleted_at is null;
    create index projects_newest on projects (created_at desc, id desc) where deleted_at is null;
    create table project_members (
      id int generated always as identity primary key,
      project_id int not null references projects on delete cascade,
      entity_type char(1) not null check (entity_type in ('u', 'g')),
      entity_id int not null,
      role_id int not null check (role_id between 1 and 5),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (project_id, entity_type, entity_id)
    );
    create index project_members_entity on project_members (entity_type, entity_id, project_id);

    create table robots (
      id int generated always as identity primary key,
      -- Null: a system robot.
      project_id int references projects on delete cascade,
      -- Without prefix and project, as the creator wrote it.
      name text not null,
      description text not null default '',
      -- HMAC-SHA-256 under the instance key: secrets are random, so no slow hash is needed.
      secret_hash bytea not null,
      previous_secret_hash bytea,
      previous_secret_until timestamptz,
      duration_days int not null,
      expires_at timestamptz,
      is_disabled boolean not null default false,
      is_visible boolean not null default true,
      creator_type text not null,
      creator_id int not null,
      credential_version int not null default 1,
      last_used_at timestamptz,
      last_used_address text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index robots_project_name on robots (project_id, name) where project_id is not null;
    create unique index robots_system_name on robots (name) where project_id is null;
    create table robot_grants (
      id bigint generated always as identity primary key,
      robot_id int not null references robots on delete cascade,
      kind text not null check (kind in ('system', 'project')),
      -- Null with kind project: every project, also future ones.
      project_id int references projects on delete cascade,
      access jsonb not null,
      check (kind = 'project' or project_id is null)
    );
    create index robot_grants_robot on robot_grants (robot_id);
    create index robot_grants_project on robot_grants (project_id);

    create table quotas (
      id int generated always as identity primary key,
      project_id int not null unique references projects on delete cascade,
      -- -1: unlimited.
      hard_bytes bigint not null default -1,
      used_bytes bigint not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    -- Changes of usage, folded into quotas.used_bytes later: pushes never queue for one row.
    create table quota_ledger (
      project_id int not null,
      bytes bigint not null
    );
    create index quota_ledger_project on quota_ledger (project_id);
  `,
  down: 'drop table quota_ledger, quotas, robot_grants, robots, project_members, projects, refresh_tokens, signing_keys, login_attempts, sessions, users, instance_keys',
});
