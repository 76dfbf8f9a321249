import { sqlMigration } from './sql-migration.ts';

export const CreateGroups = sqlMigration(1763715600011, 'CreateGroups', {
  up: `
    create table user_groups (
      id int generated always as identity primary key,
      group_name text not null,
      -- 1 LDAP, 2 HTTP auth proxy, 3 OIDC, 4 managed here.
      group_type int not null check (group_type between 1 and 4),
      ldap_group_dn text not null default '',
      -- What makes two groups the same: the normalised DN of type 1, else the name.
      group_key text collate "C" not null,
      -- The identity source that names it; null for the first of its kind, and for managed groups.
      source_id int,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index user_groups_key on user_groups (group_type, coalesce(source_id, 0), group_key);
    create index user_groups_name on user_groups (group_name, id);
    create table user_group_members (
      group_id int not null references user_groups on delete cascade,
      user_id int not null references users on delete cascade,
      -- Null in managed groups.
      source_id int,
      created_at timestamptz not null default now(),
      -- When the source last said so.
      refreshed_at timestamptz,
      primary key (user_id, group_id)
    );
    create index user_group_members_group on user_group_members (group_id, user_id);
  `,
  down: 'drop table user_group_members, user_groups',
});
