import { sqlMigration } from './sql-migration.ts';

export const CreateCredentials = sqlMigration(1763715600014, 'CreateCredentials', {
  up: `
    -- When somebody else set the password: personal tokens made before then are void.
    alter table users add column credentials_reset_at timestamptz;

    create table personal_tokens (
      id int generated always as identity primary key,
      user_id int not null references users on delete cascade,
      name text not null,
      description text not null default '',
      -- SHA-256 of a random text of 256 bits, which is never stored.
      token_hash bytea not null unique,
      -- False: whatever the user may do. True: only what its grants name.
      is_narrowed boolean not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      last_used_at timestamptz,
      last_used_address text,
      unique (user_id, name)
    );
    create table personal_token_grants (
      id bigint generated always as identity primary key,
      token_id int not null references personal_tokens on delete cascade,
      kind text not null check (kind in ('system', 'project')),
      -- Null with kind project: every project, also future ones.
      project_id int references projects on delete cascade,
      access jsonb not null,
      check (kind = 'project' or project_id is null)
    );
    create index personal_token_grants_token on personal_token_grants (token_id);
    create index personal_token_grants_project on personal_token_grants (project_id);

    create table second_factors (
      id int generated always as identity primary key,
      user_id int not null references users on delete cascade,
      kind text not null check (kind in ('totp', 'passkey')),
      name text not null,
      -- One-time passwords: the shared secret under the instance key, and the last time step that was taken.
      sealed_secret bytea,
      last_step bigint not null default 0,
      -- Passkeys.
      credential_id bytea unique,
      public_key bytea,
      sign_count bigint not null default 0,
      transports text[] not null default '{}',
      created_at timestamptz not null,
      -- Null: begun, not yet proven.
      confirmed_at timestamptz,
      last_used_at timestamptz,
      check (kind <> 'totp' or sealed_secret is not null),
      check (kind <> 'passkey' or (credential_id is not null and public_key is not null))
    );
    create index second_factors_user on second_factors (user_id);
    create unique index second_factors_totp on second_factors (user_id) where kind = 'totp';
    create table recovery_codes (
      user_id int not null references users on delete cascade,
      -- HMAC-SHA-256 under the instance key.
      code_hash bytea not null,
      used_at timestamptz,
      primary key (user_id, code_hash)
    );
    -- Between the password and the second factor, and challenges of passkeys being added.
    create table pending_logins (
      token_hash bytea primary key,
      user_id int not null references users on delete cascade,
      credential_version int not null,
      purpose text not null check (purpose in ('sign-in', 'add-passkey')),
      challenge text,
      attempts int not null default 0,
      created_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index pending_logins_expiry on pending_logins (expires_at);

    alter table robots
      -- CIDR blocks it may be used from; empty: from anywhere.
      add column allowed_addresses text[] not null default '{}',
      -- The expiry that was last announced.
      add column reminded_of timestamptz;
    create index robots_expiry on robots (expires_at) where expires_at is not null and not is_disabled;
    create table robot_permission_uses (
      robot_id int not null references robots on delete cascade,
      -- 0: at system level.
      project_id int not null,
      permission text not null,
      last_used_at timestamptz not null,
      primary key (robot_id, project_id, permission)
    );
  `,
  down: `
    drop table robot_permission_uses;
    drop index robots_expiry;
    alter table robots drop column reminded_of, drop column allowed_addresses;
    drop table pending_logins, recovery_codes, second_factors, personal_token_grants, personal_tokens;
    alter table users drop column credentials_reset_at;
  `,
});
