import { sqlMigration } from './sql-migration.ts';

export const CreateFederation = sqlMigration(1763715600021, 'CreateFederation', {
  up: `
    create table federation_rules (
      id int generated always as identity primary key,
      -- Null: of the whole registry.
      project_id int references projects on delete cascade,
      name text not null,
      description text not null,
      is_disabled boolean not null,
      issuer text not null,
      audience text not null,
      conditions jsonb not null,
      -- What a token must say one of for the rule to be worth reading; empty: nothing in particular.
      anchors text[] not null,
      keys text not null,
      ca_certificate text not null,
      token_minutes int not null,
      trust_version int not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      last_used_at timestamptz,
      last_used_by text,
      unique nulls not distinct (project_id, name)
    );
    create index federation_rules_issuer on federation_rules (issuer) where anchors = '{}';
    create index federation_rules_anchors on federation_rules using gin (anchors);
    create table federation_grants (
      id int generated always as identity primary key,
      rule_id int not null references federation_rules on delete cascade,
      kind text not null check (kind in ('system', 'project')),
      -- Null with kind project: every project.
      project_id int references projects on delete cascade,
      access jsonb not null
    );
    create index federation_grants_rule on federation_grants (rule_id);
    create index federation_grants_project on federation_grants (project_id);
    -- Jobs that proved themselves, one row a token.
    create table federation_visits (
      id int generated always as identity primary key,
      token_hash bytea not null unique,
      issuer text not null,
      subject text not null,
      claims jsonb not null,
      -- [{id, version}] of the rules that were fulfilled.
      rules jsonb not null,
      token_seconds int not null,
      address text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index federation_visits_expiry on federation_visits (expires_at);
  `,
  down: 'drop table federation_visits, federation_grants, federation_rules;',
});
