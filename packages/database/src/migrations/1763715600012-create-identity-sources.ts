import { sqlMigration } from './sql-migration.ts';

export const CreateIdentitySources = sqlMigration(1763715600012, 'CreateIdentitySources', {
  up: `
    create table identity_sources (
      id int generated always as identity primary key,
      -- Binds the sealed secrets to this row.
      uid uuid not null unique,
      kind text not null check (kind in ('oidc', 'ldap', 'auth_proxy')),
      name text not null,
      settings jsonb not null,
      -- JSON object of the secret settings, sealed under the instance key.
      sealed_secrets bytea,
      is_enabled boolean not null,
      position int not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index identity_sources_name on identity_sources (lower(name));
    -- Two sources with one issuer would share their accounts.
    create unique index identity_sources_issuer on identity_sources ((settings ->> 'endpoint'))
      where kind = 'oidc' and settings ->> 'endpoint' <> '';

    alter table users
      -- Administrator by a group of the source; ends when the source no longer says so.
      add column is_sysadmin_by_source boolean not null default false,
      -- The source no longer vouches for the account: nothing of it works until its owner signs in there again.
      add column lapsed_at timestamptz;

    create table user_identities (
      id int generated always as identity primary key,
      uid uuid not null unique,
      user_id int not null unique references users on delete cascade,
      source_id int references identity_sources on delete set null,
      issuer text not null,
      subject text not null,
      -- What the source said last: name, address, groups.
      profile jsonb not null,
      -- Refresh token, sealed under the instance key; null when the source gave none.
      sealed_refresh_token bytea,
      confirmed_at timestamptz not null,
      -- When somebody last set out to ask the source again.
      attempted_at timestamptz not null,
      last_used_at timestamptz not null,
      -- HMAC-SHA-256 under the instance key; the secret itself is shown once.
      cli_secret_hash bytea,
      cli_secret_set_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (issuer, subject)
    );
    create index user_identities_source on user_identities (source_id);
    create index user_identities_due on user_identities (confirmed_at) where sealed_refresh_token is not null;

    -- Sign-ins that went out to a provider and have not come back, or wait for a name to be chosen.
    create table login_transactions (
      id uuid primary key,
      -- SHA-256 of the state parameter.
      state_hash bytea not null unique,
      -- SHA-256 of the cookie of the browser that set out.
      browser_hash bytea not null,
      purpose text not null check (purpose in ('login', 'test', 'onboard')),
      source_id int references identity_sources on delete cascade,
      -- The administrator who tries settings.
      user_id int references users on delete cascade,
      -- JSON: nonce, code verifier, unsaved settings, the proof that waits for a name. Sealed under the instance key.
      sealed bytea not null,
      return_to text not null,
      result jsonb,
      expires_at timestamptz not null,
      used_at timestamptz,
      created_at timestamptz not null default now()
    );
    create index login_transactions_expiry on login_transactions (expires_at);

    -- What the provider calls a session of ours.
    create table source_sessions (
      session_id uuid primary key references sessions (id) on delete cascade,
      identity_id int not null references user_identities on delete cascade,
      sid text,
      -- ID token, for signing out at the provider; sealed under the instance key.
      sealed_id_token bytea
    );
    create index source_sessions_identity on source_sessions (identity_id);

    -- Logout tokens that were used: each counts once.
    create table used_logout_tokens (
      token_hash bytea primary key,
      expires_at timestamptz not null
    );
  `,
  down: `
    drop table used_logout_tokens, source_sessions, login_transactions, user_identities, identity_sources;
    alter table users drop column lapsed_at, drop column is_sysadmin_by_source;
  `,
});
