import { sqlMigration } from './sql-migration.ts';

export const CreateEgress = sqlMigration(1763715600013, 'CreateEgress', {
  up: `
    -- Outgoing connections that were refused, counted by destination and reason.
    create table egress_refusals (
      id bigint generated always as identity primary key,
      purpose text not null,
      host text not null,
      port int not null,
      address text not null,
      reason text not null,
      hits bigint not null default 1,
      first_at timestamptz not null default now(),
      last_at timestamptz not null default now(),
      unique (purpose, host, port, address, reason)
    );
    create index egress_refusals_last on egress_refusals (last_at desc, id desc);
  `,
  down: 'drop table egress_refusals;',
});
