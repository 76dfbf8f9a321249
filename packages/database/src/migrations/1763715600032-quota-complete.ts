import { sqlMigration } from './sql-migration.ts';

export const QuotaComplete = sqlMigration(1763715600032, 'QuotaComplete', {
  up: `
    alter table quotas
      -- How many artifacts; -1: unlimited.
      add column hard_artifacts bigint not null default -1,
      add column used_artifacts bigint not null default 0,
      -- From here on pushes are warned; -1: never, null: at the share of hard_bytes that the settings say.
      add column soft_bytes bigint,
      -- Since when usage is above the soft limit; null below it.
      add column warned_at timestamptz,
      -- When a refusal was last told of.
      add column exceeded_at timestamptz;
    alter table quota_ledger add column artifacts int not null default 0;
    update quotas set used_artifacts = (select count(*) from manifests m where m.project_id = quotas.project_id);

    -- Whatever stores or removes manifests, by whichever way, is counted here; no statement has to think of it.
    create function count_artifacts() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into quota_ledger (project_id, bytes, artifacts)
          select project_id, 0, count(*) from changed group by project_id;
      else
        -- A deleted project takes its account along, and its manifests go after it.
        insert into quota_ledger (project_id, bytes, artifacts)
          select project_id, 0, -count(*) from changed
          where exists (select from quotas q where q.project_id = changed.project_id) group by project_id;
      end if;
      return null;
    end $$;
    create trigger manifests_counted after insert on manifests referencing new table as changed
      for each statement execute function count_artifacts();
    create trigger manifests_discounted after delete on manifests referencing old table as changed
      for each statement execute function count_artifacts();

    -- Usage at the end of each day (UTC), of today as of the last look.
    create table quota_days (
      project_id int not null references projects on delete cascade,
      day date not null,
      bytes bigint not null,
      artifacts bigint not null,
      primary key (project_id, day)
    );
  `,
  down: `
    drop table quota_days;
    drop trigger manifests_discounted on manifests; drop trigger manifests_counted on manifests; drop function count_artifacts();
    alter table quota_ledger drop column artifacts;
    alter table quotas drop column exceeded_at, drop column warned_at, drop column soft_bytes, drop column used_artifacts,
      drop column hard_artifacts;
  `,
});
