import { sqlMigration } from './sql-migration.ts';

export const CountListed = sqlMigration(1763715600044, 'CountListed', {
  up: `
    -- How many manifests of the repository lists show, so that nobody counts a hundred thousand for a page: this many and
    -- what listed_changes still holds, in one snapshot exactly. Pushes to one repository do not wait for each other.
    alter table repositories add column listed_count bigint not null default 0;
    create table listed_changes (
      repository_id bigint not null,
      listed int not null
    );
    create index listed_changes_repository on listed_changes (repository_id);
    update repositories set listed_count = held.listed
      from (select repository_id, count(*) as listed from manifests where is_listed group by 1) held where held.repository_id = id;

    create function count_listed() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' then
        insert into listed_changes (repository_id, listed) values (new.repository_id, case when new.is_listed then 1 else -1 end);
      elsif tg_op = 'INSERT' then
        insert into listed_changes (repository_id, listed)
          select repository_id, count(*) from changed where is_listed group by 1;
      else
        -- Nothing is kept of repositories that went with their manifests.
        insert into listed_changes (repository_id, listed)
          select c.repository_id, -count(*) from changed c join repositories r on r.id = c.repository_id where c.is_listed group by 1;
      end if;
      return null;
    end $$;
    create trigger manifests_listed_more after insert on manifests referencing new table as changed
      for each statement execute function count_listed();
    create trigger manifests_listed_less after delete on manifests referencing old table as changed
      for each statement execute function count_listed();
    create trigger manifests_relisted after update of is_listed on manifests
      for each row when (new.is_listed <> old.is_listed) execute function count_listed();
    create function forget_listed() returns trigger language plpgsql as $$
    begin
      delete from listed_changes where repository_id = old.id;
      return null;
    end $$;
    create trigger repositories_unlisted after delete on repositories for each row execute function forget_listed();

    -- Moves what was counted into the repository. The caller holds its row.
    create function fold_listed(repository bigint) returns void language sql as $$
      with taken as (delete from listed_changes where repository_id = repository returning listed),
        held as (select sum(listed) as listed from taken)
      update repositories set listed_count = listed_count + held.listed from held where id = repository and held.listed is not null
    $$;
    create or replace function settle_repository(repository bigint) returns void language plpgsql as $$
    declare
      changed record;
    begin
      -- Nothing waits for the disk: should the server crash now, the change rows are there again with the old counters.
      perform set_config('synchronous_commit', 'off', true);
      perform from repositories where id = repository for no key update;
      if not found then return; end if;
      perform fold_listed(repository);
      with taken as (
        delete from repository_changes where repository_id = repository
        returning artifacts, tags, changed_at, manifest_id, untagged
      )
      select sum(artifacts) as artifacts, sum(tags) as tags, max(changed_at) as last,
        array_agg(manifest_id) as pushed, array(select unnest(untagged) from taken) as untagged
      into changed from taken;
      if changed.last is null then return; end if;
      update repositories set artifact_count = artifact_count + changed.artifacts, tag_count = tag_count + changed.tags,
        last_pushed_at = greatest(last_pushed_at, changed.last), updated_at = greatest(updated_at, changed.last)
      where id = repository;
      perform relist_manifests(array(
        select unnest(changed.pushed)
        union select id from manifests where repository_id = repository and digest = any(changed.untagged)
        union select part.id from manifest_children c join manifests part on part.repository_id = repository and part.digest = c.child_digest
          where c.manifest_id = any(changed.pushed)
        union select a.id from manifests s join manifests a on a.repository_id = repository and a.accessory_of = s.digest
          where s.id = any(changed.pushed)));
    end $$;

    -- Lists of whole projects leave out what is on its way to the trash without reading rows.
    drop index manifests_listed_project;
    create index manifests_listed_project on manifests (project_id, push_time desc, id desc) include (repository_id) where is_listed;
  `,
  down: `
    drop index manifests_listed_project;
    create index manifests_listed_project on manifests (project_id, push_time desc, id desc) where is_listed;
    drop trigger repositories_unlisted on repositories; drop function forget_listed();
    drop trigger manifests_relisted on manifests; drop trigger manifests_listed_less on manifests; drop trigger manifests_listed_more on manifests;
    drop function count_listed(); drop table listed_changes;
    create or replace function fold_listed(repository bigint) returns void language sql as 'select';
    alter table repositories drop column listed_count;
  `,
});
