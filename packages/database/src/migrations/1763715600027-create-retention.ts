import { sqlMigration } from './sql-migration.ts';

export const CreateRetention = sqlMigration(1763715600027, 'CreateRetention', {
  up: `
    create table retention_policies (
      id int generated always as identity primary key,
      project_id int not null unique references projects on delete cascade,
      -- Whether a tag that stays keeps its artifact with all tags, or each tag is decided by itself.
      unit text not null check (unit in ('artifact', 'tag')),
      -- As the API gives them, each with its id; read and written as a whole.
      rules jsonb not null,
      -- Six fields; empty: by hand only. The schedule itself is a row in schedules.
      cron text not null default '',
      -- Percent; null: as the settings say.
      confirm_share smallint,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  `,
  down: 'drop table retention_policies',
});
